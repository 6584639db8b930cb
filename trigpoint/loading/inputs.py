"""What a Library is made from: looked at, read where it changed, and put together as a Snapshot.

A look compares stamps and reads nothing. Whoever looks decides whether the next
Library is due (`loader`); here is only what lies on the disk.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from flask import Flask

from trigpoint.cache import Cache
from trigpoint.content.abstract import Abstracting
from trigpoint.content.pages import Page, Rules
from trigpoint.faults import Fault, errors
from trigpoint.file_reading import TRIES, UnsettledError
from trigpoint.inventory import PATIENCE, FileDigests, Inventory, file_below, inventory, is_source, settled
from trigpoint.library.clashes import Owners
from trigpoint.library.snapshot import LOCATED, PICTURES, File, Indexing, Location, Picture, Render, Snapshot
from trigpoint.loading.git_log import GitLog, GitReader
from trigpoint.loading.tag_registry import REGISTRY, TagRegistry, missing_registry
from trigpoint.settings import Settings
from trigpoint.theme import FOLDERS, Overlay, overlay

if TYPE_CHECKING:
    from trigpoint.images.pictures import Pictures
    from trigpoint.loading.git_changes import ChangeStore
    from trigpoint.loading.sources import Reading, Sources


@dataclass(frozen=True, slots=True)
class Look:
    """The state of all inputs at one moment, by their stamps."""

    found: Inventory
    around: Mapping[str, Overlay]
    log: GitLog


class Inputs:
    """The inputs of one site as they were last read, with what is known of their pictures and their history."""

    def __init__(self, app: Flask, settings: Settings, cache: Cache, abstract: Abstracting) -> None:
        self._app, self._settings, self._cache, self._abstract = app, settings, cache, abstract
        self.files = FileDigests(settings.pages_folder)
        self.git = GitReader(settings, cache)
        self._registry, self._log = TagRegistry(), self.git.log
        self._around: Mapping[str, Overlay] = {}

    @cached_property
    def sources(self) -> Sources:
        """Loaded when they are first needed.

        Flask-FlatPages brings Python-Markdown and Pygments with it, and a freeze that has nothing to do needs neither.
        """
        from trigpoint.loading.sources import Sources

        return Sources(self._app, self._settings, self._cache, self._abstract)

    @cached_property
    def pictures(self) -> Pictures:
        """Loaded when they are first needed, as they bring Pillow with them."""
        from trigpoint.images.pictures import Pictures

        forms = self._settings.picture_forms
        pictures = Pictures(self._settings.pages_folder, self.files.digest, self._cache, forms)
        pictures.stamps = self.files.stamps
        return pictures

    @cached_property
    def changes(self) -> ChangeStore:
        """Loaded when they are first needed, as they bring with them what reads a page."""
        from trigpoint.loading.git_changes import ChangeStore

        return ChangeStore(self._settings, self._cache)

    def overlay(self, name: str) -> Overlay:
        """The site's `templates` or `static` over the theme's, as the last look found them."""
        if not self._around:
            self._around = self._surroundings()
        return self._around[name]

    def disk_path(self, path: str) -> str | None:
        """Where the file at this path lies on the disk; None where it has become a link that leads out since a look."""
        return file_below(self._settings.pages_folder, path)

    def location(self, path: str) -> Location:
        """Whether the file at this path below pages/ says where it was taken, and whether that can be taken out."""
        return self.pictures.location(path) if path.lower().endswith(LOCATED) else ""

    @property
    def held(self) -> frozenset[str]:
        """The paths of the sources whose last good version stands in for one with errors."""
        return frozenset(page.file for page in self.sources if page.reading.page and errors(page.reading.faults))

    def look(self) -> Look:
        return Look(self._inventory(), self._surroundings(), self.git.look())

    def is_news(self, look: Look) -> bool:
        """Whether there is something to read: a change, or what could not be read the last time."""
        is_due = look.found != self.sources.inventory or time.monotonic() >= self.sources.try_again_at
        return is_due or look.around != self._around or look.log is not self._log

    def read(self, look: Look) -> None:
        """Read what changed. A source that is being written waits for another look."""
        self._log = look.log
        if look.around != self._around:  # While they are equal they stay the same: what was asked of them is known.
            self._around = look.around
        self._read(look.found)

    def read_all(self) -> None:
        """Look again until each file was at rest once. The first Library has no older version to give meanwhile."""
        for _ in range(TRIES):
            if not self._restless():
                return
            time.sleep(self.sources.settling)
            self._read(self._inventory())

    def snapshot(self, now: dt.datetime, preview: bool, owners: Owners, render: Render, index: Indexing) -> Snapshot:
        """All that was read, for this moment, with who had which address, and what renders and counts."""
        beside, lenient = self.sources.beside(), self._settings.is_lenient
        readings = [page.reading for page in self.sources if page.file not in beside]
        pages = tuple(self.git.dated(reading.page) for reading in readings if reading.page)
        stamps = self.sources.inventory.stamps
        files = [path for path in stamps if (path in beside or not is_source(path, lenient)) and path != REGISTRY]
        return Snapshot(
            pages=pages,
            registry=self._registry.tags,
            files=tuple(File(path, stamps[path]) for path in files),
            faults=self._faults(readings, pages),
            now=now,
            posts_per_page=self._settings.posts_per_page,
            feed_aliases=self._settings.feed_aliases,
            render=render,
            index=index,
            file_digest=self.files.digest,
            stamps=stamps,
            picture=self._picture,
            preview=preview,
            folder=self._settings.pages,
            owners=owners,
            lenient=lenient,
            assets=tuple(self._around["static"].stamps) if "static" in self._around else (),
            held=self.held,
            commits=self.git.shown(pages),
        )

    def _faults(self, readings: list[Reading], pages: tuple[Page, ...]) -> tuple[Fault, ...]:
        found = self.sources.inventory
        return (
            *found.faults,
            *(fault for each in self._around.values() for fault in each.faults),
            *self._registry.faults,
            *missing_registry(self._settings, found, pages),
            *self.git.log.faults,
            *(fault for reading in readings for fault in reading.faults),
        )

    def _picture(self, path: str) -> Picture | None:
        return self.pictures.picture(path) if path.lower().endswith(PICTURES) else None

    def _inventory(self) -> Inventory:
        return inventory(self._settings.pages_folder, self._settings.pages, self.sources.inventory)

    def _surroundings(self) -> dict[str, Overlay]:
        """What answers are made of besides the sources.

        A change calls for a new Library: with it, every remembered answer is asked again.
        """
        return {name: overlay(name, self._settings.root, self._around.get(name)) for name in FOLDERS}

    def _restless(self) -> bool:
        """Whether a source has not been read yet, or another file is being written."""
        now, stamps = time.time_ns(), self.sources.inventory.stamps
        others = (stamp for path, stamp in stamps.items() if not is_source(path, self._settings.is_lenient))
        return bool(self.sources.unread) or not all(settled(stamp, now, self.sources.settling) for stamp in others)

    def _read(self, found: Inventory) -> None:
        sources = self.sources
        sources.inventory, sources.try_again_at = found, float("inf")
        sources.unsettled.clear()
        self._read_tags(found)
        rules = self._rules()
        if rules != sources.rules:
            sources.follow(rules)
        self.files.stamps = found.stamps
        if any(path.lower().endswith(LOCATED) for path in found.stamps):
            self.pictures.stamps = found.stamps
        sources.reload()

    def _read_tags(self, found: Inventory) -> None:
        try:
            self._registry = self._registry.next(self._settings, found.stamps.get(REGISTRY))
        except UnsettledError:
            self._registry = replace(self._registry, stamp=None)
            self.sources.unsettled.add(REGISTRY)
        if REGISTRY in found.stamps and self._registry.stamp is None:
            self.sources.try_again_at = time.monotonic() + PATIENCE

    def _rules(self) -> Rules:
        settings = self._settings
        return Rules(
            zone=settings.zone,
            registry=self._registry.tags,
            tags_open=settings.tags == "open" or not self._registry.is_known,
            lenient=settings.is_lenient,
            words_per_minute=settings.words_per_minute,
            folder=settings.pages,
        )
