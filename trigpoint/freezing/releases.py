"""Folders and one rename: a release is whole before a reader sees it, or never seen.

`build` is a link to the live release in `.releases/` beside it; beside each
release lie its summary and its ledger, which no reader sees. This module knows
nothing of Flask.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from trigpoint.freezing.ledger import Record
from trigpoint.freezing.release import FORM_OF_ID, Release, ReleaseError, is_release_id, remove
from trigpoint.settings import Settings

RECYCLED = "recycled"
"""The folder of the release that went last. The next one begins with it: most of its files are those of the live one,
and neither linking ten thousand files nor removing them is to be waited for."""


class Releases:
    """The releases of one site: those in `.releases/`, and the link that readers follow."""

    def __init__(self, link: Path, kept: int = 3) -> None:
        self.link, self._kept = link, kept
        self.folder = link.parent / ".releases"
        self._lock: int | None = None

    @classmethod
    def of(cls, settings: Settings) -> Releases:
        """Those of the site with these settings: where they lie, and how many are kept."""
        return cls(settings.output_link, settings.releases)

    @property
    def live(self) -> Release | None:
        """The release that readers see."""
        if not self.link.is_symlink():
            return None
        found = Release(self.link.resolve())
        return found if found.path.parent == self.folder.resolve() and found.path.is_dir() else None

    @property
    def newest(self) -> Release | None:
        """The live release; where there is none, as on a machine that was given `.releases/` alone, the last one."""
        return self.live or next((release for release in reversed(self.all()) if release.is_described), None)

    def all(self) -> tuple[Release, ...]:
        """Every release, the oldest first."""
        if not self.folder.is_dir():
            return ()
        folders = (path for path in sorted(self.folder.iterdir()) if path.is_dir() and not path.is_symlink())
        return tuple(Release(path.resolve()) for path in folders if is_release_id(path.name))

    @contextmanager
    def new_release(self, records: Iterable[Record] = (), older: Release | None = None) -> Iterator[Release]:
        """A new release that holds these files of an older one; thrown away if it is left without being made live."""
        release = Release((self.folder / self._next_id()).resolve())
        records = tuple(records)
        try:
            self._begin(release, records, older or release)
            yield release
        finally:
            if self.live != release:
                release.delete()
        with suppress(OSError):  # It is live; what can't be cleared now, the next freeze clears.
            self._prune()

    def _begin(self, release: Release, records: tuple[Record, ...], older: Release) -> None:
        """With the recycled folder; where something foreign lies there that is in the way, with an empty one."""
        recycled = self.folder / RECYCLED
        try:
            if not recycled.is_dir() or recycled.is_symlink():
                raise NotADirectoryError
            recycled.rename(release.path)
            _drop_empty(release.path)
            release.take(records, older)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            for foreign in (recycled, release.path):
                remove(foreign)
            release.path.mkdir()
            release.take(records, older)

    def _next_id(self) -> str:
        """The time, or the moment after the newest release where the clock was set back: ids are in order."""
        known = self.all()
        after = known[-1].began + dt.datetime.resolution if known else dt.datetime.min.replace(tzinfo=dt.UTC)
        return max(dt.datetime.now(dt.UTC), after).strftime(FORM_OF_ID)

    def make_live(self, release: Release) -> None:
        """Flush the release to the disk, then swap the link in one rename. Raises ReleaseError, OSError."""
        assert self._lock is not None, "It is made live alone."
        if not os.fstat(self._lock).st_nlink:  # Then what the release held went with it.
            raise ReleaseError(f"{self.folder} was deleted while it was in use. Try again.")
        os.sync()
        self._next_link.unlink(missing_ok=True)
        self._next_link.symlink_to(os.path.relpath(release.path, self.link.parent.resolve()), target_is_directory=True)
        self._next_link.replace(self.link)
        with suppress(OSError):  # It is done: whichever link a power cut leaves, it leads to a whole release.
            _flush(self.link.parent)

    def roll_back(self, release_id: str | None) -> Release:
        """An earlier release, made live: the one of that id, or the one before. Raises ReleaseError, OSError."""
        with self.alone():
            live, known = self.live, self.all()
            earlier = [each for each in known if live and each.id < live.id]
            wanted = [each for each in known if each.id == release_id] if release_id else earlier[-1:]
            if not wanted:
                there = ", ".join(each.id for each in known) or "none"
                raise ReleaseError(f"There is no {'such' if release_id else 'earlier'} release. Kept are: {there}.")
            if damage := wanted[0].damage:
                cure = "Choose another of `flask releases`, or make a new one with `flask freeze`."
                raise ReleaseError(f"Release {wanted[0].id} stays where it is: {damage}. {cure}")
            self.make_live(wanted[0])
            return wanted[0]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock of this site's releases. It goes with its process: a dead one never blocks.

        Raises ReleaseError where another process holds it, or something foreign is in the way.
        """
        self._refuse_foreign()
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise ReleaseError(
                    f"another freeze of this site runs (pid {lock.read().strip()}). Wait for it."
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            self._lock = lock.fileno()
            self._clear_leftovers()
            self._prune()  # A freeze that was killed after its swap had no time to.
            yield

    def _refuse_foreign(self) -> None:
        if self.link.is_symlink():
            if self.link.resolve().parent != self.folder.resolve():
                raise ReleaseError(f"{self.link} is a link to {self.link.readlink()}, not to a release. Move it away.")
        elif self.link.exists():
            raise ReleaseError(f"{self.link} is there, and not a link to a release. Move it away, or set `output`.")
        if other := self._other_link():
            raise ReleaseError(
                f"{other} leads to a release in {self.folder}, and these are the releases of one link. "
                "Set `output` to a path in a folder of its own, or remove that link."
            )
        if os.path.lexists(self.folder) and not self.folder.is_dir():
            raise ReleaseError(f"{self.folder} is no folder, and the releases lie there. Move it away.")
        if (self.folder / "lock").is_dir():
            raise ReleaseError(f"{self.folder / 'lock'} is a folder, and a file is wanted. Move it away.")

    def _other_link(self) -> Path | None:
        """A link beside that has its release here: of another site, or of the same one with another `output`."""
        beside = self.link.parent
        links = [path for path in beside.iterdir() if path.is_symlink()] if self.folder.is_dir() else []
        own = (self.link.name, self._next_link.name)
        others = (path for path in links if path.name not in own and beside / path.readlink().parent == self.folder)
        return min(others, default=None)

    @property
    def _next_link(self) -> Path:
        """What takes the place of the link in one rename."""
        return self.link.with_name(f".{self.link.name}.next")

    def _clear_leftovers(self) -> None:
        """What a killed freeze left: a release that was never described was never live."""
        for release in self.all():
            if release != self.live and not release.is_described:
                release.delete()
        self._next_link.unlink(missing_ok=True)

    def _prune(self) -> None:
        older = [release for release in self.all() if release != self.live]
        for release in older[: max(0, len(older) - self._kept + 1)]:
            release.forget()
            if os.path.lexists(self.folder / RECYCLED):
                release.delete()
            else:
                release.path.rename(self.folder / RECYCLED)


def _drop_empty(folder: Path) -> None:
    """No freeze leaves an empty folder; where one stands, a file may be wanted."""
    for each, _, files in os.walk(folder, topdown=False):
        if not files and each != str(folder):
            with suppress(OSError):
                os.rmdir(each)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
