"""What must hold before a site is published; each finding is a Fault in the source file, at its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from blog.addresses import Target
from blog.answers import Site, all_addresses
from blog.content import Page
from blog.faults import Fault, did_you_mean
from blog.library import Library
from blog.markup import Link


def findings(site: Site) -> tuple[Fault, ...]:
    """Every fault of the sources: of reading, of rendering, and of links that lead nowhere."""
    library = site.loader.library
    with site.app.test_request_context():
        known = frozenset(unquote(address) for address in all_addresses(library))
    links = _Links(library, site.settings.pages, known)
    found = list(library.faults)
    for page in library.published:
        found += library.document(page.path).faults
        found += links.dead(page)
    return tuple(sorted(set(found)))


@dataclass(frozen=True, slots=True)
class _Links:
    """The links of a Library's pages; `known` are all addresses of the site, not percent-encoded."""

    library: Library
    folder: str
    known: frozenset[str]

    def dead(self, page: Page) -> Iterator[Fault]:
        """A Fault for each link of this page that leads nowhere."""
        shown = f"{self.folder}/{page.path}"
        for link in self.library.document(page.path).links:
            found = self._why_dead(page, link)
            if found:
                yield Fault(shown, link.line, 0, *found)

    def _why_dead(self, page: Page, link: Link) -> tuple[str, str] | None:
        target = self.library.target(link.target, page.path)
        if not target.found or not self._is_known(target):
            kind = "picture or file" if link.embedded else "page or file"
            addresses = self.library.addresses
            nearest = did_you_mean(link.target, [*addresses.pages, *addresses.files, *self.known])
            return f'"{link.target}" leads to no {kind}.', nearest
        if target.page and target.fragment:
            return self._why_no_heading(link, target)
        return None

    def _is_known(self, target: Target) -> bool:
        """A page and its own headings are known already; an address must be one of the site's."""
        if target.page or target.address.startswith(("#", "?")):
            return True
        path = unquote(urlsplit(target.address).path)
        return path in self.known or f"{path}/" in self.known

    def _why_no_heading(self, link: Link, target: Target) -> tuple[str, str] | None:
        ids = self.library.document(target.page).ids
        if unquote(target.fragment) in ids or target.fragment in ids:
            return None
        return (
            f'"{link.target}" leads to no heading of {self.folder}/{target.page}.',
            did_you_mean(target.fragment, ids),
        )
