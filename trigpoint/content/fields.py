"""One parser per field of the front matter: a Node becomes the value that the field means.

docs/front-matter.md tells each field's meaning to authors, in the order of
FIELDS. A parser answers None where it reported a fault.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from trigpoint.content import dates, list_fields, mapping_fields
from trigpoint.content.pages import Rules
from trigpoint.content.slugs import slug_fault, slugified
from trigpoint.content.values import HIDDEN, NO, TITLE, YES, kind_of, shortened, shown, text
from trigpoint.content.yaml_nodes import Node, Scalar
from trigpoint.fault_list import FaultList
from trigpoint.languages import is_language, nearest_language

ID = 200
"""The characters of an id, at most."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its parser, the attribute that it fills, whether only posts have it, and whether it may stand empty."""

    read: Callable[[str, Node, FaultList, Rules], object]
    attribute: str
    of_posts: bool = False
    may_be_empty: bool = True


def line(name: str, node: Node, report: FaultList, rules: Rules) -> str | None:
    return text(name, node, report)


def title(name: str, node: Node, report: FaultList, rules: Rules) -> str | None:
    if isinstance(node, Scalar) and len(node.text.strip().splitlines()) > 1:
        report.doubt(node, f'"{name}" has several lines, but one is expected.', f'Write `{name}: "…"` in one line.')
        return " ".join(node.text.split()) if rules.lenient else None
    whole = text(name, node, report, TITLE)
    if whole is None and rules.lenient and isinstance(node, Scalar) and not HIDDEN.search(node.text):
        return shortened(node.text, TITLE)
    return whole


def date(name: str, node: Node, report: FaultList, rules: Rules) -> dt.datetime | None:
    if not isinstance(node, Scalar):
        report.doubt(node, f'"{name}" is {kind_of(node)}, but a date is expected.', dates.FORM)
        return None
    read = dates.foreign_moment if rules.lenient else dates.moment
    try:
        return read(node.text, rules.zone)
    except ValueError as reason:
        report.doubt(node, f'"{name}" is "{shortened(node.text)}", but {reason}.', dates.FORM)
        return None


def switch(name: str, node: Node, report: FaultList, rules: Rules) -> bool | None:
    word = node.text.casefold() if isinstance(node, Scalar) else ""
    if word in YES or word in NO:
        return word in YES
    cure = f"Write `{name}: true` or `{name}: false`."
    report.doubt(node, f'"{name}" is {shown(node)}, but true or false is expected.', cure)
    return True if name == "draft" else None  # what may be a draft stays hidden, in a foreign folder too


def slug(name: str, node: Node, report: FaultList, rules: Rules) -> str | None:
    written = text(name, node, report)
    if written and (reason := slug_fault(written)):
        report.doubt(node, f'"{name}" is "{shortened(written)}", but {reason}.', _other_slug(name, written))
        other = slugified(written.strip("/").rpartition("/")[2])
        return other if rules.lenient and not slug_fault(other) else None
    return written


def _other_slug(name: str, written: str) -> str:
    other = slugified(written)
    return "Choose another." if slug_fault(other) else f"Write `{name}: {other}`."


def language(name: str, node: Node, report: FaultList, rules: Rules) -> str | None:
    written = text(name, node, report)
    if written and not is_language(written):
        meant = nearest_language(written)
        cure = f"Write `{name}: {meant}`." if meant else f"Write one such as `{name}: en` or `{name}: pt-BR`."
        report.doubt(node, f'"{name}" is "{shortened(written)}", but a language tag (BCP 47) is expected.', cure)
        return meant or None if rules.lenient else None
    return written


def link(name: str, node: Node, report: FaultList, rules: Rules) -> str | None:
    written = text(name, node, report)
    if written and not _is_link(written):
        cure = f"Write `{name}: other.md`, the path of the article's file, or a whole address."
        report.doubt(node, f'"{name}" is "{shortened(written)}", which cannot be read as an address.', cure)
        return None
    return written


def _is_link(written: str) -> bool:
    """Whether this can be taken apart as an address: then nothing that does so later needs to ask."""
    try:
        urlsplit(written)
    except ValueError:  # Of brackets that are not closed, and of signs that stand for a slash.
        return False
    return True


def web_address(name: str, node: Node, report: FaultList, rules: Rules) -> str | None:
    written = text(name, node, report)
    if written and not (re.match(r"https?://[^\s/]+\.?[^\s]*$", written) and _is_link(written)):
        cure = f"Write `{name}: https://…`, the whole address."
        report.doubt(node, f'"{name}" is "{shortened(written)}", but an address of the web is expected.', cure)
        return None
    return written


def identity(name: str, node: Node, report: FaultList, rules: Rules) -> str | None:
    written = text(name, node, report, ID)
    if written and " " in written:
        report.doubt(
            node, f'"{name}" holds a space, but a feed needs an id without.', "Write it as an address or a tag: URI."
        )
        return None
    return written


FIELDS = {
    "title": Field(title, "title", may_be_empty=False),
    "date": Field(date, "date", of_posts=True, may_be_empty=False),
    "updated": Field(date, "updated"),
    "tags": Field(list_fields.tags, "tags", of_posts=True),
    "summary": Field(line, "summary"),
    "description": Field(line, "description"),
    "slug": Field(slug, "slug"),
    "aliases": Field(list_fields.aliases, "aliases"),
    "draft": Field(switch, "draft", may_be_empty=False),
    "expires": Field(date, "expires"),
    "series": Field(mapping_fields.series, "part", of_posts=True),
    "cover": Field(mapping_fields.cover, "cover"),
    "author": Field(list_fields.authors, "authors"),
    "authors": Field(list_fields.authors, "authors"),
    "lang": Field(language, "lang"),
    "id": Field(identity, "id", of_posts=True),
    "superseded_by": Field(link, "superseded_by", of_posts=True),
    "translation_of": Field(link, "translation_of", of_posts=True),
    "discuss": Field(web_address, "discuss", of_posts=True),
    "toc": Field(switch, "toc", may_be_empty=False),
    "extra": Field(mapping_fields.extra, "extra"),
}

FOREIGN = {
    "appears": Field(date, "appears"),
    "begins": Field(date, "begins"),
    "hidden_by": Field(line, "hidden_by"),
}
"""What a foreign header says besides, translated (`other_generators`); no author writes these names."""
