"""The sources as they were last read: the good version of each, and what is wrong with the one on the disk.

The only door to Flask-FlatPages, and the only place where sources are read. It
decides nothing about what a field means (`content` does).
"""

from __future__ import annotations

import os
import posixpath
import time
from dataclasses import dataclass, replace
from functools import cached_property, partial
from os.path import splitext
from zlib import crc32

from flask import Flask
from flask_flatpages import FlatPages
from flask_flatpages.page import Page as FlatPage

from trigpoint.cache import Cache
from trigpoint.code_digest import maker_digest
from trigpoint.content.abstract import Abstract, Abstracting, without_reading
from trigpoint.content.header import MISSING
from trigpoint.content.pages import Page, Rules, Source
from trigpoint.content.read_page import read_page, read_source
from trigpoint.faults import Fault, unexpected
from trigpoint.file_reading import UnsettledError, steady, unsettled
from trigpoint.inventory import (
    PATIENCE,
    SETTLING,
    SIZE_LIMIT,
    Inventory,
    Stamp,
    is_knitted,
    is_source,
    on_disk,
    settled,
    unreadable,
)
from trigpoint.loading.workers import GivenUpError
from trigpoint.markup.block_reader import unmarked
from trigpoint.notes import Digest, digest_of, digest_of_bytes
from trigpoint.settings import Settings

NEVER = float("inf")

EMPTIED = 0.3
"""Seconds for which a file with nothing in it must be at rest, where it had something: many editors empty it first."""

BUCKETS = 16
"""What was read is kept in so many parts, and an edit writes one of them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the last look at a source gave: the page (the last good one, if this one has errors) and the faults."""

    stamp: Stamp | None
    raw: str
    page: Page | None
    faults: tuple[Fault, ...]

    @property
    def is_bare(self) -> bool:
        """Whether the file is a text without any header, and never was a page."""
        return self.page is None and [fault.sentence for fault in self.faults] == [MISSING]


NOTHING = Reading(None, "", None, ())


def _unread(known: Reading) -> Reading:
    """What is left of a Reading where nothing is known of the file as it is now: the last good page."""
    return Reading(None, "", known.page, ())


class SourcePage(FlatPage):  # type: ignore[misc]
    """FlatPages' page with what our reading made of it."""

    def __init__(self, file: str, reading: Reading) -> None:
        source = reading.page.source if reading.page else None
        super().__init__(
            splitext(file)[0],
            source.header if source else "",
            unmarked(source.body or "") if source else "",
            str,
            os.path.dirname(file),
        )
        self.file, self.reading = file, reading


