"""A content-addressed cache on disk: values by the digest of what they were computed from.

Safe to delete at any moment (what is lost with STATE is in decision 0019), safe with two processes at once (a file is
complete before it has its name), safe when killed, and bounded. An entry that
can't be read, or isn't what was asked for, is a miss: no error of the cache
reaches its callers.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_ident
from typing import Any

from trigpoint.file_reading import Stamp, stamp_in
from trigpoint.notes import Digest, digest_of_bytes

BYTES, A_PAGE = 512_000_000, 256_000
"""What the cache may hold: so much, or so much for each page, which is twice what one takes. It is pruned to three
quarters of that, the least recently written first."""

PAUSE = 3600
"""Seconds after which it is pruned again: to count what is there takes as long as the rest of a small freeze."""

LONGEST = 60.0
"""Seconds that one process waits for what another is making."""

STATE = ("owners",)
"""Kinds that were computed from what is gone, of which there are one or two entries: neither pruned nor forgotten."""

SEAL = 32
"""Each entry begins with the digest of the rest."""

ENTRY = re.compile(r"[0-9a-f]{30}(?:\.[\d.]+\.tmp)?")
"""The names of entries, and of what a killed process was writing. Nothing else is ever deleted."""


def room_for(pages: int) -> int:
    """How many bytes the cache of a site of so many pages may hold."""
    return max(BYTES, A_PAGE * pages)


def _wait_for(descriptor: int) -> None:
    """Lock this file, or give up after LONGEST: its holder may be stopped."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(0.05)
        except OSError:  # A file system without locks.
            return


def _write(path: Path, content: bytes) -> None:
    """Write a new file. Its folder is there but for the first time, so nobody looks for it."""
    try:
        path.write_bytes(content)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _listed(folder: str | Path) -> list[os.DirEntry[str]]:
    """What is in this folder: nothing where it is none, or has gone."""
    with suppress(OSError), os.scandir(folder) as found:
        return list(found)
    return []


class Cache:
    """Values of Python by a digest, in files of a folder. The folder is as trusted as the program beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._forgotten: dict[str, Stamp] = {}
        self._refused: frozenset[str] = frozenset()

    def forget(self) -> None:
        """Believe nothing that is here now, whatever its date says: a clock may have been ahead."""
        self._forgotten = dict(self._entries())

    def refuse(self, kinds: Iterable[str]) -> None:
        """Keep no value of these kinds from now on."""
        self._refused = self._refused.union(kinds)

    def value(self, kind: str, key: Digest) -> Any:
        """The value kept under this key, or None: also where its bytes are not the ones that were kept."""
        path = self._path(kind, key)
        try:
            if self._forgotten and self._forgotten.get(str(path)) == stamp_in(path.stat()):
                return None
            kept = path.read_bytes()
        except OSError:
            return None
        seal, packed = kept[:SEAL], kept[SEAL:]
        if seal != digest_of_bytes(packed).encode():
            return None
        try:
            return pickle.loads(packed)
        except Exception:  # Of another version of the program: a class has another name now, or another shape.
            return None

    def keep(self, kind: str, key: Digest, value: object) -> bool:
        """Keep a value. A full or read-only disk keeps nothing, and is no error: that is what False says."""
        if kind in self._refused:
            return False
        packed = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
        path = self._path(kind, key)
        beside = path.with_name(f"{path.name}.{os.getpid()}.{get_ident()}.tmp")
        try:
            _write(beside, digest_of_bytes(packed).encode() + packed)
            os.replace(beside, path)
        except OSError:
            with suppress(OSError):
                beside.unlink()
            return False
        return True

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """One process at a time: the others wait for it, and find what it kept.

        Where no lock can be had (a read-only disk, another process that takes too long), each does the work itself.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError:
            yield
            return
        try:
            _wait_for(descriptor)
            yield
        finally:
            with suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_UN)  # A child that was forked meanwhile has it open, too.
            os.close(descriptor)

    def prune(self, most: int = BYTES) -> None:
        """Drop what was written longest ago, where there is more than so many bytes. Looks once in a while."""
        if self._was_pruned_lately():
            return
        with suppress(OSError):
            self._mark.touch()
        entries = sorted((stamp[1], stamp[0], path) for path, stamp in self._entries())
        size = sum(entry_size for _, entry_size, _ in entries)
        if size <= most:
            return
        for _, entry_size, path in entries:
            if size <= most * 3 // 4:
                return
            with suppress(OSError):
                os.unlink(path)
            size -= entry_size

    @property
    def _mark(self) -> Path:
        """The file that says when it was pruned."""
        return self.folder / "pruned"

    def _was_pruned_lately(self) -> bool:
        with suppress(OSError):
            return 0 <= time.time() - self._mark.stat().st_mtime < PAUSE
        return False

    def _entries(self) -> Iterator[tuple[str, Stamp]]:
        """Path and stamp of each entry. What goes meanwhile is left out."""
        for kind in _listed(self.folder):
            for bucket in _listed(kind.path) if kind.name not in STATE else ():
                for entry in filter(lambda each: ENTRY.fullmatch(each.name), _listed(bucket.path)):
                    with suppress(OSError):
                        yield entry.path, stamp_in(entry.stat())

    def _path(self, kind: str, key: Digest) -> Path:
        return self.folder / kind / key[:2] / key[2:]
