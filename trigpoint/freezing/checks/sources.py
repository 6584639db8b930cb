"""Checks of the sources before a freeze: links, anchors, pictures. Each finding is a Fault at its line."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, cast
from unicodedata import normalize
from urllib.parse import quote, unquote, urlsplit

from trigpoint.content.pages import Page, Post, Source
from trigpoint.faults import Fault, errors
from trigpoint.freezing.checks.assets import (
    blocked_in_assets,
    broken_stylesheets,
    dead_assets,
    misencoded_assets,
)
from trigpoint.freezing.checks.host_files import own_rules
from trigpoint.freezing.checks.leaks import hidden_address, links_in, path_on_site
from trigpoint.freezing.checks.outputs import place_faults, taken_aliases, taken_variants
from trigpoint.freezing.checks.policy import Policy, blocked
from trigpoint.freezing.checks.site import site_faults
from trigpoint.freezing.checks.templates import blocked_in_templates, compile_faults, empty_folders, page_faults
from trigpoint.freezing.checks.words import words_faults
from trigpoint.freezing.ledger import Ledger, NoteChecker, NoteTable, PageCheck
from trigpoint.freezing.plan import KNOWN, addresses_of, note_checker_of
from trigpoint.library.addresses import Target
from trigpoint.library.cover_checks import ASSETS
from trigpoint.library.cover_checks import KIND as BROKEN_COVER
from trigpoint.library.library import Library
from trigpoint.library.snapshot import expired_addresses
from trigpoint.library.suggestions import Suggestions, place_suggestion, suggestion
from trigpoint.markup.document import Link
from trigpoint.notes import Digest, ask, recording
from trigpoint.settings import Settings
from trigpoint.web.files.author import INDEX, hidden_files, withheld_files
from trigpoint.web.files.code import changed_code
from trigpoint.web.files.images import can_draw_title, damaged_fonts
from trigpoint.web.head import has_card
from trigpoint.web.kinds import AddressError
from trigpoint.web.site import PROGRAM, Site
from trigpoint.web.templating import NotedSettings


def findings(site: Site) -> tuple[Fault, ...]:
    """Every fault of the sources, templates and settings: what would end a freeze is here. Nothing old is trusted."""
    try:
        addresses, nothing = addresses_of(site), Ledger()
    except AddressError as error:  # Nothing that leads anywhere can be looked at.
        return tuple(sorted({*site.loader.library.faults, error.fault}))
    checked = checked_pages(site, addresses, nothing, note_checker_of(site, addresses, nothing))
    found = all_faults(site, addresses, checked)
    if not errors(found):  # With a page at fault its neighbours can't be made, and that is reported already.
        found = (*found, *page_faults(site))
    return tuple(sorted({*found}))


def all_faults(site: Site, addresses: tuple[str, ...], checked: Mapping[str, PageCheck]) -> tuple[Fault, ...]:
    """The faults of the Library, of its pages and of the site as a whole, in order, each once."""
    return tuple(sorted({*faults_in(site.loader.library, checked), *_whole_site(site, addresses)}))


def _whole_site(site: Site, addresses: tuple[str, ...]) -> Iterator[Fault]:
    """Places that two things want, settings, files and templates. `addresses` are all of the site."""
    taken = tuple(taken_aliases(site, addresses))
    yield from taken or place_faults(site, addresses)
    yield from taken_variants(site, addresses)
    yield from site_faults(site.settings, frozenset(addresses), expired_addresses(site.loader.library.snapshot))
    yield from hidden_files(site)
    yield from withheld_files(site)
    yield from own_rules(site, frozenset(addresses))
    yield from changed_code(site)
    yield from empty_folders(site)
    yield from misencoded_assets(site)
    yield from broken_stylesheets(site)
    yield from dead_assets(site, frozenset(addresses))
    yield from compile_faults(site)
    yield from blocked_in_templates(site)
    yield from words_faults(site)
    yield from blocked_in_assets(site)
    yield from files_with_location(site)
    yield from untitled_cards(site)
    yield from bad_fonts(site)


def faults_in(library: Library, checked: Mapping[str, PageCheck]) -> tuple[Fault, ...]:
    """The Library's own faults and those of its pages, in order, each once."""
    return tuple(sorted({*library.faults, *(fault for each in checked.values() for fault in each.faults)}))


def checked_pages(
    site: Site, addresses: tuple[str, ...], ledger: Ledger, checker: NoteChecker, only: Container[str] | None = None
) -> dict[str, PageCheck]:
    """What is found in each page, by its path: of rendering it, and of its links. `addresses` are all of the site.

    With `only`, in the pages at these paths. Of a file with errors in its header there is nothing to say but that.

    What the ledger says of a page is taken from there while its notes hold; new notes go into its table.
    """
    library, known = site.loader.library, frozenset(addresses)
    settings = cast(Settings, NotedSettings(site.settings))
    suggestions = Suggestions(library.addresses, known)
    links = _Links(library, settings, known, suggestions, site.loader.inputs.sources.source, site.program_digest)
    found: dict[str, PageCheck] = {}
    for page in library.published:
        if page.path in library.snapshot.held or (only is not None and page.path not in only):
            continue
        last = ledger.checked.get(page.path)
        is_current = last and not checker.stale_note(last.notes)
        found[page.path] = last if last and is_current else _checked(page, links, ledger.table)
    return found


