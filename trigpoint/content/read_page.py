"""Front matter with a compiler's manners: one file's bytes become a Post, a Page or its Faults.

The loader calls `read_page` for every file of pages/, and `read_tags` for
tags.toml. Nothing here sees more than one file, touches the disk, or raises
for what an author wrote.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from trigpoint import characters
from trigpoint.content import dates, header, other_generators, places, visibility
from trigpoint.content.abstract import Abstracting, abstract
from trigpoint.content.fields import FIELDS, FOREIGN, Field
from trigpoint.content.pages import Page, Post, Rules, Source
from trigpoint.content.values import is_empty, shortened
from trigpoint.content.yaml_entries import entries
from trigpoint.content.yaml_nodes import Mapping, Node, Scalar
from trigpoint.fault_list import FaultList, Position
from trigpoint.faults import Fault, did_you_mean

UNNAMED = re.compile(rf"[{characters.CONTROLS}\t\n\r\x85\\{characters.SEPARATORS}{characters.NONCHARACTERS}]")
EXTRA = "Values for templates of your own go into a mapping `extra:`."


@dataclass(slots=True)
class _Making:
    """A page while it is made: `values` by attribute, and `spots` of the values that were written."""

    source: Source
    report: FaultList
    rules: Rules
    abstracting: Abstracting
    values: dict[str, Any] = field(default_factory=dict)
    spots: dict[str, Position] = field(default_factory=dict)
    unclear: str = ""
    """The entry that says from when or until when readers see the page, and cannot be read."""

    @property
    def is_post(self) -> bool:
        return places.is_post(self.source.path)


def read_page(
    path: str, raw: bytes, rules: Rules, abstracting: Abstracting = abstract
) -> tuple[Post | Page | None, tuple[Fault, ...]]:
    """The Post or Page of this file (None where its faults are errors), and all its Faults.

    `abstracting` gives the Abstract of a body. `path` is relative to pages/, with `/`: `posts/a.md`. What lies under
    `posts/` is a Post. Faults name `pages/posts/a.md`, and are sorted by place.
    """
    report = FaultList(UNNAMED.sub(lambda found: ascii(found[0])[1:-1], f"{rules.folder}/{path}"), rules.lenient)
    page = _page(path, raw, rules, report, abstracting)
    return (None if report.has_errors else page), tuple(sorted(report.faults))


def read_source(path: str, raw: bytes, rules: Rules) -> Source | None:
    """The parts of a file, where it has them; nothing is said of what is in them."""
    report = FaultList(path, rules.lenient)
    return header.foreign_source(path, raw, report) if rules.lenient else header.source(path, raw, report)


def _page(path: str, raw: bytes, rules: Rules, report: FaultList, abstracting: Abstracting) -> Post | Page | None:
    if UNNAMED.search(path):
        report.error(Position(), "The file's name holds a character that no address can have.", "Rename the file.")
        return None
    read = _foreign if rules.lenient else _own
    found = read(path, raw, report)
    if found is None:
        return None
    making = _Making(found[0], report, rules, abstracting)
    _read_fields(making, found[1])
    _complete(making)
    _check_order(making)
    if report.has_errors:
        return None
    made = Post if making.is_post else Page
    return made(source=making.source, path=path, **making.values)


def _own(path: str, raw: bytes, report: FaultList) -> tuple[Source, Mapping] | None:
    source = header.source(path, raw, report)
    mapping = entries(source.header, report) if source else None
    return (source, mapping) if source and mapping else None


def _foreign(path: str, raw: bytes, report: FaultList) -> tuple[Source, Mapping] | None:
    source = header.foreign_source(path, raw, report)
    mapping = other_generators.entries(source, report) if source else None
    return (source, other_generators.translated(mapping, source, report)) if source and mapping else None


def _read_fields(making: _Making, mapping: Mapping) -> None:
    for name, key, node in _known(making, mapping):
        attribute = _field(name).attribute
        if attribute in making.spots:
            sentence = f'"{name}" says again what line {making.spots[attribute].line} says.'
            making.report.doubt(key, sentence, "Keep one of the two.")
            continue
        making.spots[attribute] = Position(node.line, node.column)
        _read_field(making, name, key, node)


def _field(name: str) -> Field:
    return FIELDS.get(name) or FOREIGN[name]


def _read_field(making: _Making, name: str, key: Scalar, node: Node) -> None:
    known = _field(name)
    if is_empty(node):
        if not known.may_be_empty:
            making.report.doubt(key, f'"{name}" has no value.', f"Write one after `{name}:`, or remove the line.")
    elif (value := known.read(name, node, making.report, making.rules)) is not None:
        making.values[known.attribute] = value
    elif name in MOMENTS and not (isinstance(node, Scalar) and dates.is_before_all(node.text)):
        making.unclear = visibility.reason(name, node)


def _known(making: _Making, mapping: Mapping) -> Iterator[tuple[str, Scalar, Node]]:
    """The entries that are fields of such a page; the others are reported."""
    for name, (key, node) in mapping.entries.items():
        if name in FOREIGN and making.rules.lenient:
            yield name, key, node
        elif name not in FIELDS:
            making.report.doubt(key, f'"{shortened(name)}" is not a field.', did_you_mean(name, FIELDS) or EXTRA)
        elif FIELDS[name].of_posts and not making.is_post:
            cure = "Remove it, or move the file into posts/."
            making.report.doubt(key, f'"{name}" is a field of posts, and this is a page.', cure)
        else:
            yield name, key, node


def _complete(making: _Making) -> None:
    """Fill in what follows from the rest of the file."""
    values, body = making.values, making.source.body or ""
    _check_title(making)
    written = values.get("summary") or values.get("description")
    found = making.abstracting(body, not written)
    values["summary"] = written or found.summary
    values["description"] = values.get("description") or values["summary"]
    values["described"] = bool(written)
    values["minutes"] = max(1, round(found.words / making.rules.words_per_minute))
    if making.is_post:
        _date_post(making)
    _hide(making)
    if making.is_post:
        _place_post(making)
    else:
        _place_page(making)
    _check_language(making)


def _check_language(making: _Making) -> None:
    """`hello.de.md` is how others mark the German version of a text; here it has an address that nobody meant."""
    code, stem = places.language_in(making.source.path)
    if not code or {"lang", "translation_of", "slug"} & making.spots.keys():
        return
    lines = [f"lang: {code}", *([f"translation_of: {stem}.md"] if making.is_post else [])]
    sentence = (
        f'By its name this looks like a translation of {stem}.md ("{code}" is a language), and nothing else says so.'
    )
    cure = f"Write {' and '.join(f'`{line}`' for line in lines)} if it is one, else a `slug:`."
    making.report.warning(Position(), sentence, cure, kind="file-language", subject=code)


MOMENTS = ("date", "expires", "appears", "begins")


def _hide(making: _Making) -> None:
    """What lies in a folder such as `_drafts/`, and a page that may have its day yet to come, is a draft."""
    begins = [moment for name in ("begins", "appears") if (moment := making.values.pop(name, None))]
    making.values["appears"] = max(begins, default=None)
    part = visibility.hidden_part(making.source.path, making.rules.lenient)
    if part or making.unclear:
        making.values |= {"draft": True, "hidden_by": part or making.unclear}


def _check_title(making: _Making) -> None:
    if making.rules.lenient:
        making.values["title"] = making.values.get("title") or other_generators.title_of(making.source)
    if "title" not in making.spots:
        making.report.error(Position(1, 1), '"title" is missing.', "Write `title: …` into the header.")
    elif making.values.get("title") == "":
        making.report.error(making.spots["title"], '"title" is empty.', "Write the title that readers see.")


def _day_of(path: str, lenient: bool) -> str:
    """The day that the file's name begins with; in a foreign folder that of its whole path."""
    return dates.in_path(places.SUFFIX.sub("", path)) if lenient else dates.prefix(places.name_of(path))[0]


