"""The values that the rest of the engine works with: Source, Tag, Post, Page, and the Rules of reading.

Values only. `content/read_page` makes them from files.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property

from trigpoint.content.slugs import slugified
from trigpoint.notes import Digest, digest_of


@dataclass(frozen=True, slots=True)
class Source:
    """A file of pages/, split: `path` is relative to pages/, `body_line` is the body's first line.

    `body` is None for a page that comes from the cache, until it is needed. `digest`
    is of the bytes, and says whether they were read as those of a foreign folder.
    """

    path: str
    header: str
    body: str | None
    body_line: int
    digest: Digest

    def line_of(self, field: str, value: str = "") -> int:
        """The line of the file whose header has this field; below it that with the value; 0 where neither is known."""
        lines = self.header.split("\n")
        first = self.body_line - len(lines)
        named = [at for at, line in enumerate(lines) if re.match(rf"[\[ \t\"']*{field}\b", line, re.I)]
        start = named[0] if named else 0
        found = [at for at in range(start, len(lines)) if value and value in lines[at]] or named
        return first + found[0] if found else 0


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
    """A page that is no post. `address` is its path on the site: `/about/`.

    `hidden_by` says which entry of a foreign header, or which folder, makes it
    a draft; `appears` is the moment before which no reader sees it, where a
    header names one besides the date. `described` is false where summary and
    description were taken from the text.
    `extra` is plain JSON as the author wrote it; nobody may change it. It is a
    dict, not a proxy, because a proxy cannot travel to another process.
    """

    source: Source = field(compare=False, repr=False)
    path: str
    address: str
    title: str
    summary: str
    description: str
    described: bool = False
    updated: dt.datetime | None = None
    aliases: tuple[str, ...] = ()
    draft: bool = False
    hidden_by: str = ""
    appears: dt.datetime | None = None
    expires: dt.datetime | None = None
    authors: tuple[str, ...] = ()
    lang: str = ""
    cover: Cover | None = None
    toc: bool = True
    extra: Mapping[str, object] = field(default_factory=dict, hash=False)
    minutes: int = 0

    @cached_property
    def digest(self) -> Digest:
        """Of what lists show of it, not of its body."""
        shown = (getattr(self, each.name) for each in fields(self) if each.name != "source")
        return digest_of((type(self).__name__, *shown))


@dataclass(frozen=True, kw_only=True)
class Post(Page):
    """An article. `date` is aware; the day that readers see is `date.date()`, the day as written.

    `dated` is false for a post of a foreign folder that has no date anywhere:
    its `date` only sorts it last, and is not shown. `superseded_by` and
    `translation_of` are links, as its text would have them.
    """

    slug: str
    date: dt.datetime
    tags: tuple[Tag, ...] = ()
    part: Part | None = None
    id: str = ""
    dated: bool = True
    superseded_by: str = ""
    translation_of: str = ""
    discuss: str = ""


@dataclass(frozen=True)
class Rules:
    """What reading a page depends on besides its text."""

    zone: dt.tzinfo
    registry: tuple[Tag, ...] = ()
    tags_open: bool = False
    lenient: bool = False
    words_per_minute: int = 220
    folder: str = "pages"

    @cached_property
    def spellings(self) -> Mapping[str, Tag]:
        """The registry's tags by each way to write them: casefolded name, slug, alias, slugified name."""
        written = {tag.slug: tag for tag in self.registry}
        for tag in self.registry:
            for spelling in (tag.name.casefold(), slugified(tag.name), *tag.aliases):
                written.setdefault(spelling, tag)
        return written
