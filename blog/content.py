"""Front matter with a compiler's manners: one file's bytes become a Post, a Page or its Faults.

The loader calls `read_page` for every file of pages/, and `read_tags` for
tags.toml. Nothing here sees more than one file, touches the disk or raises for
what an author wrote.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from blog import addresses, foreign, header, moments
from blog.faults import Fault, did_you_mean
from blog.fields import FIELDS, is_empty
from blog.mistakes import explain
from blog.nodes import Mapping, Node, Refused, Report, Scalar, Sequence, Spot, Unreadable, composed
from blog.posts import Cover, Page, Part, Post, Rules, Source, Tag
from blog.registry import read_tags
from blog.slugs import slugified

# --- stand-ins until blog.markup has these three ---------------------------------------------------


def first_paragraph(body: str) -> str:
    for block in re.split(r"\n\s*\n", body.lstrip("\n")[:4000]):
        if block.strip() and not re.match(r"\s*(?:[#>|<`~*+-]|\d+[.)]|!\[)", block):
            return block.strip()
    return ""


def plain(markdown: str) -> str:
    return " ".join(re.sub(r"[*_`]|!?\[([^]]*)\]\([^)]*\)", r"\1", markdown).split())


def word_count(body: str) -> int:
    return len(body.split())


# --- end of the stand-ins ---------------------------------------------------------------------------

EXCERPT = 280
"""The characters of a summary that is taken from the text, at most."""

COMMENT = re.compile(r"^[\w-]+:[ \t]+(?![\"'|>\[{#])[^\n]*?[ \t](#[^\s#][^\n]*)$", re.MULTILINE)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff\ufffe\uffff]")
BREAKS = str.maketrans("\x85\u2028\u2029", "   ")
FORM = "Write `name: value` lines, the first of them `title: …`."

Values = dict[str, Any]
"""What the fields mean, by the attribute of the Post or Page."""

Places = dict[str, Spot]
"""Where each attribute's value stands."""


def read_page(path: str, raw: bytes, rules: Rules) -> tuple[Post | Page | None, tuple[Fault, ...]]:
    """The Post or Page of this file (None where its faults are errors), and all its Faults.

    `path` is relative to pages/, with `/`: `posts/a.md`. What lies under
    `posts/` is a Post. Faults name `pages/posts/a.md`, sorted by place.
    """
    report = Report(CONTROL.sub(lambda found: ascii(found[0])[1:-1], f"{rules.folder}/{path}"), rules.lenient)
    page = _page(path, raw, rules, report)
    return (None if report.has_errors else page), tuple(sorted(report.faults))


def _page(path: str, raw: bytes, rules: Rules, report: Report) -> Post | Page | None:
    if CONTROL.search(path):
        report.fault(Spot(), "The file's name holds a character that no address can have.", "Rename the file.")
        return None
    read = _foreign if rules.lenient else _own
    found = read(path, raw, report)
    if found is None:
        return None
    source, mapping = found
    values, places = _values(mapping, path, report, rules)
    _complete(values, places, source, mapping, report, rules)
    _check_order(values, places, report)
    if report.has_errors:
        return None
    made = Post if addresses.is_post(path) else Page
    return made(source=source, path=path, **values)


def _own(path: str, raw: bytes, report: Report) -> tuple[Source, Mapping] | None:
    source = header.source(path, raw, report)
    mapping = source and _mapping(source.header, report)
    return (source, mapping) if source and mapping else None


def _foreign(path: str, raw: bytes, report: Report) -> tuple[Source, Mapping] | None:
    source = header.foreign_source(path, raw, report)
    if source is None:
        return None
    if source.header.startswith("+++"):
        mapping = foreign.toml(source.header, report)
    else:
        mapping = _mapping(source.header, report) if source.header.strip() else Mapping(1, 1)
    return mapping and (source, foreign.translated(mapping, source))


def _mapping(text: str, report: Report) -> Mapping | None:
    """The header's fields, or None with the reason reported."""
    if not text.isascii():
        text = text.translate(BREAKS)  # breaks to YAML, but to no editor: the lines would be counted wrongly
    try:
        node = composed(text, 2, report)
    except Refused as refused:
        report.fault(refused.place, refused.sentence, refused.cure)
        return None
    except Unreadable as error:
        explain(text, 2, error, report)
        return None
    if isinstance(node, Mapping):
        _warn_of_comments(text, report)
        return node
    _refuse_root(node, text, report)
    return None


def _refuse_root(node: Node | None, text: str, report: Report) -> None:
    if node is None or is_empty(node):
        report.fault(Spot(1, 1), "The header is empty.", header.EXAMPLE)
    elif isinstance(node, Sequence):
        report.fault(node, "The header is a list, but fields are expected.", FORM)
    else:
        explain(text, 2, Unreadable(node, "the header is a single text"), report)


def _warn_of_comments(text: str, report: Report) -> None:
    if "#" not in text:
        return
    for found in COMMENT.finditer(text):
        line = text.count("\n", 0, found.start()) + 2
        sentence = f'"{found[1]}" is left out: a # after a space begins a comment.'
        report.warning(
            Spot(line, found.start(1) - found.start() + 1),
            sentence,
            "Put the whole value in quotes, if it belongs to it.",
        )


