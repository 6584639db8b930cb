"""The headers of other blogs, read as they are: TOML, other names for our fields, no title.

Only used where the site's settings say `front_matter = "lenient"`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

from trigpoint.content import dates, places, slugs, visibility
from trigpoint.content import yaml_entries as own
from trigpoint.content.fields import FIELDS, FOREIGN
from trigpoint.content.foreign.entries import LISTS, URI, Written, add_parts, add_places, clean_title
from trigpoint.content.header import without_code
from trigpoint.content.pages import Source
from trigpoint.content.places import is_post, name_of
from trigpoint.content.values import HIDDEN, NO, TITLE, YES, is_empty, shown
from trigpoint.content.yaml_nodes import DEPTH, Mapping, Node, Scalar, Sequence
from trigpoint.fault_list import FaultList, Position
from trigpoint.toml_lines import TomlError, load_toml, places_of

SYNONYMS = {
    "published_at": "date", "pubdate": "date", "pubdatetime": "date", "moddatetime": "updated",
    "modified": "updated", "lastmod": "updated", "last_modified_at": "updated",
    "by": "author", "author_name": "author",
    "excerpt": "summary", "teaser": "summary", "hook": "summary", "spoiler": "summary",
    "redirect_from": "aliases", "alias": "aliases", "redirects": "aliases", "language": "lang", "locale": "lang",
    "tag": "tags", "categories": "tags", "category": "tags", "created": "date", "created_at": "date",
    **dict.fromkeys(("posted", "postedon", "postdate", "dateposted", "publishedat", "publishedon", "publisheddate",
            "datepublished", "datecreated", "createddate", "creationdate", "createdat"), "date"),
    **dict.fromkeys(("updatedat", "updatedon", "updateddate", "dateupdated", "datemodified", "modifieddate"),
            "updated"),
    **dict.fromkeys(("pubdatetime", "datetime", "postdatetime", "publisheddatetime", "publishedtime", "publishtime",
            "createtime", "createdate", "creationtime", "releasedate", "firstpublished", "firstpublishedat",
            "datewritten"), "date"),
    **dict.fromkeys(("update", "modifiedtime"), "updated"),
    **dict.fromkeys(("moddatetime", "lastupdated", "lastupdate", "updatetime", "updatedate", "lastmodifieddate",
            "modtime", "edited", "editedon", "revised"), "updated"),
    "updated_at": "updated", "last_updated": "updated", "last_modified": "updated", "last-modified": "updated",
    "image": "cover",
}  # fmt: skip
LOOSE = ("time", "timestamp", "day", "added", "written", "when")
"""Names that may be a date's, where a day stands there."""

BEGUN = (
    "created",
    "createdat",
    "createtime",
    "createdate",
    "createddate",
    "creationdate",
    "creationtime",
    "datecreated",
)
TRANSLATION = re.compile(r"(?P<name>.+)/index\.(?P<lang>[a-z]{2}(?:[-_][A-Za-z]{2,4})?)\Z")
DAY = re.compile(r"(?:\d\d(?:\d\d)?[-_]\d{1,2}[-_]\d{1,2}|(?:19|20)\d{6})[-_ ]+(?=.)", re.ASCII)
"""A day before the name of a file, in any of the usual ways."""

MARKS = re.compile(
    r"!?\[(?P<link>[^\[\]]*)\]\([^()]*\)|(?<!\w)(?P<mark>\*\*|__|\*|_|`++)(?=\S)(?P<text>.+?)(?<=\S)(?P=mark)(?!\w)"
)
"""What Markdown marks in a heading; a title is plain."""

SEARCHED = 20_000
"""The characters of a text in which its first heading is looked for."""

HEADING = re.compile(r"^(?:#[ \t]+(?P<marked>\S.*)$|(?P<underlined>\S.*)\n=+[ \t]*$)", re.MULTILINE)
ATTRIBUTES = re.compile(r"(?<=.)\{[^{}]*\}\s*\Z")
"""What stands behind a heading for the program that renders it: `{#id .class}`."""


def entries(source: Source, report: FaultList) -> Mapping | None:
    """The fields of a header in YAML, in TOML or of none, or None with the reasons reported."""
    if source.header.startswith("+++"):
        return _toml(source.header, report)
    if not source.header.strip():
        return Mapping(1, 1)
    is_bare = source.body_line - source.header.count("\n") <= 1
    return own.entries(source.header, report, 1 if is_bare else own.FIRST_LINE)