def files_with_location(site: Site) -> Iterator[Fault]:
    """A Fault for each file that says where it was taken, where that cannot be taken out of it."""
    for path in site.loader.library.addresses.files:
        if site.loader.inputs.location(path) == "fixed":
            sentence = "This file says where it was taken (GPS), and readers would have it with that."
            cure = "Save it without its location, or as JPEG, PNG or WebP, which are published without it."
            yield Fault(f"{site.settings.pages}/{path}", 0, 0, sentence, cure, kind="file-location")


def bad_fonts(site: Site) -> Iterator[Fault]:
    """A Fault for each font that neither a social card nor a browser can be written with."""
    with site.app.app_context():
        for name in damaged_fonts():
            sentence = "This is no font that can be opened."
            file = site.loader.inputs.overlay("static").shown(name, site.settings.root)
            yield Fault(file, 0, 0, sentence, "Put back the one that the blog came with.", kind="font")


def untitled_cards(site: Site) -> Iterator[Fault]:
    """A warning for each post whose title no font can draw on its social card."""
    with site.app.app_context():
        for post in site.loader.library.posts:
            if not post.title.isascii() and has_card(post) and not can_draw_title(post.title):
                sentence = "No font here can draw the title, so the social card of this post has none."
                cure = "Install a font of its script, such as Noto, where the blog is frozen."
                shown = f"{site.settings.pages}/{post.path}"
                yield Fault(shown, 0, 0, sentence, cure, warning=True, kind="card-without-title")


def _checked(page: Page, links: _Links, table: NoteTable) -> PageCheck:
    with recording() as record:
        ask(PROGRAM, (), lambda: links.program)  # Another program may look for more.
        document = links.library.document(page.path)
        faults = {
            *document.faults,
            *links.dead(page),
            *links.whole(page),
            *bad_pictures(links.library, page),
            *links.dead_cover(page),
            *links.dead_versions(page),
        }
        if document.resources:
            settings = links.settings
            policy = Policy.of(settings.policy, settings.base_url, settings.author_scripts)
            faults.update(blocked(document.resources, policy, f"{links.folder}/{page.path}"))
    return PageCheck(tuple(sorted(faults)), table.numbers(record.notes))


def _without_host(link: str, base_url: str) -> Link:
    """A whole address of this site as a link on it."""
    parts, own = urlsplit(link), urlsplit(base_url)
    path = parts.path.removeprefix(own.path) or "/"
    return Link(parts._replace(scheme="", netloc="", path=path).geturl(), 0)


TOP = "top"
"""The start of any page, in any case. Source: HTML Standard, 7.4.6.4."""

TAKE_OUT = "Take the link out, or publish that page."

