"""What a rendered body is: a Document of HTML pieces and Links, its headings, and the Faults that were found.

Nouns only. Who makes them is markup; who resolves the Links is the reader of a Document.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from blog.faults import Fault


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
class Heading:
    """A heading in the contents: its id, its text as HTML without links, its level (2 or 3), its sub-headings."""

    id: str
    html: str
    level: int
    children: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered body. `parts` are pieces of HTML with, between them, Links still to be resolved.

    `text` is the body as plain text without its code blocks. `included` names
    the files beside the article that were asked for, whether they exist or not.
    `markdown` is the body with what those files hold in its place.
    """

    parts: tuple[str | Link, ...]
    toc: tuple[Heading, ...] = ()
    ids: tuple[str, ...] = ()
    text: str = ""
    faults: tuple[Fault, ...] = ()
    included: tuple[str, ...] = ()
    markdown: str = ""

    @property
    def links(self) -> tuple[Link, ...]:
        return tuple(part for part in self.parts if isinstance(part, Link))

    def html(self, address: Callable[[Link], str]) -> str:
        """The HTML, each Link replaced by `address(link)`, which this escapes for an attribute."""
        return "".join(part if isinstance(part, str) else escape(address(part)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Findings:
    """The Faults of one body, gathered while it is read. Lines are told from 0, as the body counts them."""

    path: str
    first_line: int
    faults: list[Fault] = field(default_factory=list)

    def error(self, line: int, sentence: str, cure: str = "") -> None:
        self.faults.append(Fault(self.path, self.first_line + line, 0, sentence, cure))

    def warn(self, line: int, sentence: str, cure: str = "") -> None:
        self.faults.append(Fault(self.path, self.first_line + line, 0, sentence, cure, warning=True))