def _toml(header: str, report: FaultList) -> Mapping | None:
    """The fields of a TOML header (its opening fence still on it), or None with the fault reported."""
    text = header.split("\n", 1)[1]
    try:
        table = load_toml(text)
    except TomlError as error:
        place, sentence = Position(error.line + 1, max(1, error.column)), f"The header is no TOML: {error.reason}."
        report.error(place, sentence, "Texts stand in quotes, lists in [ ].")
        return None
    places = places_of(text)
    root = Mapping(1, 1)
    for name, value in table.items():
        place = Position(places.get((name, ""), (0, 1))[0] + 1, 1)
        root.entries[name] = Scalar(name, False, place.line, 1), _node(value, place, 0)
    return root


def translated(mapping: Mapping, source: Source, report: FaultList) -> Mapping:
    """The mapping with our names for its fields; what is no field of ours is in `extra`."""
    ours, rest = Mapping(mapping.line, mapping.column), Mapping(mapping.line, mapping.column)
    written = _flat(mapping)
    for name, (key, node) in written.items():
        known = "" if _is_older(name, written) else _field(name, node, source)
        if known == "date" and known in ours.entries:
            known = "appears"
        is_never = known in ("expires", "updated") and isinstance(node, Scalar) and node.text.casefold() in (*NO, "")
        if known == "begins" or is_never or (known == "id" and not URI.fullmatch(shown(node)[1:-1])):
            rest.entries[name] = key, node
        elif known in LISTS and not is_empty(node):
            before = ours.entries.get(known, (key, Sequence(node.line, node.column)))[1]
            ours.entries[known] = key, LISTS[known](before, name, node, _is_spaced(node, written, source))
        elif known in (*FIELDS, *FOREIGN) and known not in ours.entries and not is_empty(node):
            ours.entries[known] = key, node
        elif _hides(name, key, node, known in MOMENTS and known in ours.entries, report):
            said = Scalar(visibility.reason(name, node), False, node.line, node.column)
            ours.entries |= {"draft": (key, Scalar("true", True, node.line, node.column)), "hidden_by": (key, said)}
        else:
            rest.entries[name] = key, node
    add_places(ours, rest, source)
    _add_date(ours, source)
    add_parts(ours, rest, report)
    _wait_for_both(ours, report)
    if "title" in ours.entries:
        ours.entries["title"] = _plain(*ours.entries["title"])
    else:
        ours.entries["title"] = Scalar("title", True, 1, 1), Scalar(title_of(source), False, 1, 1)
    if rest.entries:
        ours.entries.setdefault("extra", (Scalar("extra", True, 1, 1), rest))
    return ours


def _is_older(name: str, written: Written) -> bool:
    """Whether this is the day on which a text was begun, and another entry says when it was published."""
    others = (other.casefold() for other in written if visibility.key_of(other) not in BEGUN)
    return visibility.key_of(name) in BEGUN and any(
        SYNONYMS.get(other, SYNONYMS.get(visibility.key_of(other), other)) == "date" for other in others
    )


def _is_spaced(node: Node, written: Written, source: Source) -> bool:
    """Whether spaces part names: the header has a `layout`, or the file a name of Jekyll's and small letters alone."""
    return "layout" in written or (
        isinstance(node, Scalar) and node.text.islower() and dates.prefix(name_of(source.path))[0] != ""
    )


def _plain(key: Scalar, title: Node) -> tuple[Scalar, Node]:
    """The entry of a title, as plain text where its generator showed HTML."""
    if isinstance(title, Scalar) and re.search("[<&]", title.text):
        return key, replace(title, text=clean_title(title.text))
    return key, title


def _add_date(ours: Mapping, source: Source) -> None:
    """A post that says only when it appears, or when it was changed, has that date, as Hugo has it."""
    if not is_post(source.path) or "date" in ours.entries:
        return
    if "appears" in ours.entries:
        ours.entries["date"] = ours.entries["appears"]
    elif "updated" in ours.entries and not dates.in_path(places.SUFFIX.sub("", source.path)):
        ours.entries["date"] = ours.entries["updated"]


