"""What `check` would say, for the banner of the preview: found in a thread of its own, and remembered.

A site of a thousand articles takes seconds to check for the first time, and no request waits for that: the banner
shows what is known, and says where there may be more. After an edit only what the edit touched is asked again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from weakref import ReferenceType, ref

from flask import request

from trigpoint.checking.partial import of_hidden
from trigpoint.content.places import address_by_name
from trigpoint.fault_formats import summary_lines
from trigpoint.faults import Fault, errors
from trigpoint.file_reading import UnsettledError
from trigpoint.freezing.checks.sources import all_faults, checked_pages
from trigpoint.freezing.checks.vanished import losses
from trigpoint.freezing.ledger import Ledger
from trigpoint.freezing.plan import addresses_of, note_checker_of
from trigpoint.freezing.releases import Releases
from trigpoint.inventory import is_source
from trigpoint.library.library import Library
from trigpoint.library.snapshot import hidden_pages
from trigpoint.loading.tag_registry import REGISTRY
from trigpoint.preview.last_check import LastCheck
from trigpoint.settings import FILE
from trigpoint.web.failures import source_of
from trigpoint.web.kinds import AddressError
from trigpoint.web.middleware import IS_LIVE
from trigpoint.web.site import Preview, Site, with_library

LATER = 0.3
"""Seconds after which a check begins that nobody waits for: by then the open page shows the edit."""

WAIT = 0.25
"""Seconds that a page of the preview waits for the check of an edit: a small site's is done by then."""

NOT_CONFIGURED = "base-url-example"
"""The kind of the finding that the site's address is still to be written, which is told by what publishes."""

RUNS = 100
"""After so many checks the notes of the earlier ones are forgotten."""


