"""Files are written whole and at once, several of them all or none; a new one never in the place of another."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path


def write_all(changes: Mapping[Path, bytes]) -> None:
    """Write these files, each whole and at once; where one can't be, or it is interrupted, all are as they were.

    Raises OSError. All are written beside their places first: after that nothing is missing but a rename of each.
    """
    before = {path: path.read_bytes() for path in changes}
    with ExitStack() as leftovers:
        written = [_beside(path, content, leftovers) for path, content in changes.items()]
        try:
            for name, place in written:
                os.replace(name, place)
        except BaseException:
            for path, content in before.items():
                with suppress(OSError):  # What can't be put back keeps no other from it.
                    _put_back(path, content)
            raise


def _beside(path: Path, content: bytes, leftovers: ExitStack) -> tuple[str, Path]:
    """A file with this content and the rights of that one, and the place to move it to: a link keeps leading there."""
    place = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    leftovers.callback(_remove, name)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    shutil.copymode(place, name)
    return name, place


def _put_back(path: Path, content: bytes) -> None:
    if path.read_bytes() != content:
        with ExitStack() as leftovers:
            os.replace(*_beside(path, content, leftovers))


def _remove(name: str) -> None:
    with suppress(OSError):
        os.unlink(name)


def create(path: Path, content: bytes) -> None:
    """Write a file that is not there. Raises FileExistsError, OSError; then nothing is there that was not before."""
    missing = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _gone_if_it_fails(path), path.open("xb") as file:
            file.write(content)
    except BaseException:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def _gone_if_it_fails(path: Path) -> Iterator[None]:
    was_there = os.path.lexists(path)
    try:
        yield
    except BaseException:
        if not was_there:
            with suppress(OSError):
                path.unlink()
        raise
