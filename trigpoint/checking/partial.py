"""The findings of some files, without a check of all others: what an editor, a hook or a pull request asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

from trigpoint.checking.selection import LINKS, Selection
from trigpoint.content.pages import Page, Post
from trigpoint.faults import Fault
from trigpoint.freezing.checks.sources import all_faults, checked_pages, findings
from trigpoint.freezing.ledger import Ledger
from trigpoint.freezing.plan import addresses_of, note_checker_of
from trigpoint.library.library import Library
from trigpoint.library.snapshot import begins_of, hidden_because
from trigpoint.web.site import Site, with_library
from trigpoint.writing.listing import state_of


def findings_of(site: Site, selection: Selection) -> tuple[Fault, ...]:
    """The faults in the selected files. A draft among them is looked at as if it were published."""
    pages = (page.path for page in site.loader.library.snapshot.pages)
    chosen = {path for path in pages if selection.covers(f"{site.settings.pages}/{path}")}
    found = {*_once_published(site, chosen)}
    if selection.is_less or any(path.startswith("templates") for path in selection.paths):
        found.update(findings(site))
    return tuple(sorted(fault for fault in found if _is_wanted(fault, selection)))


def _is_wanted(fault: Fault, selection: Selection) -> bool:
    return selection.covers(fault.path) or (selection.is_less and fault.kind in LINKS)


def of_hidden(site: Site, chosen: Collection[str]) -> tuple[Fault, ...]:
    """The faults in these sources of pages that readers do not see, as if they did."""
    files = {f"{site.settings.pages}/{path}" for path in chosen}
    return tuple(fault for fault in _once_published(site, chosen) if fault.path in files) if chosen else ()


def of_pages_to_come(site: Site) -> tuple[Fault, ...]:
    """What would be wrong with the pages to come, once readers see them: warnings, as that is not yet."""
    snapshot = site.loader.library.snapshot
    coming = {page.path: begins_of(page) for page in snapshot.pages if state_of(page, snapshot.now) == "future"}
    days = {f"{site.settings.pages}/{path}": f"{begins:%Y-%m-%d}" for path, begins in coming.items()}
    known = frozenset(site.loader.library.faults)
    return tuple(
        replace(fault, sentence=f"{fault.sentence} Readers see this page from {days[fault.path]} on.", warning=True)
        for fault in of_hidden(site, coming)
        if fault not in known
    )


def _once_published(site: Site, chosen: Collection[str]) -> tuple[Fault, ...]:
    """The faults of the site where these pages are checked, and no others, as if readers saw them."""
    snapshot = site.loader.library.snapshot
    pages = tuple(_published(page, snapshot.now) if page.path in chosen else page for page in snapshot.pages)
    shown = with_library(site, Library(replace(snapshot, pages=pages, preview=False)))
    addresses, nothing = addresses_of(shown), Ledger()
    checked = checked_pages(shown, addresses, nothing, note_checker_of(shown, addresses, nothing), only=chosen)
    return all_faults(shown, addresses, checked)


def _published(page: Page, now: dt.datetime) -> Page:
    """The page as it is once its author lets readers see it."""
    if not hidden_because(page, now):
        return page
    seen = replace(page, draft=False, hidden_by="", appears=None, expires=None)
    return replace(seen, date=min(seen.date, now)) if isinstance(seen, Post) else seen
