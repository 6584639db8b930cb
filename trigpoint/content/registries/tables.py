"""The file of a registry: TOML with a table for each entry, named by its slug, with the `name` for readers. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from unicodedata import normalize

from trigpoint.content.slugs import folded, slug_fault, slugified
from trigpoint.encoding import misencoded
from trigpoint.fault_list import FaultList, Position
from trigpoint.faults import Fault, did_you_mean
from trigpoint.toml_lines import TomlError, load_toml, places_of


class Named(Protocol):
    """What a registry has: an entry with a slug and a name."""

    @property
    def slug(self) -> str: ...

    @property
    def name(self) -> str: ...


Entry = TypeVar("Entry", bound=Named)


class Lines:
    """Where the tables of a TOML text and their keys stand."""

    def __init__(self, text: str) -> None:
        self._places = places_of(text)

    def spot(self, slug: str, key: str = "") -> Position:
        return Position(*(self._places.get((slug, key)) or self._places.get((slug, "")) or (0, 0)))


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file. `noun` is what its entry is called: "tag"."""

    slug: str
    values: Mapping[str, Any]
    noun: str
    lines: Lines
    report: FaultList

    def text(self, key: str) -> str:
        """The text of one line behind this key; "" where there is none."""
        value = self.values.get(key, "")
        if isinstance(value, str) and (value.strip() or key not in self.values) and value.isprintable():
            return value.strip()
        self.error(key, f'The {key} of "{self.slug}" is not a text of one line.', f'Write {key} = "…".')
        return ""

    def error(self, key: str, sentence: str, cure: str) -> None:
        self.report.error(self.lines.spot(self.slug, key), sentence, cure)

    def check(self, fields: Sequence[str]) -> None:
        """Report what is wrong with any table: its slug, keys that are not these fields, no name."""
        if reason := slug_fault(self.slug):
            sentence = f'"{self.slug}" cannot be the slug of {self._a_noun}: {reason}.'
            self.error("", sentence, f"Write [{slugified(self.slug)}].")
        for key in self.values:
            if key not in fields:
                cure = did_you_mean(key, fields) or f"Its fields are {', '.join(fields)}."
                self.error(key, f'"{key}" is not a field of {self._a_noun}.', cure)
        if "name" not in self.values:
            sentence = f'The {self.noun} "{self.slug}" has no name.'
            self.error("", sentence, 'Write name = "…", as readers shall see it.')

    @property
    def _a_noun(self) -> str:
        return f"an {self.noun}" if self.noun[0] in "aeiou" else f"a {self.noun}"


def read_tables(
    path: str, raw: bytes, noun: str, fields: Sequence[str], entry_of: Callable[[Table], Entry]
) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """The entries of a registry in the order of its file, and all Faults; what has faults is left out.

    `path` is named by the faults as it is given. `entry_of` makes an entry, and reports what is wrong with its fields.
    """
    report = FaultList(path)
    tables = _tables(raw, report)
    lines = Lines(raw.decode("utf-8", "replace"))
    entries = []
    for slug, values in tables.items():
        before = len(report.faults)
        if not isinstance(values, dict):
            cure = f'Write [{slugified(slug)}], and below it name = "…".'
            report.error(lines.spot(slug), f'"{slug}" stands outside a table.', cure)
            continue
        table = Table(slug, values, noun, lines, report)
        table.check(fields)
        entry = entry_of(table)
        if len(report.faults) == before:
            entries.append(entry)
    whole = _distinct(entries, noun, lines, report)
    return whole, tuple(sorted(report.faults))


def _tables(raw: bytes, report: FaultList) -> Mapping[str, Any]:
    try:
        return load_toml(normalize("NFC", raw.decode("utf-8-sig")).replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        found = misencoded(raw, error)
        report.error(Position(found.line, found.column), found.sentence, found.cure)
    except TomlError as error:
        cure = 'Write [slug], and below it name = "…".'
        report.error(Position(error.line, error.column), f"This is not TOML: {error.reason}.", cure)
    return {}


def _distinct(entries: Sequence[Entry], noun: str, lines: Lines, report: FaultList) -> tuple[Entry, ...]:
    """The entries whose spellings are theirs alone; a spelling that two share is reported with both lines."""
    owners: dict[str, tuple[Entry, Position]] = {}
    kept = []
    for entry in entries:
        clashes = [(word, place, owners[word]) for word, place in _spellings(entry, lines) if word in owners]
        for word, place, (owner, first) in clashes[:1]:
            sentence = f'"{word}" belongs to the {noun} "{owner.slug}" already, in line {first.line}.'
            report.error(place, sentence, "Give it to one of the two.")
        if not clashes:
            kept.append(entry)
            owners.update((word, (entry, place)) for word, place in _spellings(entry, lines))
    return tuple(kept)


def _spellings(entry: Named, lines: Lines) -> Iterator[tuple[str, Position]]:
    """What an entry may be called, each spelling once, with the place that says so."""
    spots = {entry.slug: lines.spot(entry.slug)}
    for alias in getattr(entry, "aliases", ()):
        spots.setdefault(alias, lines.spot(entry.slug, "aliases"))
    for word in (folded(entry.name), slugified(entry.name)):
        spots.setdefault(word, lines.spot(entry.slug, "name"))
    yield from spots.items()
