"""What a rendered body is: a Document of HTML pieces and Links, its headings, and the Faults that were found.

Nouns only. Who makes them is markup; who resolves the Links is the reader of a Document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape

from trigpoint.faults import Fault
from trigpoint.markup.sections import Section, sections_of

RESULTS = "results.json"
"""The file beside an article that says what its code measured."""

LINK_START, LINK_END = re.compile(r"<a\b([^<>]*?)\s+href=[\"']$", re.I), re.compile(r"</a\s*>", re.I)
"""What stands before the target of a link, up to its quote, and the end of the link."""

OF_LAYOUT = "page-"
"""How the ids begin that templates write."""


@dataclass(frozen=True, slots=True)
class Link:
    """A target as its author wrote it (entities and escapes undone), and its line in the file (0: not known).

    `embedded` is true for what the page shows (src, srcset, poster), false for
    what it leads to (href).
    """

    target: str
    line: int
    embedded: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """An `<img>` whose picture is of this site: where it is, and the HTML of its tag before and behind the address.

    Who shows it may know more of the picture than its author wrote: its size, smaller variants, one for the dark.
    """

    link: Link
    before: str
    behind: str

    def html(self, address: str, more: str = "") -> str:
        """The tag. `more` is HTML of further attributes."""
        end = self.behind.rstrip("/>").rstrip()
        return f"{self.before}{escape(address)}{end}{f' {more}' if more else ''}>"


@dataclass(frozen=True, slots=True)
class Resource:
    """What an article has a browser load from elsewhere, run or style: an element's attribute and its target.

    `attribute` is "" for what stands inside of the element, `target` is "" for what is written in the page itself
    (a style, a handler). What is a Link or an Image of this site is none. `line` is in the file (0: not known).
    """

    element: str
    attribute: str
    target: str
    line: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A diagram: as HTML for the pages of this site, and as its source for whoever has not our styles."""

    html: str
    source: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code block as HTML: for pages of this site; and, without colours and numbers, for who has not our styles.

    `file` is the name of the file beside the article that it is taken from, "" where its author wrote it here.
    `unmarked` is `plain` without the marks of notes on its lines, "" where the list behind it has none.
    """

    html: str
    plain: str
    file: str = ""
    unmarked: str = ""

    def linked(self, address: str) -> str:
        """The HTML with its caption leading to this address; as it is where there is none."""
        if not address:
            return self.html
        link = f'<figcaption><a href="{escape(address)}">'
        return self.html.replace("<figcaption>", link, 1).replace("</figcaption>", "</a></figcaption>", 1)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The sign behind a heading that leads to it, on the pages of this site."""

    link: Link
    label: str

    def html(self, address: str) -> str:
        return f'<a class="anchor" href="{escape(address)}" aria-label="{escape(self.label)}">#</a>'


Part = str | Link | Image | Drawing | Code | Anchor
"""A piece of a Document: HTML, or what its reader still has to say something about."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in the contents: its id, its text as HTML without links, its level (2 or 3), its sub-headings."""

    id: str
    html: str
    level: int
    children: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered body. `parts` are pieces of HTML with, between them, Links and Images still to be resolved.

    `text` is the body as plain text without its code blocks. `included` names
    the files beside the article that were asked for, whether they exist or not.
    `source` is the body as Markdown, with what those files hold in its place and Links where it leads to this site.
    `resources` are what the site's policy may keep out.
    """

    parts: tuple[Part, ...]
    toc: tuple[Heading, ...] = ()
    ids: tuple[str, ...] = ()
    text: str = ""
    faults: tuple[Fault, ...] = ()
    included: tuple[str, ...] = ()
    source: tuple[str | Link, ...] = ()
    resources: tuple[Resource, ...] = ()

    def markdown(self, address: Callable[[Link], str]) -> str:
        """The body as Markdown; each Link is `address(link)`, as it is to be written."""
        return "".join(part if isinstance(part, str) else address(part) for part in self.source)

    @property
    def links(self) -> tuple[Link, ...]:
        """Every Link, those of Images too, in their order."""
        places = (part.link if isinstance(part, Image | Anchor) else part for part in self.parts)
        return tuple(place for place in places if isinstance(place, Link))

    @property
    def images(self) -> tuple[Image, ...]:
        return tuple(part for part in self.parts if isinstance(part, Image))

    @property
    def sections(self) -> tuple[Section, ...]:
        """The article as plain text, in sections. Taken from its HTML when it is asked for."""
        return tuple(sections_of(self.html(lambda link: "", lambda code: code.unmarked or code.plain)))

    def without(self, is_dropped: Callable[[Link], bool]) -> Document:
        """The Document with the text alone of those links."""
        dropped = {link.target for link in self.links if not link.embedded and is_dropped(link)}
        if not dropped:
            return self
        parts = list(self.parts)
        for at, part in enumerate(parts):
            before, behind = parts[at - 1 : at], parts[at + 1 : at + 2]
            match (before, part, behind):
                case ([str(start)], Link(target, embedded=False), [str(end)]) if target in dropped:
                    parts[at - 1 : at + 2] = LINK_START.sub(r"<span\1", start), "", end[1:]
                    _close_text(parts, at + 1)
        source = tuple("" if isinstance(part, Link) and part.target in dropped else part for part in self.source)
        return replace(self, parts=tuple(parts), source=source)

    def page(
        self, address: Callable[[Link], str], image: Callable[[Image], str], file: Callable[[str], str] = str
    ) -> str:
        """The HTML for a page of ours: each Link is `address(link)`, each Image the HTML that `image(image)` gives.

        `file` gives the address of a file that code is taken from, "" where readers have none.
        """

        def shown(part: Part) -> str:
            match part:
                case Drawing():
                    return part.html
                case Code():
                    return part.linked(file(part.file) if part.file else "")
                case Anchor():
                    return part.html(address(part.link))
            return _common(part, address, image)

        return "".join(map(shown, self.parts))

    def html(self, address: Callable[[Link], str], code: Callable[[Code], str] = lambda code: code.plain) -> str:
        """The HTML for readers elsewhere: each Link is `address(link)`; Images are plain, code has no colours, diagrams
        are their source, and headings have no sign behind them."""

        def plain(image: Image) -> str:
            return image.html(address(image.link))

        def shown(part: Part) -> str:
            match part:
                case Drawing():
                    return part.source
                case Code():
                    return code(part)
                case Anchor():
                    return ""
            return _common(part, address, plain)

        return "".join(map(shown, self.parts))


def _close_text(parts: list[Part], at: int) -> None:
    """End what a link has become where the link ended: none holds another."""
    for place in range(at, len(parts)):
        part = parts[place]
        if isinstance(part, str) and LINK_END.search(part):
            parts[place] = LINK_END.sub("</span>", part, count=1)
            return


def _common(part: str | Link | Image, address: Callable[[Link], str], image: Callable[[Image], str]) -> str:
    """What is shown alike on our pages and elsewhere."""
    if isinstance(part, str):
        return part
    return image(part) if isinstance(part, Image) else escape(address(part))
