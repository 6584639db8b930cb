"""Files become the next Library: read what changed, keep what is good, name what is not.

A file with a fault costs that file: the Library keeps its last good version
(`sources` has it). Nobody waits for a scan: it runs in a thread of its own, and
swapping the Library is one assignment.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from weakref import ref

from flask import Flask

from trigpoint.background import Background, Job, NotReadyError
from trigpoint.cache import Cache, room_for
from trigpoint.content.pages import Page
from trigpoint.faults import Fault
from trigpoint.file_reading import SETTLING, TRIES, unsettled
from trigpoint.inventory import PATIENCE
from trigpoint.library.clashes import Owners
from trigpoint.library.library import Library
from trigpoint.library.snapshot import Snapshot
from trigpoint.loading.documents import DocumentStore
from trigpoint.loading.inputs import Inputs
from trigpoint.loading.search_index import SearchIndexStore
from trigpoint.loading.watcher import Watcher
from trigpoint.loading.word_store import WordStore
from trigpoint.loading.workers import WorkerPool
from trigpoint.notes import Digest, digest_of
from trigpoint.settings import Settings

CLOCK_STEP = dt.timedelta(seconds=1)
"""How far a clock may go back without a look at what was to come: less is how clocks are kept right."""

PICTURES_AHEAD = 200
"""Variants of pictures that wait to be made: a page of forty photographs asks for as many."""

RENDERING = 2
"""Processes that render, where the settings leave it to us: a bad page holds one, the other goes on."""

RENDERED = ("sources", "documents", "words", "manifests", "postings")
"""The kinds that the cache keeps of what rendering processes gave, and of what is made from that."""

Clock = Callable[[], dt.datetime]


class Loader:
    """Gives the Library of this moment, and makes the next one when something changed."""

    def __init__(self, app: Flask, settings: Settings, clock: Clock, preview: bool) -> None:
        self._settings, self._clock, self.preview, self._log = settings, clock, preview, app.logger
        self.cache = Cache(settings.root / settings.cache)
        self._workers = WorkerPool(settings.jobs or RENDERING)
        self._workers.announce_other_engine = self._keep_nothing_rendered
        self.inputs = Inputs(app, settings, self.cache, self._workers.abstract)
        words = WordStore(self.cache)
        self.documents = DocumentStore(
            self._workers, settings, self.cache, words, lambda page: self.inputs.sources.source(page)
        )
        self._search_index = SearchIndexStore(self.documents, words, self.cache)
        self._library: Library | None = None
        self._background, self._picture_background = Background(app.logger), Background(app.logger, PICTURES_AHEAD)
        self.searchable: Library | None = None
        """The last Library whose index of words was made while readers were served."""
        self._serves_readers = False
        self._indexed: Callable[[], Library | None] = lambda: None
        self._watcher = Watcher(self._look, app.logger)
        self.stopped = self._watcher.stopped
        """Set by `stop`."""
        self._still = False
        self.announce: Callable[[], None] = lambda: None
        """Called after each new Library, by the thread that made it."""
        self._lock = threading.Lock()

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
        self._still = self.inputs.files.stop_watching = True
        if not read_cache:
            self.cache.forget()

    def settle(self) -> None:
        """Look until each source is as it lies on the disk. Raises UnsettledError where one is always being written."""
        for _ in range(TRIES):
            self.refresh()
            if not self.inputs.sources.unsettled:
                return
            time.sleep(SETTLING)
        raise unsettled(f"{self._settings.pages}/{min(self.inputs.sources.unsettled)}")

    def prune_cache(self) -> None:
        """See to it that the cache stays within its bounds."""
        self.cache.prune(room_for(len(self.inputs.sources.inventory.stamps)))

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
        return self.documents.render_missing(pages, self.inputs.files.digest, jobs)

    def leave_out(self, faults: Mapping[str, tuple[Fault, ...]]) -> None:
        """Go on with a Library that lacks these pages, by their paths, and tells their faults."""
        snapshot = self.library.snapshot
        pages = tuple(page for page in snapshot.pages if page.path not in faults)
        told = (*snapshot.faults, *chain.from_iterable(faults.values()))
        self._library = Library(replace(snapshot, pages=pages, faults=told))
        self._library.prepare()

    def start_worker(self) -> None:
        """Begin to load what bodies are rendered with: something is going to be asked of it."""
        self._workers.start_worker()

    def start_rendering(self) -> None:
        """Begin to render the first of the bodies that no earlier process has read. `fill` waits for them."""
        pages = (page for page in self.library.published if page.path in self.inputs.sources.news)
        self.documents.start_rendering(islice(pages, RENDERING), self.inputs.files.digest)

    def save_readings(self) -> None:
        """Have the cache keep what was read, for the next process."""
        with self._lock:
            self.inputs.sources.save_readings()

    @property
    def is_outdated(self) -> bool:
        """Whether the engine's code on the disk is another than the one that this process runs."""
        return self._workers.is_of_other_engine

    def _keep_nothing_rendered(self) -> None:
        """What the new engine renders must not be found under the name of the old one."""
        self.cache.refuse(RENDERED)
        self._log.warning("The engine was changed since this process started. Start it again.")

    @property
    def held(self) -> frozenset[str]:
        """The sources, as Faults name them, whose last good version stands in for one with errors."""
        return frozenset(f"{self._settings.pages}/{path}" for path in self.inputs.held)

    def refresh(self) -> bool:
        """Look once. True where there is a new Library."""
        with self._lock:
            try:
                is_new = self._refreshed()
            except BaseException:  # What the look found counts as read already, and did not come into a Library.
                self.inputs.sources.try_again_at = 0.0
                raise
        if is_new and not self.inputs.sources.unsettled:  # What is being written makes another one in a moment.
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
            self.save_readings()
            self.prune_cache()  # A server that never freezes fills it, too.
        except Exception:  # A scan that fails must not be the last one.
            self._log.exception("The sources could not be looked at; readers keep what they have.")
            return PATIENCE
        scan = time.monotonic() - started
        return min(
            0.5, max(0.02, self.inputs.sources.settling, scan) if self.inputs.sources.unsettled else max(0.2, 8 * scan)
        )

    def _refreshed(self) -> bool:
        look = self.inputs.look()
        if not self._is_due() and not self.inputs.is_news(look):
            return False
        self.inputs.read(look)
        if self._library is None:
            self.inputs.read_all()
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

    def _is_due(self) -> bool:
        """Whether another Library is due, though nothing was edited."""
        library, now = self._library, self._clock()
        if library is None or (library.next_change is not None and now >= library.next_change):
            return True
        return now < library.snapshot.now - CLOCK_STEP  # The clock was ahead, and pages of tomorrow are shown.

    def _owners(self) -> Owners:
        """Which page had each address: in the Library before, or by what an earlier process kept."""
        if self._library:
            return self._library.owners
        kept = self.cache.value("owners", self._key_of_owners())
        return kept if isinstance(kept, dict) else {}

    def _key_of_owners(self) -> Digest:
        return digest_of((str(self._settings.pages_folder.resolve()), self.preview))

    def _snapshot(self, owners: Owners) -> Snapshot:
        index = partial(self._search_index.index, preview=self.preview)
        return self.inputs.snapshot(self._clock(), self.preview, owners, self.documents.document, index)

    def _tell(self, library: Library) -> None:
        """Log each fault once: when it appears. A command tells of them itself."""
        if self._still:
            return
        known = set(self._library.faults) if self._library else set()
        for fault in library.faults:
            if fault not in known:
                self._log.warning("%s", fault)
