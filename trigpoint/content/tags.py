"""The tag registry: tags.toml read, and a tag found in it by any of its spellings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from unicodedata import normalize

from trigpoint.content.pages import Rules, Tag
from trigpoint.content.slugs import folded, slug_fault, slugified
from trigpoint.encoding import misencoded
from trigpoint.fault_list import FaultList, Position
from trigpoint.faults import Fault, did_you_mean, nearest
from trigpoint.toml_lines import TomlError, load_toml, places_of

FIELDS = ("name", "description", "aliases")


def tag_named(name: str, rules: Rules) -> Tag | None:
    """The tag that goes by this name, slug or alias; None where the registry has none and is closed."""
    spellings = rules.spellings
    found = spellings.get(name) or spellings.get(name.casefold()) or spellings.get(slugified(name))
    is_open = rules.tags_open or rules.lenient
    return found or (Tag(slugified(name), name) if is_open else None)


def unregistered(name: str, rules: Rules) -> tuple[str, str]:
    """The sentence and the cure for a tag that the registry lacks."""
    near = nearest(name, [tag.name for tag in rules.registry])
    guess = f'Did you mean "{near}"? ' if near else ""
    return (
        f'The tag "{name}" is not registered.',
        f"{guess}A new tag gets a table [{slugified(name)}] in {rules.folder}/tags.toml.",
    )


def read_tags(path: str, raw: bytes) -> tuple[tuple[Tag, ...], tuple[Fault, ...]]:
    """The tag registry of tags.toml, in its order, and all its Faults.

    Shape: a table per tag, named by its slug, with `name`, and perhaps
    `description` and `aliases`. Tags that have faults are left out. `path` is
    named by the faults as it is given.
    """
    report = FaultList(path)
    table = _table(raw, report)
    lines = _Lines(raw.decode("utf-8", "replace"))
    tags = [tag for slug, entry in table.items() if (tag := _tag(slug, entry, lines, report))]
    whole = _distinct(tags, lines, report)
    return whole, tuple(sorted(report.faults))


class _Lines:
    """Where the tables of a TOML text and their keys stand."""

    def __init__(self, text: str) -> None:
        self._places = places_of(text)

    def spot(self, slug: str, key: str = "") -> Position:
        return Position(*(self._places.get((slug, key)) or self._places.get((slug, "")) or (0, 0)))


def _table(raw: bytes, report: FaultList) -> Mapping[str, Any]:
    try:
        return load_toml(normalize("NFC", raw.decode("utf-8-sig")).replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        found = misencoded(raw, error)
        report.error(Position(found.line, found.column), found.sentence, found.cure)
    except TomlError as error:
        cure = 'Write [slug], and below it name = "…".'
        report.error(Position(error.line, error.column), f"This is not TOML: {error.reason}.", cure)
    return {}


def _tag(slug: str, entry: Any, lines: _Lines, report: FaultList) -> Tag | None:
    """The tag of one table, or None with its faults reported."""
    before = len(report.faults)
    if not isinstance(entry, dict):
        report.error(
            lines.spot(slug),
            f'"{slug}" stands outside a table.',
            f'Write [{slugified(slug)}], and below it name = "…".',
        )
        return None
    if reason := slug_fault(slug):
        report.error(
            lines.spot(slug), f'"{slug}" cannot be the slug of a tag: {reason}.', f"Write [{slugified(slug)}]."
        )
    for key in entry:
        if key not in FIELDS:
            report.error(lines.spot(slug, key), f'"{key}" is not a field of a tag.', did_you_mean(key, FIELDS))
    name = _text(slug, entry, "name", lines, report)
    if not name and "name" not in entry:
        report.error(lines.spot(slug), f'The tag "{slug}" has no name.', 'Write name = "…", as readers shall see it.')
    description = _text(slug, entry, "description", lines, report)
    aliases = _aliases(slug, entry, lines, report)
    return Tag(slug, name, description, aliases) if len(report.faults) == before else None


def _text(slug: str, entry: Mapping[str, Any], key: str, lines: _Lines, report: FaultList) -> str:
    value = entry.get(key, "")
    if isinstance(value, str) and (value.strip() or key not in entry) and value.isprintable():
        return value.strip()
    report.error(lines.spot(slug, key), f'The {key} of "{slug}" is not a text of one line.', f'Write {key} = "…".')
    return ""


def _aliases(slug: str, entry: Mapping[str, Any], lines: _Lines, report: FaultList) -> tuple[str, ...]:
    written, place = entry.get("aliases", []), lines.spot(slug, "aliases")
    if not isinstance(written, list) or not all(isinstance(alias, str) for alias in written):
        report.error(place, f'The aliases of "{slug}" are not a list of texts.', 'Write aliases = ["…", "…"].')
        return ()
    for alias in written:
        if reason := slug_fault(alias):
            report.error(place, f'"{alias}" cannot be an alias: {reason}.', f'Write "{slugified(alias)}".')
    return tuple(written)


def _distinct(tags: list[Tag], lines: _Lines, report: FaultList) -> tuple[Tag, ...]:
    """The tags whose spellings are theirs alone; a spelling that two share is reported with both lines."""
    owners: dict[str, tuple[Tag, Position]] = {}
    kept = []
    for tag in tags:
        clashes = [(word, place, owners[word]) for word, place in _spellings(tag, lines) if word in owners]
        for word, place, (owner, first) in clashes[:1]:
            report.error(
                place,
                f'"{word}" belongs to the tag "{owner.slug}" already, in line {first.line}.',
                "Give it to one of the two.",
            )
        if not clashes:
            kept.append(tag)
            owners.update((word, (tag, place)) for word, place in _spellings(tag, lines))
    return tuple(kept)


def _spellings(tag: Tag, lines: _Lines) -> Iterator[tuple[str, Position]]:
    """What a tag may be called, each spelling once, with the place that says so."""
    spots = {tag.slug: lines.spot(tag.slug)}
    for alias in tag.aliases:
        spots.setdefault(alias, lines.spot(tag.slug, "aliases"))
    for word in (folded(tag.name), slugified(tag.name)):
        spots.setdefault(word, lines.spot(tag.slug, "name"))
    yield from spots.items()