class Sources(FlatPages):  # type: ignore[misc]  # Flask-FlatPages has no types.
    """FlatPages over an Inventory of the folder.

    FlatPages' own walk follows a link to /etc/passwd, waits for a pipe, and
    lets one file that is not UTF-8 make every page unreadable; and it knows a
    changed file by its modification time alone. So what is walked and what is
    read are ours.
    """

    _file_cache: dict[str, Reading]

    def __init__(self, app: Flask, settings: Settings, cache: Cache, abstracting: Abstracting) -> None:
        super().__init__()
        # Not init_app: its hook before each request is for FlatPages' own way of finding edits.
        app.extensions.setdefault("flatpages", {})[None] = self
        self._log, self._cache, self._abstracting = app.logger, cache, abstracting
        self._abstracts: dict[str, tuple[Digest, Abstract]] = {}
        self._given_up: dict[str, tuple[Digest, Fault]] = {}
        self._folder = settings.pages_folder
        self._name = settings.pages
        self.inventory = Inventory()
        self.rules: Rules | None = None
        self.try_again_at = NEVER
        self.unsettled: set[str] = set()
        """The paths of what the last look could not read, as it was being written."""
        self.news: set[str] = set()
        """The paths of what was read, and not taken from the cache, since the cache was told."""

    @cached_property
    def _pages(self) -> dict[str, SourcePage]:
        """Every source of the inventory; reading again only what has another stamp."""
        stamps = self.inventory.stamps
        paths = [path for path in stamps if is_source(path, self._rules.lenient) and not is_knitted(path, stamps)]
        pages = {path: self._load_file(path, on_disk(self._folder, path), "") for path in paths}
        self._file_cache = {path: self._file_cache[path] for path in paths if path in self._file_cache}
        self._abstracts = {path: known for path, known in self._abstracts.items() if path in self._file_cache}
        self._given_up = {path: known for path, known in self._given_up.items() if path in self._file_cache}
        return {path: page for path, page in pages.items() if page.reading is not NOTHING}

    def _load_file(self, path: str, filename: str, rel_path: str) -> SourcePage:
        known = self._file_cache.get(path, NOTHING)
        stamp = self.inventory.stamps[path]
        if known.stamp != stamp:
            known = self._read(path, filename, stamp, known)
            self._file_cache[path] = known
        return SourcePage(path, known)

    def _read(self, path: str, filename: str, stamp: Stamp, known: Reading) -> Reading:
        """The next Reading.

        One of a file that the system won't give, or that is being written, has no stamp: it is tried again.
        """
        shown = f"{self._name}/{path}"
        if stamp[0] > SIZE_LIMIT:
            sentence = f"This file has {stamp[0]:,} bytes, and at most {SIZE_LIMIT:,} are read."
            size = Fault(shown, 0, 0, sentence, "Split it.", kind="file-size")
            return Reading(stamp, "", known.page, (size,))
        is_emptied = known.page is not None and not stamp[0]
        if not settled(stamp, time.time_ns(), self.settling and max(self.settling, EMPTIED * is_emptied)):
            return self._being_written(path, known)
        try:
            return self._parsed(path, steady(filename, stamp, SIZE_LIMIT + 1), stamp, known)
        except UnsettledError:
            return self._being_written(path, known)
        except FileNotFoundError:
            return NOTHING
        except OSError as error:
            self.try_again_at = min(self.try_again_at, time.monotonic() + PATIENCE)
            return replace(_unread(known), faults=(unreadable(shown, error),))

    def _being_written(self, path: str, known: Reading) -> Reading:
        self.try_again_at = 0.0
        self.unsettled.add(path)
        return Reading(None, known.raw, known.page, known.faults) if known.page else NOTHING

    settling = SETTLING

    @property
    def unread(self) -> frozenset[str]:
        """The paths of what is being written, and of which no older version is known."""
        read = self._pages  # Which fills `unsettled`.
        return frozenset(path for path in self.unsettled if path not in read)

    def _parsed(self, path: str, raw: bytes, stamp: Stamp, known: Reading) -> Reading:
        digest = digest_of_bytes(raw)
        if digest == known.raw:
            return Reading(stamp, digest, known.page, known.faults)
        self.news.add(path)
        try:
            page, faults = read_page(path, raw, self._rules, partial(self._abstract, path, digest))
        except Exception as error:  # Of the program, not of the author; it costs this file alone.
            if isinstance(error, MemoryError):
                raise
            self._log.exception("%s/%s could not be read.", self._name, path)
            page, faults = None, (unexpected(f"{self._name}/{path}", error),)
        given_up = self._given_up.get(path)
        if given_up and given_up[0] == digest:
            faults = (*faults, given_up[1])
        return Reading(stamp, digest, page or known.page, faults)

    def _abstract(self, path: str, digest: Digest, body: str, is_summary_wanted: bool) -> Abstract:
        """Made once for each content. Where that can't be done, the page is there with an error, and has no summary."""
        known = self._abstracts.get(path)
        if known and known[0] == digest:
            return known[1]
        self._given_up.pop(path, None)
        try:
            made = self._abstracting(body, is_summary_wanted)
        except GivenUpError as reason:
            made = without_reading(body)
            self._given_up[path] = digest, _no_abstract(f"{self._name}/{path}", reason)
        self._abstracts[path] = digest, made
        return made

    def follow(self, rules: Rules) -> None:
        """Read by these rules from now on: what is known by others is parsed again, but the last good pages stay.

        What an earlier process read by the same rules is taken from the cache.
        """
        self.rules = rules
        self._file_cache = {path: _unread(known) for path, known in self._file_cache.items()}
        for bucket in range(BUCKETS):
            self._file_cache |= self._cache.value("sources", self._key(bucket)) or {}

    def beside(self) -> frozenset[str]:
        """The paths of sources that are files of an article: a README without a header, below a post's folder."""
        return frozenset(page.file for page in self if page.reading.is_bare and self._is_in_post(page.path))

    def _is_in_post(self, path: str) -> bool:
        folder, name = posixpath.split(path)
        while name != "index" and folder.count("/"):
            if f"{folder}/index.md" in self.inventory.stamps:
                return folder.startswith("posts/")
            folder = posixpath.dirname(folder)
        return False

    def save_readings(self) -> None:
        """Have the cache keep what was read, without the bodies; if anything was."""
        for bucket in set(map(_bucket, self.news)):
            on_it = ((path, known) for path, known in self._file_cache.items() if _bucket(path) == bucket)
            readings = {
                path: _for_the_cache(known)
                for path, known in on_it
                if known.page and not self._was_given_up(path, known)
            }
            self._cache.keep("sources", self._key(bucket), readings)
        self.news.clear()

    def _was_given_up(self, path: str, known: Reading) -> bool:
        """What was given up may only have met a busy machine: the next process tries again."""
        given_up = self._given_up.get(path)
        return given_up is not None and given_up[0] == known.raw

    def source(self, page: Page) -> Source:
        """The source of this page with its body. Raises OSError, UnsettledError where that is gone."""
        filename = on_disk(self._folder, page.path)
        try:
            found = read_source(page.path, steady(filename, limit=SIZE_LIMIT + 1), self._rules)
        except FileNotFoundError as error:
            raise unsettled(filename, "This was there a moment ago") from error
        if found is None or found.digest != page.source.digest:
            raise unsettled(filename, "This has changed since it was looked at")
        return found

    @property
    def _rules(self) -> Rules:
        assert self.rules
        return self.rules

    def _key(self, bucket: int) -> Digest:
        rules = self._rules
        said = [rules.tags_open, rules.lenient, rules.words_per_minute, rules.folder, str(rules.zone), rules.registry]
        said += [rules.authors_open, rules.authors, rules.author]
        return digest_of((str(self._folder.resolve()), maker_digest("sources"), said, bucket))


def _bucket(path: str) -> int:
    """Which of the BUCKETS the cache has the source of this path on."""
    return crc32(path.encode(errors="surrogateescape")) % BUCKETS


def _no_abstract(shown: str, reason: GivenUpError) -> Fault:
    sentence = f"Reading the first words of this page {reason}, so it has no summary."
    cure = "Look for thousands of unclosed brackets in them, or write a `description:`."
    return Fault(shown, 0, 0, sentence, cure, kind="not-rendered")


def _for_the_cache(known: Reading) -> Reading:
    """A Reading without the body; of a file that could not be read, the last good page alone."""
    assert known.page
    page = replace(known.page, source=replace(known.page.source, body=None))
    page.__dict__["digest"] = known.page.digest  # So that the next process need not make it.
    return replace(known if known.stamp else _unread(known), page=page)
