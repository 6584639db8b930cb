"""What `check` would say, for the banner of the preview: found in a thread of its own, and remembered.

A site of a thousand articles takes seconds to check for the first time, and no request waits for that: the banner
shows what is known, and says where there may be more. After an edit only what the edit touched is asked again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from weakref import ReferenceType, ref

from trigpoint.fault_formats import summary_lines
from trigpoint.faults import Fault
from trigpoint.freezing.ledger import Ledger
from trigpoint.freezing.plan import addresses_of, note_checker_of
from trigpoint.freezing.source_checks import all_faults, checked_pages
from trigpoint.library.library import Library
from trigpoint.web.site import Preview, Site

WAIT = 0.25
"""Seconds that a page of the preview waits for the check of an edit: a small site's is done by then."""

RUNS = 100
"""After so many checks the notes of the earlier ones are forgotten."""


class PreviewFaults:
    """The findings of the newest Library that was checked, as readers would have it: without drafts."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._library: ReferenceType[Library] | None = None
        self._faults: tuple[Fault, ...] = ()
        self._ledger = Ledger()
        self._runs = 0
        self._lock = threading.Lock()
        self._running: threading.Thread | None = None

    def of(self, path: str) -> Preview:
        """What is known now. `path` is the source of the page that is shown, whose own faults come at once."""
        library = self._site.loader.library
        is_done = self._is_of(library) or self._has_checked(library)
        faults = set(self._faults)
        if path:
            shown = f"{self._site.settings.pages}/{path}"
            faults.update(library.document(path).faults if not is_done or library.notice(path) else ())
            faults.update(fault for fault in library.faults if fault.path == shown)
        if not is_done:
            faults.update(library.faults)
        return _preview(faults, not is_done)

    def _is_of(self, library: Library) -> bool:
        return self._library is not None and self._library() is library

    def _has_checked(self, library: Library) -> bool:
        """See to it that this Library is checked; whether that is done within the time that a page may wait."""
        with self._lock:
            if self._running is None or not self._running.is_alive():
                self._running = threading.Thread(target=self._check, name="preview", daemon=True)
                self._running.start()
            running = self._running
        running.join(WAIT)
        return self._is_of(library)

    def _check(self) -> None:
        library = self._site.loader.library
        site = _as_read(self._site, library)
        addresses = addresses_of(site)
        self._runs += 1
        ledger = Ledger() if self._runs % RUNS == 0 else self._ledger
        checked = checked_pages(site, addresses, ledger, note_checker_of(site, addresses, ledger))
        self._ledger = replace(ledger, lists_digest=site.loader.library.lists_digest, checked=checked)
        self._faults, self._library = all_faults(site, addresses, checked), ref(library)


def _preview(faults: Iterable[Fault], is_unfinished: bool) -> Preview:
    faults = tuple(faults)
    errors, warnings = ([fault for fault in faults if fault.warning == kind] for kind in (False, True))
    told, also = tuple(summary_lines(errors)), tuple(summary_lines(warnings))
    return Preview(told, also, len(errors), len(warnings), is_unfinished)


class _Still:
    """A loader of one Library, which is that of the preview without what readers do not see."""

    def __init__(self, site: Site, library: Library) -> None:
        self.library = Library(replace(library.snapshot, preview=False))
        self._loader = site.loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


def _as_read(site: Site, library: Library) -> Site:
    return Site(site.app, site.settings, _Still(site, library), site.assets)  # type: ignore[arg-type]
