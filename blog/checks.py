"""What must hold before a site is published; each finding is a Fault in the source file, at its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from blog.addresses import Target
from blog.answers import Site
from blog.content import Page, Source
from blog.faults import Fault, errors
from blog.files import INDEX, hidden_files
from blog.leaks import hidden_address, links_in, path_on_site
from blog.ledger import Checked, Judge, Ledger, Table
from blog.library import Library, hidden_pages
from blog.markup import Link
from blog.notes import ask, recording
from blog.outputs import place_faults, taken_aliases
from blog.plan import addresses_of, judge_of
from blog.suggestions import Suggestions, suggestion
from blog.template_checks import compile_faults, page_faults


def findings(site: Site) -> tuple[Fault, ...]:
    """Every fault of the sources and templates: what would end a freeze is here. Nothing old is trusted."""
    addresses, nothing = addresses_of(site), Ledger()
    checked = checked_pages(site, addresses, nothing, judge_of(site, addresses, nothing))
    found = {*faults_in(site.loader.library, checked), *site_faults(site, addresses)}
    if not errors(found):  # With a page at fault its neighbours can't be made, and that is told already.
        found |= {*page_faults(site)}
    return tuple(sorted(found))


def site_faults(site: Site, addresses: tuple[str, ...]) -> tuple[Fault, ...]:
    """What is wrong with the site as a whole: places that two things want, and templates. `addresses` are all of it."""
    taken = tuple(taken_aliases(site, addresses))
    places = () if taken else place_faults(site, addresses)
    return tuple(sorted({*taken, *places, *hidden_files(site), *compile_faults(site)}))


def faults_in(library: Library, checked: Mapping[str, Checked]) -> tuple[Fault, ...]:
    """The Library's own faults and those of its pages, in order, each once."""
    return tuple(sorted({*library.faults, *(fault for each in checked.values() for fault in each.faults)}))


def checked_pages(site: Site, addresses: tuple[str, ...], ledger: Ledger, judge: Judge) -> dict[str, Checked]:
    """What is found in each page, by its path: of rendering it, and of its links. `addresses` are all of the site.

    What the ledger says of a page is taken from there while its notes hold; new notes go into its table.
    """
    library, known = site.loader.library, frozenset(addresses)
    suggestions = Suggestions(library.addresses, known)
    hidden = {page.address: f"{site.settings.pages}/{page.path}" for page in hidden_pages(library)}
    links = _Links(
        library, site.settings.pages, known, suggestions, hidden, site.settings.base_url, site.loader.sources.source
    )
    found: dict[str, Checked] = {}
    for page in library.published:
        last = ledger.checked.get(page.path)
        found[page.path] = last if last and not judge.stale_note(last.notes) else _checked(page, links, ledger.table)
    return found


def _checked(page: Page, links: _Links, table: Table) -> Checked:
    with recording() as record:
        faults = {
            *links.library.document(page.path).faults,
            *links.dead(page),
            *links.whole(page),
            *bad_pictures(links.library, page),
        }
    return Checked(tuple(sorted(faults)), table.numbers(record.notes))


TOP = "top"
"""The start of any page, in any case. Source: HTML Standard, 7.4.6.4."""

PROBLEMS = {
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
            yield Fault(shown, link.line, 0, f'"{link.target}" {sentence}.', cure, warning=is_warning)


@dataclass(frozen=True, slots=True)
class _Links:
    """The links of a Library's pages; `known` are all addresses of the site, not percent-encoded."""

    library: Library
    folder: str
    known: frozenset[str]
    suggestions: Suggestions
    hidden: Mapping[str, str]
    base_url: str
    source: Callable[[str], Source | None]

    def whole(self, page: Page) -> Iterator[Fault]:
        """A Fault for each link with our own host in it that leads to a page which readers do not see."""
        document = self.library.document(page.path)
        html = document.html(lambda link: "") if self.hidden else ""
        if urlsplit(self.base_url).netloc not in html:
            return
        for link in sorted(links_in(html)):
            address = hidden_address(path_on_site(link, self.base_url), self.hidden, self.known)
            if address and link:
                line = _line_of(link, self.source(page.path))
                sentence = f'"{link}" leads to a page that readers do not see: {self.hidden[address]}.'
                yield Fault(f"{self.folder}/{page.path}", line, 0, sentence, "Take the link out, or publish that page.")

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
            return f'"{link.target}" leads to no {kind}.', self.suggestions.cure(link.target, page.path)
        if target.page and target.fragment:
            return self._why_no_heading(link, target)
        return None

    def _is_known(self, target: Target) -> bool:
        """A page and its own headings are known already; an address must be one of the site's."""
        if target.page or target.address.startswith(("#", "?")):
            return True
        path = unquote(urlsplit(target.address).path)
        return any(map(self._is_address, (path, f"{path}/", f"{path.rstrip('/')}/{INDEX}")))

    def _is_address(self, path: str) -> bool:
        return ask("known", (path,), lambda: path in self.known)

    def _why_no_heading(self, link: Link, target: Target) -> tuple[str, str] | None:
        ids = self.library.anchors(target.page)
        if unquote(target.fragment) in ids or target.fragment in ids or target.fragment.lower() == TOP:
            return None
        return (
            f'"{link.target}" leads to no heading of {self.folder}/{target.page}.',
            suggestion(target.fragment, ids),
        )


def _line_of(text: str, source: Source | None) -> int:
    """The line of the file in whose body this stands first; 0 where it is written in another way."""
    body = (source.body or "") if source else ""
    return source.body_line + body.count("\n", 0, body.find(text)) if source and text in body else 0
