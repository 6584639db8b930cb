"""Front matter with a compiler's manners: one file's bytes become a Post, a Page or its Faults.

Contract only, for now: the dataclasses that every floor above speaks of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from blog.faults import Fault
from blog.notes import Digest, digest_of


@dataclass(frozen=True, slots=True)
class Source:
    """A file of pages/, split: `path` is relative to pages/, `body_line` is the body's first line."""

    path: str
    header: str
    body: str
    body_line: int
    digest: Digest


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the registry; `slug` is its place in addresses, `aliases` other slugs that redirect."""

    slug: str
    name: str
    description: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A post's place in a series: the series' name, its slug, and the post's number in it."""

    series: str
    slug: str
    number: int


@dataclass(frozen=True, slots=True)
class Cover:
    """A picture; `image` is relative to the post's file, or a path on the site."""

    image: str
    alt: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page that is no post. `address` is its path on the site: `/about/`."""

    source: Source = field(compare=False, repr=False)
    path: str
    address: str
    title: str
    summary: str
    description: str
    updated: dt.datetime | None = None
    aliases: tuple[str, ...] = ()
    draft: bool = False
    expires: dt.datetime | None = None
    authors: tuple[str, ...] = ()
    lang: str = ""
    cover: Cover | None = None
    toc: bool = True
    extra: Mapping[str, object] = field(default_factory=dict)
    minutes: int = 0

    @cached_property
    def digest(self) -> Digest:
        """Of what lists show of it, not of its body."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Post(Page):
    """An article. `date` is aware; the day that readers see is `date.date()`, the day as written."""

    slug: str
    date: dt.datetime
    tags: tuple[Tag, ...] = ()
    part: Part | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What reading a page depends on besides its text."""

    zone: dt.tzinfo
    registry: tuple[Tag, ...] = ()
    tags_open: bool = False
    lenient: bool = False
    words_per_minute: int = 220
    folder: str = "pages"


def read_page(path: str, raw: bytes, rules: Rules) -> tuple[Post | Page | None, tuple[Fault, ...]]:
    """The Post or Page of this file (None where its faults are errors), and all its Faults."""
    raise NotImplementedError


def read_tags(path: str, raw: bytes) -> tuple[tuple[Tag, ...], tuple[Fault, ...]]:
    """The tag registry of tags.toml."""
    raise NotImplementedError


def slugified(text: str) -> str:
    """A text as a segment of an address: `C++` -> `c-plus-plus`, `Größe` -> `größe`."""
    raise NotImplementedError


__all__ = ["Cover", "Page", "Part", "Post", "Rules", "Source", "Tag", "digest_of"]
