"""What is read of an old blog: its texts with their fields and addresses, before anything is translated.

Values only. The modules of `sites/` make them, and everything else here reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Fields = Mapping[str, Any]
"""A header as plain values: each a text, a list or a mapping of such. Nothing is taken for a date or a number."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that did not come along, or only in part. `kind` and `name` are what findings are counted by.

    `is_loss` says that readers would miss it; else it is only worth knowing.
    """

    kind: str
    name: str = ""
    path: str = ""
    line: int = 0
    is_loss: bool = True

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Entry:
    """A text of the old site.

    Shape: `path` is its file below the source, or a name within an export; `line` is the body's first line; `name` is
    what its slug is made from; `address` is where it stood, as a path, "" where that is not known; `markup` is
    "markdown" or "html"; `date` stands for a missing field; `hidden` says why readers did not see it.
    """

    path: str
    fields: Fields
    body: str
    is_post: bool = True
    line: int = 1
    name: str = ""
    address: str = ""
    aliases: tuple[str, ...] = ()
    markup: str = "markdown"
    lang: str = ""
    date: str = ""
    hidden: str = ""
    id: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class OldSite:
    """An old blog, read.

    Shape: `root` is the folder in which pictures and files are looked for; `base_url` is `https://old.example`,
    without a path; `base_path` is "" or `/blog`; `statics` are folders below `root` whose files stood at an address,
    by that address (`("/", "static")`); `feeds` are the feeds' addresses; `values` is what names in templates mean
    (`site.title`), and of those that begin with one of `computed` more may be there; `dialects` are the template
    languages of its texts; below `tag_prefixes` stood the pages of tags, at `lists` those of all posts; `citations` are
    authors and years by the keys of a bibliography; `fetched` are files by the addresses of other hosts' pictures.
    """

    generator: str
    root: Path
    entries: tuple[Entry, ...]
    base_url: str = ""
    base_path: str = ""
    language: str = ""
    statics: tuple[tuple[str, str], ...] = ()
    feeds: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    computed: tuple[str, ...] = ("site.", "theme.", "config.", "layout.")
    dialects: tuple[str, ...] = ()
    tag_prefixes: tuple[str, ...] = ("/tags/", "/tag/", "/categories/", "/category/")
    lists: tuple[str, ...] = ()
    citations: Mapping[str, str] = field(default_factory=dict)
    snippets: Mapping[str, str] = field(default_factory=dict)
    authors: Mapping[str, str] = field(default_factory=dict)
    fetched: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