def _date_post(making: _Making) -> None:
    """A post without `date:` has the date of its file's name."""
    written = _day_of(making.source.path, making.rules.lenient)
    if "date" in making.values or ("date" in making.spots and not making.rules.lenient):
        return
    if written:
        if making.unclear.startswith("date:"):
            making.unclear = ""
        try:
            making.values["date"] = dates.moment(written, making.rules.zone)
        except ValueError as reason:
            making.report.error(Position(), f'The file\'s name begins with "{written}", but {reason}.', dates.FORM)
    elif making.unclear:
        making.values |= {"date": dt.datetime(dates.FIRST_YEAR, 1, 1, tzinfo=making.rules.zone), "dated": False}
    elif making.rules.lenient:
        making.values |= {"date": dt.datetime(dates.FIRST_YEAR, 1, 1, tzinfo=making.rules.zone), "dated": False}
        cure = "Write `date: 2026-05-01`."
        making.report.warning(Position(), "There is no date, so the post comes last.", cure, kind="date-missing")
    else:
        cure = "Write `date: 2026-05-01` into the header."
        making.report.error(Position(1, 1), '"date" is missing, and every post has one.', cure)


def _place_post(making: _Making) -> None:
    slug = making.values.get("slug") or places.slug_of(making.source.path)
    if making.rules.lenient:
        slug = other_generators.slug_of(making.source.path, slug)
        aliases = making.values.get("aliases", ())
        making.values["aliases"] = tuple(alias for alias in aliases if alias != f"/posts/{slug}/")
    if not slug and making.rules.lenient:
        slug = "index-of-posts"
        making.values |= {"draft": True, "hidden_by": "posts/index.md"}  # A section's page of another generator.
    if not slug:
        cure = "Name it after the post: posts/<slug>.md."
        making.report.error(Position(), "This file has the place of the list of all posts.", cure)
    making.values |= {"slug": slug, "address": f"/posts/{slug}/"}


def _place_page(making: _Making) -> None:
    address = places.page_address(making.source.path, making.values.pop("slug", ""))
    making.values["address"] = address
    if places.is_own(address):
        sentence = f"This page would stand at {address}, which the site needs itself."
        cure = "Rename the file, or give it another `slug:`."
        making.report.error(making.spots.get("slug", Position()), sentence, cure)


def _check_order(making: _Making) -> None:
    """The three dates, as far as they are known, in their order."""
    date, updated, expires = (making.values.get(name) for name in ("date", "updated", "expires"))
    if date and updated and updated < date and updated.date() < date.date():
        sentence = f'"updated" is {updated.date()}, but "date" is {date.date()}, which is later.'
        making.report.doubt(making.spots["updated"], sentence, "Is one of them mistyped?")
    if date and expires and expires <= date:
        sentence = f'"expires" is {expires.date()}, but the post begins only on {date.date()}.'
        making.report.doubt(making.spots["expires"], sentence, "Write a later day, or remove the line.")
