"""Files become the next Library: read what changed, keep what is good, name what is not.

A file with a fault costs that file: the Library keeps its last good version
(`sources` has it). Nobody waits for a scan: it runs in a thread of its own, and
swapping the Library is one assignment.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import ref

from flask import Flask

from trigpoint.background import Background, Job, NotReadyError
from trigpoint.cache import Cache, room_for
from trigpoint.content.pages import Page, Rules
from trigpoint.faults import errors
from trigpoint.file_reading import SETTLING, TRIES, UnsettledError, unsettled
from trigpoint.inventory import (
    PATIENCE,
    FileDigests,
    Inventory,
    inventory,
    is_source,
    on_disk,
    settled,
)
from trigpoint.library.clashes import Owners
from trigpoint.library.library import Library
from trigpoint.library.snapshot import LOCATED, PICTURES, File, Location, Snapshot
from trigpoint.loading.documents import DocumentStore
from trigpoint.loading.git_log import GitReader
from trigpoint.loading.search_index import SearchIndexStore
from trigpoint.loading.tag_registry import REGISTRY, TagRegistry, missing_registry
from trigpoint.loading.watcher import Watcher
from trigpoint.loading.word_store import WordStore
from trigpoint.loading.workers import WorkerPool
from trigpoint.notes import Digest, digest_of
from trigpoint.settings import Settings
from trigpoint.theme import FOLDERS, Overlay, overlay

if TYPE_CHECKING:
    from trigpoint.images.pictures import Pictures
    from trigpoint.loading.git_changes import ChangeStore
    from trigpoint.loading.sources import Sources

PICTURES_AHEAD = 200
"""Variants of pictures that wait to be made: a page of forty photographs asks for as many."""

RENDERING = 2
"""Processes that render, where the settings leave it to us: a bad page holds one, the other goes on."""

Clock = Callable[[], dt.datetime]


class Loader:
    """Gives the Library of this moment, and makes the next one when something changed."""

    def __init__(self, app: Flask, settings: Settings, clock: Clock, preview: Callable[[], bool]) -> None:
        self._settings, self._clock, self._preview, self._log = settings, clock, preview, app.logger
        self._app, self.cache = app, Cache(settings.root / settings.cache)
        self._workers = WorkerPool(settings.jobs or RENDERING)
        words = WordStore(self.cache)
        self.documents = DocumentStore(
            self._workers, settings, self.cache, words, lambda page: self.sources.source(page)
        )
        self._search_index = SearchIndexStore(self.documents, words, self.cache)
        self._files = FileDigests(settings.pages_folder)
        self._registry = TagRegistry()
        self.git = GitReader(settings, self.cache)
        self._log_of_git = self.git.log
        self._library: Library | None = None
        self._background, self._picture_background = Background(app.logger), Background(app.logger, PICTURES_AHEAD)
        self.searchable: Library | None = None
        """The last Library whose index of words was made while readers were served."""
        self._serves_readers = False
        self._indexed: Callable[[], Library | None] = lambda: None
        self._around: dict[str, Overlay] = {}
        self._watcher = Watcher(self._look, app.logger)
        self.stopped = self._watcher.stopped
        """Set by `stop`."""
        self._still = False
        self.announce: Callable[[], None] = lambda: None
        """Called after each new Library, by the thread that made it."""
        self._lock = threading.Lock()

    @cached_property
    def sources(self) -> Sources:
        """Loaded when they are first needed.

        Flask-FlatPages brings Python-Markdown and Pygments with it, and a freeze that has nothing to do needs neither.
        """
        from trigpoint.loading.sources import Sources

        return Sources(self._app, self._settings, self.cache, self._workers.abstract)

    @cached_property
    def pictures(self) -> Pictures:
        """Loaded when they are first needed, as they bring Pillow with them."""
        from trigpoint.images.pictures import Pictures

        forms = self._settings.picture_forms
        pictures = Pictures(self._settings.pages_folder, self._files.digest, self.cache, forms)
        pictures.stamps = self._files.stamps
        return pictures

    @cached_property
    def changes(self) -> ChangeStore:
        """Loaded when they are first needed, as they bring with them what reads a page."""
        from trigpoint.loading.git_changes import ChangeStore

        return ChangeStore(self._settings, self.cache)

    @property
    def library(self) -> Library:
        """The Library of this moment: the same for all of a request that asks once."""
        if self._library is None:
            self.refresh()
        assert self._library
        return self._library

    @property
    def is_loaded(self) -> bool:
        """Whether there is a Library, so that a question for it does not wait until all pages are read."""
        return self._library is not None

    def disk_path(self, file: File) -> str | None:
        """Where a file lies on the disk; None where it has become a link that leads out since the last look."""
        root = os.path.realpath(self._settings.pages_folder)
        found = os.path.realpath(on_disk(Path(root), file.path))
        return found if found.startswith(root + os.sep) and os.path.isfile(found) else None

    def location(self, path: str) -> Location:
        """Whether the file at this path below pages/ says where it was taken, and whether that can be taken out."""
        return self.pictures.location(path) if path.lower().endswith(LOCATED) else ""

    def watch(self) -> None:
        """See to it that edits are found from now on, in this process (a fork leaves threads behind)."""
        if not self._still:
            self._watcher.start()

    def serve(self) -> None:
        """As `watch`; and have the search ready before a reader asks for it."""
        self._serves_readers = True
        self.watch()

    def stop_watching(self, read_cache: bool = True) -> None:
        """Look when asked to, and at no other time: a freeze is of one Library from start to end.

        Without `read_cache`, what earlier processes kept is not believed.
        """
        self._still = self._files.stop_watching = True
        if not read_cache:
            self.cache.forget()

    def settle(self) -> None:
        """Look until each source is as it lies on the disk. Raises UnsettledError where one is always being written."""
        for _ in range(TRIES):
            self.refresh()
            if not self.sources.unsettled:
                return
            time.sleep(SETTLING)
        raise unsettled(f"{self._settings.pages}/{min(self.sources.unsettled)}")

    def prune_cache(self) -> None:
        """See to it that the cache stays within its bounds."""
        self.cache.prune(room_for(len(self.sources.inventory.stamps)))

    def look_soon(self) -> None:
        """Have the thread look now, and not when its pause is over: somebody knows of a change."""
        self._watcher.wake()

    def stop(self) -> None:
        """End the thread and the workers; a request still gets the Library that there is."""
        self._watcher.stop()
        self._watcher.wake()
        self._workers.stop()

    def render_missing(self, pages: Iterable[Page], jobs: int) -> Iterator[str]:
        """Render the bodies of these pages that the cache does not have; gives the path of each when it is done."""
        self._workers.hire(jobs)
        return self.documents.render_missing(pages, self._files.digest, jobs)

    def start_worker(self) -> None:
        """Begin to load what bodies are rendered with: something is going to be asked of it."""
        self._workers.start_worker()

    def start_rendering(self) -> None:
        """Begin to render the first of the bodies that no earlier process has read. `fill` waits for them."""
        pages = (page for page in self.library.published if page.path in self.sources.news)
        self.documents.start_rendering(islice(pages, RENDERING), self._files.digest)

    def save_readings(self) -> None:
        """Have the cache keep what was read, for the next process."""
        self.sources.save_readings()

    @property
    def held(self) -> frozenset[str]:
        """The sources, as Faults name them, whose last good version stands in for one with errors."""
        return frozenset(f"{self._settings.pages}/{path}" for path in self._held_paths)

    @property
    def _held_paths(self) -> frozenset[str]:
        return frozenset(page.file for page in self.sources if page.reading.page and errors(page.reading.faults))

    def refresh(self) -> bool:
        """Look once. True where there is a new Library."""
        with self._lock:
            is_new = self._refreshed()
        if is_new and not self.sources.unsettled:  # What is being written makes another one in a moment.
            self.announce()
        return is_new

    def _look(self) -> float:
        """Look once, in the background; gives the seconds until the next look."""
        started = time.monotonic()
        try:
            self.refresh()
            if self._serves_readers and self._indexed() is not self.library:
                self._indexed = ref(self.library)
                self.begin_index(self.library)
        except Exception:  # A scan that fails must not be the last one.
            self._log.exception("The sources could not be looked at; readers keep the last edition.")
        scan = time.monotonic() - started
        return min(0.5, max(0.02, self.sources.settling, scan) if self.sources.unsettled else max(0.2, 8 * scan))

    def _refreshed(self) -> bool:
        found, around = self._inventory(self.sources.inventory), self._surroundings()
        log_of_git = self.git.look()
        if not self._is_due(found) and around == self._around and log_of_git is self._log_of_git:
            return False
        self._log_of_git = log_of_git
        if around != self._around:  # While they are equal they stay the same: what was asked of them is remembered.
            self._around = around
        self._take_stock(found)
        if self._library is None:
            self._wait_for_files_at_rest()
        before = self._owners()
        library = Library(self._snapshot(before))
        library.prepare()
        self._tell(library)
        if library.owners != before:
            self.cache.keep("owners", self._key_of_owners(), library.owners)
        self._library = library
        self.documents.forget_all_but({page.path for page in library.published})
        return True

    def begin_index(self, library: Library) -> Job:
        """Make its index in the background."""

        def make() -> None:
            library.make_index()
            self.searchable = library

        return self._background.begin(("index", id(library)), make)

    def begin_missing(self, missing: NotReadyError, library: Library) -> Job:
        """Make in the background what a request has found missing in this Library."""
        if missing.name == "index":
            return self.begin_index(library)
        return self._background.begin(missing.name, missing.make)

    def begin_picture(self, missing: NotReadyError) -> Job:
        """Make a variant of a picture in a background of its own, in the order in which they were asked for."""
        return self._picture_background.begin(missing.name, missing.make)

    def overlay(self, name: str) -> Overlay:
        """The site's `templates` or `static` over the theme's, as the last look found them."""
        if not self._around:
            self._around = self._surroundings()
        return self._around[name]

    def _surroundings(self) -> dict[str, Overlay]:
        """What answers are made of besides the sources.

        A change calls for a new Library: with it, every remembered answer is asked again.
        """
        return {name: overlay(name, self._settings.root, self._around.get(name)) for name in FOLDERS}

    def _inventory(self, before: Inventory) -> Inventory:
        return inventory(self._settings.pages_folder, self._settings.pages, before)

    def _wait_for_files_at_rest(self) -> None:
        """Look again until each file was at rest once. The first Library has no older version to give meanwhile."""
        for _ in range(TRIES):
            if not self._restless():
                return
            time.sleep(self.sources.settling)
            self._take_stock(self._inventory(self.sources.inventory))

    def _restless(self) -> bool:
        """Whether a source has not been read yet, or another file is being written."""
        now, stamps = time.time_ns(), self.sources.inventory.stamps
        others = (stamp for path, stamp in stamps.items() if not is_source(path, self._settings.is_lenient))
        return bool(self.sources.unread) or not all(settled(stamp, now, self.sources.settling) for stamp in others)

    def _is_due(self, found: Inventory) -> bool:
        library = self._library
        return (
            library is None
            or found != self.sources.inventory
            or time.monotonic() >= self.sources.try_again_at
            or library.preview != self._preview()
            or (library.next_change is not None and self._clock() >= library.next_change)
        )

    def _take_stock(self, found: Inventory) -> None:
        sources = self.sources
        sources.inventory, sources.try_again_at = found, float("inf")
        sources.unsettled.clear()
        try:
            self._registry = self._registry.next(self._settings, found.stamps.get(REGISTRY))
        except UnsettledError:
            self._registry = replace(self._registry, stamp=None)
            sources.unsettled.add(REGISTRY)
        if REGISTRY in found.stamps and self._registry.stamp is None:
            sources.try_again_at = time.monotonic() + PATIENCE
        rules = self._rules()
        if rules != sources.rules:
            sources.follow(rules)
        self._files.stamps = found.stamps
        if any(path.lower().endswith(LOCATED) for path in found.stamps):
            self.pictures.stamps = found.stamps
        sources.reload()

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

    def _owners(self) -> Owners:
        """Which page had each address: in the Library before, or by what an earlier process kept."""
        if self._library and self._library.preview == self._preview():
            return self._library.owners
        kept = self.cache.value("owners", self._key_of_owners())
        return kept if isinstance(kept, dict) else {}

    def _key_of_owners(self) -> Digest:
        return digest_of((str(self._settings.pages_folder.resolve()), self._preview()))

    def _snapshot(self, owners: Owners) -> Snapshot:
        beside, lenient = self.sources.beside(), self._settings.is_lenient
        readings = [page.reading for page in self.sources if page.file not in beside]
        pages = tuple(self.git.dated(reading.page) for reading in readings if reading.page)
        found = self.sources.inventory
        return Snapshot(
            pages=pages,
            registry=self._registry.tags,
            files=tuple(
                File(path, stamp)
                for path, stamp in found.stamps.items()
                if (path in beside or not is_source(path, lenient)) and path != REGISTRY
            ),
            faults=(
                *found.faults,
                *(fault for each in self._around.values() for fault in each.faults),
                *self._registry.faults,
                *missing_registry(self._settings, found, pages),
                *self.git.log.faults,
                *(fault for reading in readings for fault in reading.faults),
            ),
            now=self._clock(),
            posts_per_page=self._settings.posts_per_page,
            feed_aliases=self._settings.feed_aliases,
            render=self.documents.document,
            index=partial(self._search_index.index, preview=self._preview()),
            file_digest=self._files.digest,
            stamps=found.stamps,
            picture=lambda path: self.pictures.picture(path) if path.lower().endswith(PICTURES) else None,
            preview=self._preview(),
            folder=self._settings.pages,
            owners=owners,
            lenient=lenient,
            assets=tuple(self._around["static"].stamps) if "static" in self._around else (),
            held=self._held_paths,
            commits=self.git.shown(pages),
        )

    def _tell(self, library: Library) -> None:
        """Log each fault once: when it appears. A command tells of them itself."""
        if self._still:
            return
        known = set(self._library.faults) if self._library else set()
        for fault in library.faults:
            if fault not in known:
                self._log.warning("%s", fault)