def _wait_for_both(ours: Mapping, report: FaultList) -> None:
    """A date that can mean two days is told of, and shows the post when both have come."""
    key, node = ours.entries.get("date", (None, None))
    other = dates.with_day_first(node.text) if isinstance(node, Scalar) else ""
    if key and node and other:
        sentence = f'"{key.text}" is {shown(node)}, which may mean two days; the month is taken to stand first.'
        report.warning(key, sentence, dates.FORM)
        ours.entries.setdefault("appears", (key, Scalar(other, False, key.line, key.column)))


MOMENTS = ("appears", "begins", "expires")


def _flat(mapping: Mapping) -> Written:
    """The entries, with those of `taxonomies:` and of a `date:` with several one level up; an empty date is none."""
    entries = dict(mapping.entries)
    for name in ("taxonomies", "date"):
        _, inner = entries.get(name, (None, None))
        if isinstance(inner, Mapping) and (name != "date" or "created" in inner.entries):
            del entries[name]
            entries = inner.entries | entries
        elif name == "date" and isinstance(inner, Scalar) and not inner.text.strip():
            del entries[name]
    return entries


def _field(name: str, node: Node, source: Source) -> str:
    """Our name for this entry; "" where we have none."""
    folded, key = name.casefold(), visibility.key_of(name)
    if key in visibility.APPEARS:
        return "appears"
    if key in visibility.EXPIRES:
        return "expires"
    known = SYNONYMS.get(folded, SYNONYMS.get(key, folded))
    is_day = (folded in ("published", "publish") and not _is_switch(node)) or (key in LOOSE and _is_day(node))
    known = "date" if is_day else known
    if known in ("date", "created") and not is_post(source.path):
        return "begins"  # A page has no date; but one in the future hides it from readers.
    known = "author" if known == "authors" else known
    return known if known in FIELDS and (is_post(source.path) or not FIELDS[known].of_posts) else ""


def _is_day(node: Node) -> bool:
    return isinstance(node, Scalar) and re.match(r"\s*(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d", node.text) is not None


def _is_switch(node: Node) -> bool:
    return isinstance(node, Scalar) and node.text.casefold() in YES + NO


def _hides(name: str, key: Scalar, node: Node, is_second: bool, report: FaultList) -> bool:
    """Does this entry keep the page from readers? `is_second`: it is a moment, and another one was written before."""
    found = visibility.UNCLEAR if is_second and not is_empty(node) else visibility.verdict(name, node)
    if found and not found.understood:
        sentence = f'"{name}" is {shown(node)}, which is not understood; so the page is hidden from readers.'
        report.warning(key, sentence, "Write `draft: true` or `draft: false` in its place.")
    return found is not None and found.hides


def slug_of(path: str, slug: str) -> str:
    """The slug of a post: `posts/a/index.de.md`, a translation, is told apart; `a.html.md` loses its `.html`."""
    if slug != places.slug_of(path):
        return slug
    found = TRANSLATION.search(places.SUFFIX.sub("", path))
    if found:
        return slugs.slug_from(f"{places.name_of(found['name'])}.{found['lang']}")
    return re.sub(r"(?<=.)\.html?\Z", "", slug)


def title_of(source: Source) -> str:
    """The title of a file that names none: the first heading of its text, or else the file's name."""
    found = HEADING.search(HIDDEN.sub("", without_code((source.body or "")[:SEARCHED])))
    name = re.sub(r"\.html?\Z", "", DAY.sub("", name_of(source.path))).replace("-", " ").replace("_", " ").strip()
    title = _heading_text(found["marked"] or found["underlined"]) if found else ""
    return (title or name.capitalize())[:TITLE].strip() or "Untitled"


def _heading_text(heading: str) -> str:
    """A heading without what Markdown marks in it; of a long one no more than a title may need."""
    bare = ATTRIBUTES.sub("", heading)[: 10 * TITLE].strip(" \t#")
    return MARKS.sub(lambda mark: mark["text"] or mark["link"] or "", bare)


def _node(value: Any, place: Position, depth: int) -> Node:
    if isinstance(value, list) and depth < DEPTH:
        return Sequence(place.line, place.column, [_node(item, place, depth + 1) for item in value])
    if isinstance(value, dict) and depth < DEPTH:
        entries = {
            key: (Scalar(key, False, place.line, 1), _node(item, place, depth + 1)) for key, item in value.items()
        }
        return Mapping(place.line, place.column, entries)
    if isinstance(value, bool):
        return Scalar(str(value).lower(), True, place.line, place.column)
    written = value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
    return Scalar(written, isinstance(value, int | float), place.line, place.column)
