"""The findings of some files, without a check of all others: what an editor, a hook or a pull request asks for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from trigpoint.checking.selection import LINKS, Selection
from trigpoint.content.pages import Page, Post
from trigpoint.faults import Fault
from trigpoint.freezing.checks.sources import all_faults, checked_pages, findings
from trigpoint.freezing.ledger import Ledger
from trigpoint.freezing.plan import addresses_of, note_checker_of
from trigpoint.library.library import Library
from trigpoint.library.snapshot import hidden_because
from trigpoint.web.site import Site, with_library


def findings_of(site: Site, selection: Selection) -> tuple[Fault, ...]:
    """The faults in the selected files. A draft among them is looked at as if it were published."""
    if selection.is_less or any(path.startswith("templates") for path in selection.paths):
        found = {*findings(site), *_of_pages(site, selection)}
    else:
        found = {*_of_pages(site, selection)}
    return tuple(sorted(fault for fault in found if _is_wanted(fault, selection)))


def _is_wanted(fault: Fault, selection: Selection) -> bool:
    return selection.covers(fault.path) or (selection.is_less and fault.kind in LINKS)


def _of_pages(site: Site, selection: Selection) -> tuple[Fault, ...]:
    folder = site.settings.pages
    snapshot = site.loader.library.snapshot
    chosen = {page.path for page in snapshot.pages if selection.covers(f"{folder}/{page.path}")}
    pages = tuple(_published(page, snapshot.now) if page.path in chosen else page for page in snapshot.pages)
    shown = with_library(site, Library(replace(snapshot, pages=pages)))
    addresses, nothing = addresses_of(shown), Ledger()
    checked = checked_pages(shown, addresses, nothing, note_checker_of(shown, addresses, nothing), only=chosen)
    return all_faults(shown, addresses, checked)


def _published(page: Page, now: dt.datetime) -> Page:
    """The page as it is once its author lets readers see it."""
    if not hidden_because(page, now):
        return page
    seen = replace(page, draft=False, hidden_by="", appears=None, expires=None)
    return replace(seen, date=min(seen.date, now)) if isinstance(seen, Post) else seen
