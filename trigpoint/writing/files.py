"""Files are written whole and at once, several of them all or none; a new one never in the place of another."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from trigpoint.writing.interrupts import interrupts_deferred

FRESH, OLD = ".fresh", ".old"
PREPARED = re.compile(r"(?P<start>\..+\.(?P<process>\d+))" + re.escape(FRESH))
"""The name of a content that a process has prepared beside its file."""


class RestoreError(Exception):
    """What was begun could not be done, nor all of it undone. `lost`: the files that are not as they were, each with
    the one beside it that holds its old text.
    """

    def __init__(self, reason: BaseException, lost: Mapping[Path, Path]) -> None:
        super().__init__(reason, lost)
        self.reason, self.lost = reason, lost


@dataclass(frozen=True, slots=True)
class _Change:
    """A file that gets another content. Until then `fresh` holds it beside the `place`, and `old` the one of before."""

    place: Path
    fresh: Path
    old: Path


def write_all(changes: Mapping[Path, bytes], move: tuple[Path, Path] | None = None) -> None:
    """Write these files, each whole and at once; then move a file or folder to where there is nothing.

    Raises OSError; then, and where it is interrupted, all is as it was. Raises RestoreError where some is not.
    """
    with interrupts_deferred() as interrupts:
        _write_all(changes, move, interrupts.check)


def put_back(contents: Mapping[Path, bytes]) -> None:
    """Write these files as they were before, whatever interrupts it. Raises OSError, RestoreError as `write_all`."""
    with interrupts_deferred():
        _write_all(contents, None, lambda: None)


def _write_all(changes: Mapping[Path, bytes], move: tuple[Path, Path] | None, check: Callable[[], None]) -> None:
    """All is written beside the files first, their old contents too: there and back is a rename of each then."""
    with _leftovers() as beside:
        prepared = []
        for path, content in changes.items():
            check()
            prepared.append(_prepared(path, content, beside))
        try:
            for each in prepared:
                check()
                os.replace(each.fresh, each.place)
            check()
            if move:
                os.rename(*move)
                beside.update(_moved(beside, *move))
        except BaseException as reason:
            if lost := dict(_not_put_back(prepared)):
                beside.difference_update(lost.values())
                raise RestoreError(reason, lost) from reason
            raise


@contextmanager
def _leftovers() -> Iterator[set[Path]]:
    """Files that are removed in the end, where they are still there."""
    files: set[Path] = set()
    try:
        yield files
    finally:
        for path in files:
            with suppress(OSError):
                path.unlink()


def _moved(files: Iterable[Path], source: Path, target: Path) -> list[Path]:
    """Where those of these files are that lay in what was moved."""
    folder = source.parent.resolve() / source.name
    return [target / path.relative_to(folder) for path in files if path.is_relative_to(folder)]


def _prepared(path: Path, content: bytes, beside: set[Path]) -> _Change:
    """The new and the old content beside the file: a link keeps leading to where it led."""
    place = path.resolve()
    fresh = _beside(place, content, FRESH, beside)
    return _Change(place, fresh, _beside(place, place.read_bytes(), OLD, beside))


def _beside(place: Path, content: bytes, ending: str, beside: set[Path]) -> Path:
    """A file with this content and the rights of that one. Raises OSError, which names that one."""
    path = place.with_name(f".{place.name}.{os.getpid()}{ending}")
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    except OSError as error:  # Nobody knows a file of that name.
        raise OSError(error.errno, error.strerror, str(place)) from error
    beside.add(path)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    shutil.copymode(place, path)
    return path


def remove_leftovers(folder: Path) -> None:
    """Remove what a process that was killed has prepared below this folder and not put in its place.

    An old content whose file has the new one already stays: nothing else may have it.
    """
    for fresh in folder.rglob(f".*{FRESH}"):
        named = PREPARED.fullmatch(fresh.name)
        if named and not _is_running(int(named["process"])):
            for path in (fresh.with_name(f"{named['start']}{OLD}"), fresh):
                with suppress(OSError):
                    path.unlink()


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # Another's.
        return True
    return True


def _not_put_back(changes: Iterable[_Change]) -> Iterator[tuple[Path, Path]]:
    """Put the old contents back; gives each file with which that can't be done, and where its old content is."""
    for each in changes:
        if each.fresh.exists():  # It was not reached.
            continue
        try:
            os.replace(each.old, each.place)
        except OSError:
            yield each.place, each.old


def create(path: Path, content: bytes) -> None:
    """Write a file that is not there. Raises FileExistsError, OSError; then nothing is there that was not before."""
    missing = [folder for folder in path.parents if not folder.exists()]
    with interrupts_deferred() as interrupts:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with _gone_if_it_fails(path), path.open("xb") as file:
                file.write(content)
                interrupts.check()
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
