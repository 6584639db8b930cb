"""A file is read whole or not at all, whoever writes it meanwhile."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from trigpoint.file_reading import UnsettledError, content_digest, stamp_in, steady
from trigpoint.notes import digest_of_bytes


def test_a_file_that_is_written_again_and_again_is_never_read_half(tmp_path: Path) -> None:
    path, ended = tmp_path / "a.md", threading.Event()
    halves = [letter * 5_000 for letter in (b"a", b"b")]
    path.write_bytes(halves[0] * 2)

    def write() -> None:
        """As an editor does it: truncate, write the first half, and after a pause the second."""
        while not ended.is_set():
            for half in halves:
                with path.open("wb", buffering=0) as file:
                    file.write(half)
                    time.sleep(0.02)
                    file.write(half)
                time.sleep(0.12)

    writer = threading.Thread(target=write)
    writer.start()
    found = set()
    try:
        for _ in range(20):
            try:
                found.add(steady(str(path)))
            except UnsettledError:
                continue
    finally:
        ended.set()
        writer.join()
    assert found <= {half * 2 for half in halves}


def test_a_file_that_is_not_the_one_that_was_looked_at_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"whole")
    looked = stamp_in(os.stat(path))
    assert steady(str(path), looked) == b"whole"
    assert content_digest(str(path), looked) == digest_of_bytes(b"whole")
    path.write_bytes(b"who")
    for read in (steady, content_digest):
        with pytest.raises(UnsettledError, match=r"is being written: .*a\.md"):
            read(str(path), looked)


def test_a_file_with_a_time_to_come_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"words")
    os.utime(path, (2**32, 2**32))
    assert steady(str(path)) == b"words"