class PreviewFaults:
    """The findings of the newest Library that was checked, as readers would have it: without drafts.

    `of_settings` gives what is wrong with site.toml now; `announce` is called when a check is done.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self.of_settings: Callable[[], tuple[Fault, ...]] = tuple
        self.announce: Callable[[], None] = lambda: None
        self._library: ReferenceType[Library] | None = None
        self._last, self._of_hidden = LastCheck(), LastCheck()
        self._ledger = Ledger()
        self._released: tuple[Path | None, Ledger | None] = None, None
        self._runs = 0
        self._lock = threading.Lock()
        self._running: threading.Thread | None = None

    def of(self, path: str) -> Preview:
        """What is known now. `path` is the source of the page that is shown, whose own faults come at once."""
        library = self._site.loader.library
        is_live = IS_LIVE in request.environ
        is_done = self._is_of(library) or self._has_checked(library, 0 if is_live else WAIT)
        faults = {*self._last.faults, *self.of_settings()}
        if path:
            shown = f"{self._site.settings.pages}/{path}"
            own = self._in_body(library, path) if not is_done or library.notice(path) else ()
            faults = {fault for fault in faults if fault.path != shown or is_done}
            faults.update(own, self._still(library, path), (each for each in library.faults if each.path == shown))
        if not is_done:
            faults.update(library.faults)
        here = faults & {*self.of_page(request.path)}
        # Later the corner says that it is unfinished, and nothing moves.
        return _preview(faults, here, not is_done and self._library is None)

    def of_page(self, address: str) -> tuple[Fault, ...]:
        """The errors in the source of the page at this address, and in the files that belong to every page."""
        library, folder = self._site.loader.library, self._site.settings.pages
        source = source_of(library, address)
        shown = {f"{folder}/{source}"} if source else {f"{folder}/{path}" for path in self._wanting(library, address)}
        known = {*self._still(library, source), *(fault for fault in self._last.faults if fault.path == FILE)}
        own = self._in_body(library, source) if is_source(source, self._site.settings.is_lenient) else ()
        found = {*known, *library.faults, *own, *self.of_settings()}
        everywhere = (f"{folder}/{REGISTRY}", FILE)
        return errors(fault for fault in found if fault.path in shown or fault.path in everywhere)

    def _still(self, library: Library, path: str) -> tuple[Fault, ...]:
        """What the last check found in this source, as far as it still holds; of a draft, as if it were published."""
        return tuple(
            fault for last in (self._last, self._of_hidden) for fault in last.still(library, self._site.settings, path)
        )

    def _in_body(self, library: Library, path: str) -> tuple[Fault, ...]:
        """What is wrong with the body of a page; of a file with errors in its header, it is that of another version."""
        return () if path in library.snapshot.held else library.document(path).faults

    def _wanting(self, library: Library, address: str) -> Iterator[str]:
        """The sources with errors whose page would stand at this address, and is not there."""
        folder = f"{self._site.settings.pages}/"
        for fault in library.faults:
            path = fault.path.removeprefix(folder)
            if is_source(path, self._site.settings.is_lenient) and address_by_name(path) == address:
                yield path

    @property
    def is_checking(self) -> bool:
        """Whether there may be more than what is known: a check runs, whose end will be announced."""
        running = self._running
        return running is not None and running.is_alive() and not self._is_of(self._site.loader.library)

    def _is_of(self, library: Library) -> bool:
        return self._library is not None and self._library() is library

    def _has_checked(self, library: Library, wait: float) -> bool:
        """See to it that this Library is checked; whether that is done within the time that a page may wait."""
        with self._lock:
            if self._running is None or not self._running.is_alive():
                pause = 0 if wait else LATER
                self._running = threading.Thread(target=self._check, args=(pause,), name="preview", daemon=True)
                self._running.start()
            running = self._running
        if wait:
            running.join(wait)
        return self._is_of(library)

    def _check(self, pause: float) -> None:
        """Check the Library of this moment, and the ones that come meanwhile."""
        while not self._is_done():
            time.sleep(pause)
            before = self._last.faults
            try:
                self._check_once()
            except AddressError as error:
                library = self._site.loader.library
                found = {*library.faults, error.fault}
                self._last, self._library = LastCheck.of(library, self._site.settings, found), ref(library)
            except (UnsettledError, FileNotFoundError):  # A file is being written, or has just gone: look again soon.
                pause = LATER
                continue
            self._tell(before)
            self.announce()  # Whatever was found: a page may have asked meanwhile, and says that it waits.

    def _is_done(self) -> bool:
        """Whether the Library of this moment is checked. Then this thread ends, and the next edit begins another."""
        with self._lock:
            is_done = self._is_of(self._site.loader.library)
            self._running = None if is_done else self._running
            return is_done

    def _tell(self, before: Iterable[Fault]) -> None:
        """Log what this check has found first: what the loader finds it has logged itself."""
        known = {*before, *self._site.loader.library.faults}
        for line in summary_lines([fault for fault in self._last.faults if fault not in known]):
            self._site.app.logger.warning("%s", line)

    def _check_once(self) -> None:
        library = self._site.loader.library
        site = with_library(self._site, Library(replace(library.snapshot, preview=False)))
        addresses = addresses_of(site)
        self._runs += 1
        ledger = Ledger() if self._runs % RUNS == 0 else self._ledger
        checked = checked_pages(site, addresses, ledger, note_checker_of(site, addresses, ledger))
        self._ledger = replace(ledger, lists_digest=site.loader.library.lists_digest, checked=checked)
        lost = losses(site, addresses, ledger=self._ledger_of_release())
        found = {*(each for each in all_faults(site, addresses, checked) if each.kind != NOT_CONFIGURED), *lost}
        hidden = of_hidden(self._site, {page.path for page in hidden_pages(library.snapshot)})
        self._last, self._of_hidden = (LastCheck.of(library, site.settings, each) for each in (found, hidden))
        self._library = ref(library)

    def _ledger_of_release(self) -> Ledger | None:
        """That of the newest release, read once: it is large."""
        release = Releases.of(self._site.settings).newest
        if release and release.path != self._released[0]:
            self._released = release.path, release.ledger
        return self._released[1] if release else None


def _preview(faults: Iterable[Fault], here: Collection[Fault], is_unfinished: bool) -> Preview:
    """What the banner says of these faults; the overlay tells of those that are `here`."""
    faults = tuple(faults)
    elsewhere, warnings = ([fault for fault in faults if fault.warning == kind] for kind in (False, True))
    elsewhere = [fault for fault in elsewhere if fault not in here]
    told, also = tuple(summary_lines(elsewhere)), tuple(summary_lines(warnings))
    return Preview(told, also, len(elsewhere) + len(here), len(warnings), len(here), is_unfinished)
