"""What must hold before a site is published; each finding is a Fault in the source file, at its line."""

from __future__ import annotations

from collections.abc import Iterator

from blog.answers import Site
from blog.content import Page
from blog.faults import Fault, did_you_mean
from blog.library import Library
from blog.markup import Link


def findings(site: Site) -> tuple[Fault, ...]:
    """Every fault of the sources: of reading, of rendering, and of links that lead nowhere."""
    library, folder = site.loader.library, site.settings.pages
    found = list(library.faults)
    for page in library.published:
        found += library.document(page.path).faults
        found += _dead_links(library, page, folder)
    return tuple(sorted(set(found)))


def _dead_links(library: Library, page: Page, folder: str) -> Iterator[Fault]:
    for link in library.document(page.path).links:
        fault = _dead(library, page, link, f"{folder}/{page.path}")
        if fault:
            yield fault


def _dead(library: Library, page: Page, link: Link, shown: str) -> Fault | None:
    target = library.target(link.target, page.path)
    if not target.found:
        kind = "picture or file" if link.embedded else "page or file"
        nearest = did_you_mean(link.target, [*library.addresses.pages, *library.addresses.files])
        return Fault(shown, link.line, 0, f'"{link.target}" leads to no {kind}.', nearest)
    if target.page and target.fragment and target.fragment not in library.document(target.page).ids:
        ids = library.document(target.page).ids
        return Fault(
            shown,
            link.line,
            0,
            f'"{link.target}" leads to no heading of {folder_of(shown)}{target.page}.',
            did_you_mean(target.fragment, ids),
        )
    return None


def folder_of(shown: str) -> str:
    return shown.split("/")[0] + "/"
