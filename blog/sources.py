"""The sources as they were last read: the good version of each, and what is wrong with the one on the disk.

The only door to Flask-FlatPages, and the only place where sources are read. It
decides nothing about what a field means (`content` does).
"""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass
from functools import cached_property

from flask import Flask
from flask_flatpages import FlatPages
from flask_flatpages.page import Page as FlatPage

from blog.content import Page, Rules, read_page
from blog.faults import Fault
from blog.folder import SETTLING, Inventory, Stamp, settled, unreadable
from blog.notes import digest_of_bytes
from blog.settings import Settings

SIZE_LIMIT = 2_000_000
"""Bytes of one source: sixty times a long article."""

SUFFIX = ".md"

PATIENCE = 2.0
"""Seconds until a file is tried again that the system did not give."""

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the last look at a source gave: the page (the last good one, if this one has errors) and the faults."""

    stamp: Stamp | None
    raw: str
    page: Page | None
    faults: tuple[Fault, ...]


NOTHING = Reading(None, "", None, ())


class SourcePage(FlatPage):  # type: ignore[misc]
    """FlatPages' page with what our reading made of it."""

    def __init__(self, path: str, reading: Reading) -> None:
        source = reading.page.source if reading.page else None
        super().__init__(
            path, source.header if source else "", source.body if source else "", str, os.path.dirname(path)
        )
        self.reading = reading


class Sources(FlatPages):  # type: ignore[misc]  # Flask-FlatPages has no types.
    """FlatPages over an Inventory of the folder.

    FlatPages' own walk follows a link to /etc/passwd, waits for a pipe, and
    lets one file that is not UTF-8 make every page unreadable; and it knows a
    changed file by its modification time alone. So what is walked and what is
    read are ours.
    """

    _file_cache: dict[str, Reading]

    def __init__(self, app: Flask, settings: Settings) -> None:
        app.config.update(
            FLATPAGES_ROOT=str(settings.pages_folder), FLATPAGES_EXTENSION=SUFFIX, FLATPAGES_AUTO_RELOAD=False
        )
        super().__init__(app)
        self._folder = settings.pages_folder
        self._name = settings.pages
        self.inventory = Inventory()
        self.rules = Rules(zone=settings.zone)
        self.try_again_at = NEVER

    @cached_property
    def _pages(self) -> dict[str, SourcePage]:
        """Every source of the inventory; reading again only what has another stamp."""
        paths = [path for path in self.inventory.stamps if path.endswith(SUFFIX)]
        pages = {path.removesuffix(SUFFIX): self._load_file(path, str(self._folder / path), "") for path in paths}
        self._file_cache = {path: self._file_cache[path] for path in paths if path in self._file_cache}
        return {path: page for path, page in pages.items() if page.reading is not NOTHING}

    def _load_file(self, path: str, filename: str, rel_path: str) -> SourcePage:
        known = self._file_cache.get(path, NOTHING)
        stamp = self.inventory.stamps[path]
        if known.stamp != stamp:
            known = self._read(path, filename, stamp, known)
            self._file_cache[path] = known
        return SourcePage(path.removesuffix(SUFFIX), known)

    def _read(self, path: str, filename: str, stamp: Stamp, known: Reading) -> Reading:
        """The next Reading.

        One of a file that the system won't give, or that is being written, has no stamp: it is tried again.
        """
        shown = f"{self._name}/{path}"
        if stamp[0] > SIZE_LIMIT:
            size = Fault(
                shown, 0, 0, f"This file has {stamp[0]:,} bytes, and at most {SIZE_LIMIT:,} are read.", "Split it."
            )
            return Reading(stamp, "", known.page, (size,))
        if not settled(stamp, time.time_ns(), self.settling):
            self.try_again_at = 0.0
            return Reading(None, known.raw, known.page, known.faults) if known.page else NOTHING
        try:
            raw = whole(filename)
        except FileNotFoundError:
            return NOTHING
        except OSError as error:
            self.try_again_at = min(self.try_again_at, time.monotonic() + PATIENCE)
            return Reading(None, known.raw, known.page, (unreadable(shown, error),))
        return self._parsed(path, raw, stamp, known)

    settling = SETTLING

    def _parsed(self, path: str, raw: bytes, stamp: Stamp, known: Reading) -> Reading:
        digest = digest_of_bytes(raw)
        if digest == known.raw:
            return Reading(stamp, digest, known.page, known.faults)
        page, faults = read_page(path, raw, self.rules)
        return Reading(stamp, digest, page or known.page, faults)

    def forget_readings(self) -> None:
        """Every source is parsed again: the rules changed. The last good pages stay."""
        self._file_cache = {path: Reading(None, "", known.page, ()) for path, known in self._file_cache.items()}


def whole(filename: str) -> bytes:
    """The bytes of a regular file, never waiting for a pipe. Raises OSError."""
    with open(filename, "rb", opener=_without_waiting) as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise FileNotFoundError(filename)
        return opened.read(SIZE_LIMIT + 1)


def _without_waiting(filename: str, flags: int) -> int:
    return os.open(filename, flags | os.O_NONBLOCK)
