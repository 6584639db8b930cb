"""Folders and one rename: a release is whole before a reader sees it, or never seen.

`build` is a link to the live release in `.releases/` beside it. This module
knows nothing of Flask.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

KEPT = 3


class ReleaseError(Exception):
    """A release can't begin or go live; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Release:
    """A folder of `.releases/`; `id` is its name: the UTC time at which it began."""

    id: str
    path: Path


class Releases:
    """The releases of one site: those in `.releases/`, and the link that readers follow."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self.folder = link.parent / ".releases"

    @contextmanager
    def begun(self) -> Iterator[Release]:
        """A new, empty release. Left by an exception, or not made live, it is thrown away.

        Raises ReleaseError where something foreign is in the way, or another
        freeze runs. The lock goes with its process: a dead one never blocks.
        """
        self._refuse_foreign()
        self.folder.mkdir(exist_ok=True)
        with self._locked():
            self._clear_leftovers()
            release = self._new()
            release.path.mkdir()
            try:
                yield release
            finally:
                if self.live != release.path.resolve():
                    shutil.rmtree(release.path, ignore_errors=True)
            self._prune()

    @property
    def live(self) -> Path | None:
        """The folder of the release that readers see."""
        return self.link.resolve() if self.link.is_symlink() else None

    def make_live(self, release: Release) -> None:
        """Flush the release to the disk, then swap the link in one rename."""
        os.sync()
        beside = self.link.with_name(f".{self.link.name}.next")
        beside.unlink(missing_ok=True)
        beside.symlink_to(os.path.relpath(release.path, self.link.parent), target_is_directory=True)
        beside.replace(self.link)
        _flush(self.link.parent)

    def _refuse_foreign(self) -> None:
        if self.link.is_symlink():
            if self.link.resolve().parent != self.folder.resolve():
                raise ReleaseError(f"{self.link} is a link to {self.link.readlink()}, not to a release. Move it away.")
        elif self.link.exists():
            raise ReleaseError(f"{self.link} is there, and not a link to a release. Move it away, or set `output`.")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ReleaseError("another freeze of this site runs. Wait for it to end.") from None
            yield

    def _new(self) -> Release:
        began = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
        return Release(began, self.folder / began)

    def _all(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if path.is_dir())

    def _clear_leftovers(self) -> None:
        """What a killed freeze left: anything newer than the live release was never live."""
        live = self.live
        for path in self._all():
            if live is None or path.name > live.name:
                shutil.rmtree(path, ignore_errors=True)

    def _prune(self) -> None:
        for path in [path for path in self._all() if path.resolve() != self.live][: -(KEPT - 1)]:
            shutil.rmtree(path, ignore_errors=True)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