PROBLEMS = {
    "lfs": ("is a Git LFS pointer, not the picture itself", "Run `git lfs pull`.", False),
    "unknown": ("is no picture that can be read", "Is it text, or of another kind than its name says?", False),
    "too large": ("has more than 40 million pixels", "Make it smaller: no screen shows so many.", False),
    "too heavy": ("has more than 100 million bytes", "Make it smaller: nobody waits for so many.", False),
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
            shown = f"{library.snapshot.folder}/{page.path}"
            said = f'"{link.target}" {sentence}.'
            yield Fault(shown, link.line, 0, said, cure, is_warning, "picture", link.target)


class LinkProblem(NamedTuple):
    """What is wrong with a link: sentence, cure, whether that is only a warning, and the kind of the fault."""

    sentence: str
    cure: str
    is_warning: bool = False
    kind: str = "link-dead"

    def fault(self, path: str, line: int, subject: str) -> Fault:
        return Fault(path, line, 0, self.sentence, self.cure, self.is_warning, self.kind, subject)


@dataclass(frozen=True, slots=True)
class _Links:
    """The links of a Library's pages; `known` are all addresses of the site, not percent-encoded.

    `settings` are noted as they are looked at: what is found in a page is kept while its notes hold.
    """

    library: Library
    settings: Settings
    known: frozenset[str]
    suggestions: Suggestions
    source: Callable[[Page], Source]
    program: Digest

    @property
    def folder(self) -> str:
        return self.settings.pages

    def whole(self, page: Page) -> Iterator[Fault]:
        """A Fault for each link with our own host in it that leads nowhere, or to a page which readers do not see."""
        html = self.library.document(page.path).html(lambda link: "")
        base_url = self.settings.base_url
        if urlsplit(base_url).netloc not in html.lower():
            return
        shown, hidden = f"{self.folder}/{page.path}", self.library.hidden()
        for link in sorted(links_in(html)):
            path = path_on_site(link, base_url)
            address = hidden_address(path, hidden, self.known)
            if address and link:
                sentence = f'"{link}" leads to a page that readers do not see: {self.folder}/{hidden[address]}.'
                has_expired = self.library.leads_to_expired(quote(address), page.path)
                yield Fault(shown, self._line_of(link, page), 0, sentence, TAKE_OUT, has_expired, "link-hidden")
            elif path and "//" in link and (found := self._problem(page, _without_host(link, base_url), link)):
                yield found.fault(shown, self._line_of(link, page), link)

    def dead(self, page: Page) -> Iterator[Fault]:
        """A Fault for each link of this page that leads nowhere."""
        shown = f"{self.folder}/{page.path}"
        for link in self.library.document(page.path).links:
            if found := self._problem(page, link):
                yield found.fault(shown, link.line, link.target)

    def dead_cover(self, page: Page) -> Iterator[Fault]:
        """A Fault where the cover is an asset that is not there; of all other covers the Library knows."""
        if page.cover and page.cover.image.startswith(ASSETS) and not self._is_address(unquote(page.cover.image)):
            sentence = f'The cover\'s image is "{page.cover.image}", and there is no such file.'
            cure = place_suggestion(page.cover.image, tuple(known for known in self.known if known.startswith(ASSETS)))
            line = page.source.line_of("cover", page.cover.image)
            yield Fault(f"{self.folder}/{page.path}", line, 0, sentence, cure, kind=BROKEN_COVER)

    def dead_versions(self, page: Page) -> Iterator[Fault]:
        """A Fault for each of the other articles that the header names and that are not there."""
        for name in ("superseded_by", "translation_of") if isinstance(page, Post) else ():
            written = getattr(page, name)
            link = Link(written, page.source.line_of(name, written))
            is_foreign = bool(urlsplit(written).netloc)
            found = self._problem(page, link) if written and not is_foreign else None
            if written and not found and name == "superseded_by" and self._is_mutual(page, written):
                cure = "Take the line out of the one that is up to date."
                found = LinkProblem(f'"{written}" says itself that this one has taken its place.', cure, True)
            if written and not found and name == "translation_of" and not self.library.translations(page.path):
                cure = "Name the file of the article in its first language."
                found = LinkProblem(f'"{written}" leads to no other article.', cure)
            if found:
                yield found.fault(f"{self.folder}/{page.path}", link.line, written)

    def _is_mutual(self, page: Page, written: str) -> bool:
        """Whether the article that has taken the place of this one names this one in turn."""
        target = self.library.target
        newer = self.library.post(posixpath.basename(unquote(target(written, page.path).address).rstrip("/")))
        if newer is None or not newer.superseded_by:
            return False
        return target(newer.superseded_by, newer.path).page == page.path

    def _problem(self, page: Page, link: Link, written: str = "") -> LinkProblem | None:
        """What is wrong with this link. `written` is what the author has in the place of its target."""
        target = self.library.target(link.target, page.path)
        if not target.found or not self._is_known(target):
            hidden = self.library.hidden_target(link.target, page.path)
            if hidden:
                path, reason = hidden
                sentence = f'"{written or link.target}" leads to {self.folder}/{path}. {reason}'
                return LinkProblem(sentence, TAKE_OUT, self.library.leads_to_expired(link.target, page.path))
            kind = "picture or file" if link.embedded else "page or file"
            cure = self.suggestions.cure(link.target, page.path)
            return LinkProblem(f'"{written or link.target}" leads to no {kind}.', cure)
        no_heading = self._why_no_heading(written or link.target, target) if target.page and target.fragment else None
        return no_heading or self._why_not_for_long(written or link.target, target, page)

    def _why_not_for_long(self, shown: str, target: Target, page: Page) -> LinkProblem | None:
        """Before a page expires: then the link is shown as its text, as nobody may be there to mend it."""
        expires = self.library.expiry(target.page) if target.page and target.page != page.path else None
        if not expires or (page.expires and page.expires <= expires):
            return None
        sentence = f'"{shown}" leads to {self.folder}/{target.page}, which expires on {expires:%Y-%m-%d %H:%M %Z}.'
        return LinkProblem(sentence, "From then on its text is shown, without the link.", True, "link-expires")

    def _is_known(self, target: Target) -> bool:
        """A page and its own headings are known already; an address must be one of the site's."""
        if target.page or target.address.startswith(("#", "?")):
            return True
        path = unquote(urlsplit(target.address).path)
        return any(map(self._is_address, (path, f"{path}/", f"{path.rstrip('/')}/{INDEX}")))

    def _is_address(self, path: str) -> bool:
        return ask(KNOWN, (path,), lambda: path in self.known)

    def _why_no_heading(self, shown: str, target: Target) -> LinkProblem | None:
        ids = self.library.anchors(target.page)
        written = target.fragment
        if normalize("NFC", unquote(written)) in ids or written in ids or written.lower() == TOP:
            return None
        sentence = f'"{shown}" leads to no heading of {self.folder}/{target.page}.'
        return LinkProblem(sentence, suggestion(target.fragment, ids))

    def _line_of(self, text: str, page: Page) -> int:
        """The line of the file in whose body this stands first; 0 where that is not known."""
        try:
            source = self.source(page)
        except OSError:
            return 0
        body = source.body or ""
        return source.body_line + body.count("\n", 0, body.find(text)) if text in body else 0
