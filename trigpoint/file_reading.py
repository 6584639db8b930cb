"""One file, read whole: never half-written, and never a pipe or a device that one would wait for.

A file is at rest when it was not touched for SETTLING seconds. What is read of it counts only where its stamp was the
same before and after: a writer may truncate it in between. A failure to read is an OSError, and no answer: nobody may
remember it as "there is none".
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import BinaryIO

from trigpoint.notes import Digest

Stamp = tuple[int, int, int, int]
"""Size, times of modification and of change (ns), inode: a write, a rename or a `touch -d` changes one of them.

The time of change (ctime) is what shows an edit that keeps size and modification time.
"""

LFS = b"version https://git-lfs.github.com/spec/"
"""How a file begins that stands for one which Git LFS has not fetched."""

SETTLING = 0.1
"""Seconds for which a file must be at rest: half-written files are not read."""

TRIES = 10
"""How often a file is read that is written again and again."""


class UnsettledError(OSError):
    """The file is not what it was a moment ago: it is being written, or was moved away. To be tried again."""


def unsettled(filename: str, why: str = "This is being written") -> UnsettledError:
    """The error of this file."""
    return UnsettledError(errno.EBUSY, why, filename)


def stamp_in(status: os.stat_result) -> Stamp:
    """The stamp that this status holds."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def settled(stamp: Stamp, now_ns: int, seconds: float) -> bool:
    """Whether a file has been at rest long enough to be read whole. `now_ns` is of the system's clock."""
    age = now_ns - stamp[2]
    return age < 0 or age >= seconds * 1e9


def steady(filename: str, stamp: Stamp | None = None, limit: int = -1) -> bytes:
    """The bytes of a file, at most `limit` of them.

    With the `stamp` of an earlier look, of that file and no other; without, of the file once it is at rest. Raises
    UnsettledError, other kinds of OSError.
    """
    for _ in range(TRIES):
        with opened(filename) as file, unchanged(file, filename, stamp) as found:
            if stamp or settled(found, time.time_ns(), SETTLING):
                content = file.read(limit)
                if stamp_in(os.fstat(file.fileno())) == found:
                    return content
        time.sleep(SETTLING)
    raise unsettled(filename)


def content_digest(filename: str, stamp: Stamp | None = None) -> Digest:
    """The digest of a file of any size, read piece by piece. With a `stamp`, of that file. Raises OSError."""
    sum_of_all = blake2b(digest_size=16)
    with opened(filename) as file, unchanged(file, filename, stamp):
        while piece := file.read(1 << 20):
            sum_of_all.update(piece)
    return Digest(sum_of_all.hexdigest())


@contextmanager
def unchanged(file: BinaryIO, filename: str, stamp: Stamp | None) -> Iterator[Stamp]:
    """Gives the stamp of an open file. Raises UnsettledError where a `stamp` is given, and was or becomes another."""
    found = stamp_in(os.fstat(file.fileno()))
    if stamp and found != stamp:
        raise unsettled(filename)
    yield found
    if stamp and stamp_in(os.fstat(file.fileno())) != stamp:
        raise unsettled(filename)


def wait_for_rest(filename: str) -> None:
    """Give a writer a moment to end: for who hands a file on as it lies. Raises OSError."""
    for _ in range(3):
        if settled(stamp_in(os.stat(filename)), time.time_ns(), SETTLING):
            return
        time.sleep(SETTLING)


@contextmanager
def opened(filename: str) -> Iterator[BinaryIO]:
    """A plain file, open for reading. Raises OSError, FileNotFoundError for what is none."""
    with open(filename, "rb", opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FileNotFoundError(errno.ENOENT, "This is no plain file", filename)
        yield file


def _without_waiting(filename: str, flags: int) -> int:
    return os.open(filename, flags | os.O_NONBLOCK)