def _values(mapping: Mapping, path: str, report: Report, rules: Rules) -> tuple[Values, Places]:
    values: Values = {}
    places: Places = {}
    for name, key, node in _known(mapping, addresses.is_post(path), report):
        field = FIELDS[name]
        if field.attribute in places:
            report.doubt(
                key, f'"{name}" says again what line {places[field.attribute].line} says.', "Keep one of the two."
            )
            continue
        places[field.attribute] = Spot(node.line, node.column)
        if is_empty(node):
            if not field.may_be_empty:
                report.doubt(key, f'"{name}" has no value.', f"Write one after `{name}:`, or remove the line.")
        elif (value := field.read(name, node, report, rules)) is not None:
            values[field.attribute] = value
    return values, places


def _known(mapping: Mapping, is_post: bool, report: Report) -> Iterator[tuple[str, Scalar, Node]]:
    """The entries whose keys are fields; the others are reported."""
    for name, (key, node) in mapping.entries.items():
        field = FIELDS.get(name)
        if field is None:
            report.doubt(key, f'"{_short(name)}" is not a field.', _cure(name))
        elif field.of_posts and not is_post:
            report.doubt(
                key, f'"{name}" is a field of posts, and this is a page.', "Remove it, or move the file into posts/."
            )
        else:
            yield name, key, node


def _cure(name: str) -> str:
    return did_you_mean(name, FIELDS) or "Values for templates of your own go into a mapping `extra:`."


def _complete(values: Values, places: Places, source: Source, mapping: Mapping, report: Report, rules: Rules) -> None:
    """Fill in what follows from the rest of the file."""
    if "title" not in places:
        report.fault(Spot(1, 1), '"title" is missing.', "Write `title: …` into the header.")
    elif values.get("title") == "":
        report.fault(places["title"], '"title" is empty.', "Write the title that readers see.")
    if not values.get("summary"):
        values["summary"] = values.get("description") or _shortened(plain(first_paragraph(source.body)))
    values["description"] = values.get("description") or values["summary"]
    values["minutes"] = max(1, round(word_count(source.body) / rules.words_per_minute))
    if addresses.is_post(source.path):
        _complete_post(values, places, source.path, report, rules)
    else:
        _place_page(values, places, source.path, report)


def _complete_post(values: Values, places: Places, path: str, report: Report, rules: Rules) -> None:
    if "date" not in places:
        _date_from_name(values, path, report, rules)
    slug = values.get("slug") or addresses.slug_of(path)
    if not slug:
        report.fault(
            Spot(),
            "This file has the place of a list of posts, not of a post.",
            "Name it after the post: posts/<slug>.md.",
        )
    values["slug"] = slug
    values["address"] = f"/posts/{slug}/"


def _date_from_name(values: Values, path: str, report: Report, rules: Rules) -> None:
    written, _ = moments.prefix(addresses.name_of(path))
    if written:
        try:
            values["date"] = moments.moment(written, rules.zone)
        except ValueError as reason:
            report.fault(Spot(), f'The file\'s name begins with "{written}", but {reason}.', moments.FORM)
    elif rules.lenient:
        values["date"] = dt.datetime(moments.FIRST_YEAR, 1, 1, tzinfo=rules.zone)
        values["dated"] = False
        report.warning(Spot(), "There is no date; the post sorts last.", "Write `date: 2026-05-01`.")
    else:
        report.fault(
            Spot(1, 1), '"date" is missing, and every post has one.', "Write `date: 2026-05-01` into the header."
        )


def _place_page(values: Values, places: Places, path: str, report: Report) -> None:
    address = addresses.page_address(path, values.pop("slug", ""))
    values["address"] = address
    if addresses.is_own(address):
        report.fault(
            places.get("slug", Spot()),
            f"The page would stand at {address}, which the site needs itself.",
            "Rename the file, or give it another `slug:`.",
        )


def _check_order(values: Values, places: Places, report: Report) -> None:
    """The three dates, as far as they are known, in their order."""
    date, updated, expires = (values.get(name) for name in ("date", "updated", "expires"))
    if date and updated and updated < date and updated.date() < date.date():
        report.doubt(
            places["updated"],
            f'"updated" is {updated.date()}, before the "date" {date.date()}.',
            "Is one of them mistyped?",
        )
    if date and expires and expires <= date:
        report.doubt(
            places["expires"],
            f'"expires" is {expires.date()}, and the post would end before it begins on {date.date()}.',
            "Write a later day, or remove the line.",
        )


def _shortened(text: str) -> str:
    """The text, or its first words and an ellipsis where it is longer than an excerpt."""
    if len(text) <= EXCERPT:
        return text
    cut = text[: EXCERPT - 1]
    whole = cut if text[EXCERPT - 1].isspace() else cut.rpartition(" ")[0] or cut
    return whole.rstrip(" ,;:–—-") + "…"


def _short(name: str) -> str:
    line = " ".join(name.split())
    return line if len(line) <= 60 else line[:59] + "…"


__all__ = ["Cover", "Page", "Part", "Post", "Rules", "Source", "Tag", "read_page", "read_tags", "slugified"]
