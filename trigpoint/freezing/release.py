"""One release: the folder of a whole frozen site; beside it its summary and its ledger, which no reader sees."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from hashlib import blake2b
from pathlib import Path

from trigpoint.freezing.ledger import NONE, Ledger, Record, read_ledger, text_of_ledger
from trigpoint.inventory import Mark, content_digest, mark_of
from trigpoint.notes import Digest


class ReleaseError(Exception):
    """A release can't begin or go live; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known of a release without reading it.

    `digest` stands for all that it holds, and is the same wherever the same
    sources were frozen. `inputs` stands for the state of everything that was
    read, `outputs` for that of the release's files; `since` and `until` are the
    moments (RFC 3339, or "") before and from which the same inputs may give
    another site. Size in bytes.
    """

    commit: str = ""
    files: int = 0
    size: int = 0
    digest: Digest = NONE
    inputs: Digest = NONE
    since: str = ""
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
        """Write down what it was made from, and what it is: of a release that is live, too. Raises OSError, and then
        what was written of it stays."""
        _write(self.path.with_suffix(".ledger"), text_of_ledger(ledger))
        _write(self.path.with_suffix(".json"), json.dumps(asdict(summary), indent=1))

    def delete(self) -> None:
        """Remove it with all that was written of it."""
        remove(self.path)
        self.forget()

    def forget(self) -> None:
        """Remove what was written of it."""
        for path in map(self.path.with_suffix, (".ledger", ".json")):
            for each in (path, _beside(path)):
                with suppress(OSError):
                    each.unlink()

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
        for folder in sorted(_folders(missing)):  # Each after the one that it is in.
            with suppress(FileExistsError):
                os.mkdir(f"{self.path}/{folder}")
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


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.next")


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all: a full disk, or a power cut, leaves the one that was there."""
    beside = _beside(path)
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise


def _folders(paths: Iterable[str]) -> set[str]:
    """All folders that these files are in, however deep."""
    found: set[str] = set()
    for path in paths:
        while (path := path.rpartition("/")[0]) and path not in found:
            found.add(path)
    return found


FORM_OF_ID = "%Y%m%dT%H%M%S%f"
ID = re.compile(r"\d{8}T\d{12}")


def is_release_id(name: str) -> bool:
    try:
        return bool(ID.fullmatch(name) and Release(Path(name)).began)
    except ValueError:
        return False


def remove(path: Path) -> None:
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
