"""What must hold before a site is published; each finding is a Fault in the source file, at its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote, urlsplit

from blog.addresses import Target
from blog.answers import Site
from blog.clashes import frozen_place
from blog.content import Page, Source
from blog.cover_checks import ASSETS, line_of
from blog.cover_checks import KIND as BROKEN_COVER
from blog.edition import edition
from blog.faults import Fault, did_you_mean
from blog.headers import DIRECTIVES
from blog.ledger import Checked, Judge, Ledger, Table
from blog.library import Library
from blog.markup import Link
from blog.notes import ask, recording
from blog.plan import addresses_of, judge_of
from blog.policy_checks import Policy, blocked
from blog.settings import Settings
from blog.site_checks import site_faults
from blog.templating import NotedSettings


def findings(site: Site) -> tuple[Fault, ...]:
    """Every fault of the sources: of reading, of rendering, of links, of the settings. Nothing old is trusted."""
    addresses, nothing = addresses_of(site), Ledger()
    checked = checked_pages(site, addresses, nothing, judge_of(site, addresses, nothing))
    return all_faults(site, addresses, checked)


def all_faults(site: Site, addresses: tuple[str, ...], checked: Mapping[str, Checked]) -> tuple[Fault, ...]:
    """The faults of the Library, of its pages and of the site as a whole, in order, each once."""
    of_site = (*taken_aliases(site, addresses), *site_faults(site.settings, frozenset(addresses)))
    return tuple(sorted({*faults_in(site.loader.library, checked), *of_site}))


def faults_in(library: Library, checked: Mapping[str, Checked]) -> tuple[Fault, ...]:
    """The Library's own faults and those of its pages, in order, each once."""
    return tuple(sorted({*library.faults, *(fault for each in checked.values() for fault in each.faults)}))


def checked_pages(site: Site, addresses: tuple[str, ...], ledger: Ledger, judge: Judge) -> dict[str, Checked]:
    """What is found in each page, by its path: of rendering it, and of its links. `addresses` are all of the site.

    What the ledger says of a page is taken from there while its notes hold; new notes go into its table.
    """
    settings = cast(Settings, NotedSettings(site.settings))
    links = _Links(site.loader.library, site.settings.pages, frozenset(addresses))
    found: dict[str, Checked] = {}
    for page in site.loader.library.published:
        known = ledger.checked.get(page.path)
        found[page.path] = (
            known if known and not judge.stale_note(known.notes) else _checked(page, links, settings, ledger.table)
        )
    return found


def taken_aliases(site: Site, addresses: tuple[str, ...]) -> Iterator[Fault]:
    """A Fault for each alias that is an address of the site besides: some hosts would follow it, others would not.

    `addresses` are all of the site, its aliases last.
    """
    library = site.loader.library
    aliases = frozenset(library.redirects())
    own = frozenset(addresses[: len(addresses) - len(aliases)]) if aliases else frozenset()
    for page in library.published:
        for alias in page.aliases:
            if alias in aliases and frozen_place(alias) in own:
                line = _line_of(alias, page.source)
                shown = f"{site.settings.pages}/{page.path}"
                yield Fault(
                    shown,
                    line,
                    0,
                    f'The alias "{alias}" is an address of the site.',
                    "Take it out.",
                    kind="alias-taken",
                )


def _line_of(alias: str, source: Source) -> int:
    """The line of the front matter that says it; 0 where it is written in another way."""
    lines = source.header.split("\n")
    first = source.body_line - len(lines)
    return next((number for number, line in enumerate(lines, first) if alias.strip("/") in line), 0)


def _checked(page: Page, links: _Links, settings: Settings, table: Table) -> Checked:
    with recording() as record:
        ask("edition", (), edition)  # Another program may look for more.
        document = links.library.document(page.path)
        faults = {*document.faults, *links.dead(page), *bad_pictures(links.library, page), *links.dead_cover(page)}
        if document.resources:
            policy = Policy.of(DIRECTIVES, settings.base_url)
            faults.update(blocked(document.resources, policy, f"{links.folder}/{page.path}"))
    return Checked(tuple(sorted(faults)), table.numbers(record.notes))


PROBLEMS = {
    "lfs": ("is a Git LFS pointer, not the picture itself", "Run `git lfs pull`.", False),
    "unknown": ("is no picture that can be read", "Is it text, or of another kind than its name says?", False),
    "too large": ("has more than 40 million pixels", "Make it smaller: no screen shows so many.", False),
    "cut off": ("is damaged or cut off", "It is served as it is; save it anew.", True),
}
"""What is said of a picture with this problem, how to mend it, and whether that is only a warning."""


def bad_pictures(library: Library, page: Page) -> Iterator[Fault]:
    """A Fault for each picture in this page that is none, or that nobody should have to load."""
    for link in library.document(page.path).links:
        file = library.target(link.target, page.path).file if link.embedded else ""
        picture = library.picture(file) if file else None
        if picture and picture.problem:
            sentence, cure, is_warning = PROBLEMS[picture.problem]
            shown = f"{library.contents.folder}/{page.path}"
            said = f'"{link.target}" {sentence}.'
            yield Fault(shown, link.line, 0, said, cure, is_warning, "picture", link.target)


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
                yield Fault(shown, link.line, 0, *found, kind="link-dead", subject=link.target)

    def dead_cover(self, page: Page) -> Iterator[Fault]:
        """A Fault where the cover is an asset that is not there; of all other covers the Library knows."""
        if page.cover and page.cover.image.startswith(ASSETS) and not self._is_address(unquote(page.cover.image)):
            sentence = f'The cover\'s image is "{page.cover.image}", and there is no such file.'
            cure = did_you_mean(page.cover.image, (known for known in self.known if known.startswith(ASSETS)))
            line = line_of(page.cover, page.source)
            yield Fault(f"{self.folder}/{page.path}", line, 0, sentence, cure, kind=BROKEN_COVER)

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
        return self._is_address(path) or self._is_address(f"{path}/")

    def _is_address(self, path: str) -> bool:
        return ask("known", (path,), lambda: path in self.known)

    def _why_no_heading(self, link: Link, target: Target) -> tuple[str, str] | None:
        ids = self.library.anchors(target.page)
        if unquote(target.fragment) in ids or target.fragment in ids:
            return None
        return (
            f'"{link.target}" leads to no heading of {self.folder}/{target.page}.',
            did_you_mean(target.fragment, ids),
        )
