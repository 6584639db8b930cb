"""Files are written whole and at once, several of them all or none; a new one never in the place of another."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


def write_all(changes: Mapping[Path, bytes]) -> None:
    """Write these files, each whole and at once; where one can't be, all are as they were. Raises OSError."""
    done: dict[Path, bytes] = {}
    try:
        for path, content in changes.items():
            before = path.read_bytes()
            _replace(path, content)
            done[path] = before
    except OSError:
        for path, before in done.items():
            _replace(path, before)
        raise


def _replace(path: Path, content: bytes) -> None:
    """Put this content in the place of a file, which keeps its rights; a link keeps leading to it."""
    place = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(place, name)
        os.replace(name, place)
    finally:
        with suppress(OSError):
            os.unlink(name)


def create(path: Path, content: bytes) -> None:
    """Write a file that is not there. Raises FileExistsError, OSError; then nothing is there that was not before."""
    missing = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _gone_if_it_fails(path), path.open("xb") as file:
            file.write(content)
    except OSError:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def _gone_if_it_fails(path: Path) -> Iterator[None]:
    was_there = os.path.lexists(path)
    try:
        yield
    except OSError:
        if not was_there:
            with suppress(OSError):
                path.unlink()
        raise
