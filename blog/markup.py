"""Markdown text becomes a Document: pure, and the only door to markdown and pygments.

Contract only, for now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from blog.faults import Fault


@dataclass(frozen=True, slots=True)
class Link:
    """A target as its author wrote it (entities and escapes undone), and its line in the file.

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
    """A rendered body. `parts` are pieces of HTML with, between them, Links still to be resolved."""

    parts: tuple[str | Link, ...]
    toc: tuple[Heading, ...] = ()
    ids: tuple[str, ...] = ()
    text: str = ""
    faults: tuple[Fault, ...] = ()
    included: tuple[str, ...] = ()

    @property
    def links(self) -> tuple[Link, ...]:
        return tuple(part for part in self.parts if isinstance(part, Link))

    def html(self, address: Callable[[Link], str]) -> str:
        """The HTML, each Link replaced by `address(link)`, which this escapes for an attribute."""
        raise NotImplementedError


def render(body: str, *, path: str, first_line: int, title: str, beside: Callable[[str], bytes | None]) -> Document:
    """The Document of a Markdown body."""
    raise NotImplementedError
