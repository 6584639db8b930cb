"""Folders and one rename: a release is whole before a reader sees it, or never seen.

`build` is a link to the live release in `.releases/` beside it; beside each
release lie its summary and its ledger, which no reader sees. This module knows
nothing of Flask.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from hashlib import blake2b
from pathlib import Path

from trigpoint.freezing.ledger import NONE, Ledger, Record, read_ledger, write_ledger
from trigpoint.inventory import Mark, content_digest, mark_of
from trigpoint.notes import Digest
from trigpoint.settings import Settings


class ReleaseError(Exception):
    """A release can't begin or go live; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known of a release without reading it.

    `digest` stands for all that it holds, and is the same wherever the same
    sources were frozen. `inputs` stands for the state of everything that was
    read, `outputs` for that of the release's files; `until` is the moment
    (RFC 3339, or "") after which the same inputs give another site. Size in bytes.
    """

    commit: str = ""
    files: int = 0
    size: int = 0
    digest: Digest = NONE
    inputs: Digest = NONE
    until: str = ""
    outputs: Digest = NONE


@dataclass(frozen=True, slots=True)
class Release:
    """A folder of `.releases/`; `id` is its name: the UTC time at which it began."""

    path: Path

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def began(self) -> dt.datetime:
        return dt.datetime.strptime(self.id, FORM_OF_ID).replace(tzinfo=dt.UTC)

    @property
    def ledger(self) -> Ledger:
        """What it was made from; empty where that is not known."""
        return read_ledger(self.path.with_suffix(".ledger")) or Ledger()

    @property
    def summary(self) -> Summary:
        """What was written of it when it went live; empty where nothing was."""
        try:
            found = Summary(**json.loads(self.path.with_suffix(".json").read_bytes()))
        except (OSError, ValueError, TypeError, RecursionError):
            return Summary()
        is_sound = all(type(getattr(found, each.name)) is type(each.default) for each in fields(Summary))
        return found if is_sound else Summary()

    @property
    def damage(self) -> str:
        """What of it is not as it was written, as a clause; "" where all is.

        Where the ledger can't be read, the marks of its files must be those that the summary knows.
        """
        ledger = read_ledger(self.path.with_suffix(".ledger"))
        if ledger is None:
            is_same = self.summary.outputs == outputs_of(self.path)
            return "" if is_same else f"its {self.id}.ledger is missing or damaged, and its files have changed"
        for record in (*ledger.records.values(), *ledger.compressed_files.values()):
            try:
                is_same = content_digest(f"{self.path}/{record.path}") == record.digest
            except OSError:
                return f'its file "{record.path}" is missing'
            if not is_same:
                return f'its file "{record.path}" is not the one that was written'
        return ""

    @property
    def is_described(self) -> bool:
        """Whether it was written down what it is: the last thing that happens to it before it goes live."""
        return self.path.with_suffix(".json").exists()

    def describe(self, ledger: Ledger, summary: Summary) -> None:
        """Write down what it was made from, and what it is."""
        write_ledger(ledger, self.path.with_suffix(".ledger"))
        text = json.dumps(asdict(summary), indent=1)
        self.path.with_suffix(".json").write_text(text, encoding="utf-8")

    def delete(self) -> None:
        """Remove it with all that was written of it."""
        _remove(self.path)
        self.forget()

    def forget(self) -> None:
        """Remove what was written of it."""
        for ending in (".ledger", ".json"):
            with suppress(OSError):
                self.path.with_suffix(ending).unlink()

    def take(self, records: Iterable[Record], older: Release) -> None:
        """Hold these files of an older release and nothing else: as hard links, or as copies where that can't be had.

        What is here already, and is the same file there, stays untouched.
        """
        here, there = _inodes(self.path), _inodes(older.path)
        wanted = dict.fromkeys(record.path for record in records)
        for path in here:
            if path not in wanted or here[path] != there.get(path):
                self._drop(path)
        missing = [path for path in wanted if here.get(path) != there.get(path)]
        for folder in dict.fromkeys(map(os.path.dirname, missing)):
            os.makedirs(f"{self.path}/{folder}", exist_ok=True)
        for path in missing:
            self._link(path, older)

    def _drop(self, path: str) -> None:
        os.unlink(f"{self.path}/{path}")
        with suppress(OSError):  # Folders go with the last file in them.
            while path := path.rpartition("/")[0]:
                os.rmdir(f"{self.path}/{path}")

    def _link(self, path: str, older: Release) -> None:
        target = f"{self.path}/{path}"
        try:
            os.link(f"{older.path}/{path}", target)
        except FileExistsError:  # A folder that could not be removed: a copy would go into it.
            raise
        except OSError:
            shutil.copy2(f"{older.path}/{path}", target)


FORM_OF_ID = "%Y%m%dT%H%M%S%f"
ID = re.compile(r"\d{8}T\d{12}")

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
        return tuple(Release(path.resolve()) for path in folders if _is_id(path.name))

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
                _remove(foreign)
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
        beside = self.link.with_name(f".{self.link.name}.next")
        beside.unlink(missing_ok=True)
        beside.symlink_to(os.path.relpath(release.path, self.link.parent.resolve()), target_is_directory=True)
        beside.replace(self.link)
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
        if os.path.lexists(self.folder) and not self.folder.is_dir():
            raise ReleaseError(f"{self.folder} is no folder, and the releases lie there. Move it away.")
        if (self.folder / "lock").is_dir():
            raise ReleaseError(f"{self.folder / 'lock'} is a folder, and a file is wanted. Move it away.")

    def _clear_leftovers(self) -> None:
        """What a killed freeze left: a release that was never described was never live."""
        for release in self.all():
            if release != self.live and not release.is_described:
                release.delete()
        self.link.with_name(f".{self.link.name}.next").unlink(missing_ok=True)

    def _prune(self) -> None:
        older = [release for release in self.all() if release != self.live]
        for release in older[: max(0, len(older) - self._kept + 1)]:
            release.forget()
            if os.path.lexists(self.folder / RECYCLED):
                release.delete()
            else:
                release.path.rename(self.folder / RECYCLED)


def _is_id(name: str) -> bool:
    try:
        return bool(ID.fullmatch(name) and Release(Path(name)).began)
    except ValueError:
        return False


def _drop_empty(folder: Path) -> None:
    """No freeze leaves an empty folder; where one stands, a file may be wanted."""
    for each, _, files in os.walk(folder, topdown=False):
        if not files and each != str(folder):
            with suppress(OSError):
                os.rmdir(each)


def _remove(path: Path) -> None:
    """A folder with all that is in it, or what lies in its place; a link goes, and not what it leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def outputs_of(folder: Path) -> Digest:
    """The digest of the state of the files in a release's folder, without reading them."""
    return digest_of_marks((path, mark_of(entry.path)) for path, entry in _files(os.fspath(folder)))


def digest_of_marks(marks: Iterable[tuple[str, Mark]]) -> Digest:
    """The digest of the state of a release's files: their paths and marks."""
    digest = blake2b(digest_size=16)
    for path, mark in sorted(marks):
        digest.update(f"{path}\0{mark}\0".encode())
    return Digest(digest.hexdigest())


def _files(root: str, folder: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Each file with its path below the root. Its inode is known without a look at it."""
    with os.scandir(os.path.join(root, folder)) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(root, f"{folder}{entry.name}/")
            else:
                yield folder + entry.name, entry


def _inodes(folder: Path) -> dict[str, int]:
    """The inode of each file in a folder, by its path there."""
    return {path: entry.inode() for path, entry in _files(os.fspath(folder))}


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
