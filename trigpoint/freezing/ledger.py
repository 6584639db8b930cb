"""The ledger of a release: for each address its file, and the notes of what the file was made from.

The ledger lies beside the release, not in it: readers get the site alone. It
is what makes the next freeze short, and what `flask why` reads. It knows
nothing of Flask, and nothing of what the questions are about. A large one has
a million references to notes: so each note is there once, under a number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from trigpoint.faults import Fault
from trigpoint.inventory import Mark
from trigpoint.notes import Digest, Note

NONE = Digest("")

FORM = 5
"""The form of the file; another one is read as no ledger at all."""

Numbers = tuple[int, ...]
"""Notes by their numbers in a table, in the order of asking."""


class Record(NamedTuple):
    """One frozen file: its path in the release, its digest and mark, and the notes behind it."""

    path: str
    digest: Digest
    mark: Mark
    notes: Numbers = ()


@dataclass(frozen=True, slots=True)
class PageCheck:
    """What was found in one page of the sources, and the notes behind it."""

    faults: tuple[Fault, ...]
    notes: Numbers


class NoteTable:
    """Notes, each once, by number. It only grows."""

    def __init__(self, notes: Iterable[Note] = ()) -> None:
        self._notes = list(notes)
        self._numbers = {note: number for number, note in enumerate(self._notes)}

    def __iter__(self) -> Iterator[Note]:
        return iter(self._notes)

    def __getitem__(self, number: int) -> Note:
        return self._notes[number]

    def numbers(self, notes: Iterable[Note]) -> Numbers:
        """The numbers of these notes; those that are new get the next ones."""
        return tuple(map(self._number, notes))

    def _number(self, note: Note) -> int:
        number = self._numbers.setdefault(note, len(self._notes))
        if number == len(self._notes):
            self._notes.append(note)
        return number


@dataclass(frozen=True, slots=True)
class Ledger:
    """The records of one release by address, those of its compressed files, and what was found in each page, by path.

    `lists_digest` stands for all that lists and links were made of;
    `table` has the notes that the numbers are of; `secrets` are the digests of
    what none of its files has in it.
    """

    lists_digest: Digest = NONE
    table: NoteTable = field(default_factory=NoteTable)
    records: Mapping[str, Record] = field(default_factory=dict)
    checked: Mapping[str, PageCheck] = field(default_factory=dict)
    compressed_files: Mapping[str, Record] = field(default_factory=dict)
    secrets: tuple[Digest, ...] = ()


class NoteChecker:
    """Finds which notes of a table no longer hold; each question is asked again once.

    `digest_now` gives a question's digest now; `trusted` says of a note that it
    holds without asking.
    """

    def __init__(
        self,
        table: NoteTable,
        digest_now: Callable[[Note], Digest],
        trusted: Callable[[Note], bool] = lambda note: False,
    ) -> None:
        self._table, self._digest_now = table, digest_now
        self._doubtful = {number for number, note in enumerate(table) if not trusted(note)}
        self._stale: set[int] = set()

    def stale_note(self, numbers: Numbers) -> Note | None:
        """The first of these notes that no longer holds, or None: all do."""
        if self._doubtful.isdisjoint(numbers) and self._stale.isdisjoint(numbers):
            return None
        return next((self._table[number] for number in numbers if not self.holds(number)), None)

    def holds(self, number: int) -> bool:
        if number in self._doubtful:
            self._doubtful.remove(number)
            note = self._table[number]
            if self._digest_now(note) != note.digest:
                self._stale.add(number)
        return number not in self._stale


def text_of_ledger(ledger: Ledger) -> str:
    """The ledger as JSON, with those notes that something was made from."""
    each: tuple[Record | PageCheck, ...] = (*ledger.records.values(), *ledger.checked.values())
    used = sorted({number for one in each for number in one.notes})
    place = dict(zip(used, range(len(used)), strict=True))

    def renumbered(numbers: Numbers) -> list[int]:
        return [place[number] for number in numbers]

    content = {
        "form": FORM,
        "lists_digest": ledger.lists_digest,
        "notes": [ledger.table[number] for number in used],
        "records": {address: (*record[:3], renumbered(record.notes)) for address, record in ledger.records.items()},
        "checked": {
            path: [[astuple(fault) for fault in found.faults], renumbered(found.notes)]
            for path, found in ledger.checked.items()
        },
        "compressed_files": [record[:3] for record in ledger.compressed_files.values()],
        "secrets": ledger.secrets,
    }
    return json.dumps(content, separators=(",", ":"))


def read_ledger(path: Path) -> Ledger | None:
    """The ledger that lies there; None where there is none that can be read."""
    try:
        content = json.loads(path.read_bytes())
        return _ledger(content) if content["form"] == FORM else None
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return None


def _ledger(content: Mapping[str, Any]) -> Ledger:
    table = NoteTable(Note(name, tuple(arguments), digest) for name, arguments, digest in content["notes"])
    records = {
        address: Record(path, digest, (size, time), tuple(numbers))
        for address, (path, digest, (size, time), numbers) in content["records"].items()
    }
    checked = {
        path: PageCheck(tuple(Fault(*fault) for fault in faults), tuple(numbers))
        for path, (faults, numbers) in content["checked"].items()
    }
    noted = (*(record.notes for record in records.values()), *(each.notes for each in checked.values()))
    if highest := max(map(max, filter(None, noted)), default=0):
        table[highest]  # Raises IndexError where this is the number of no note.
    compressed_files = {
        path: Record(path, digest, (size, time)) for path, digest, (size, time) in content["compressed_files"]
    }
    return Ledger(content["lists_digest"], table, records, checked, compressed_files, tuple(content["secrets"]))
