"""What a release was made from, written down: for each address its file, and the notes of the answer in it.

The ledger lies beside the release, not in it: readers get the site alone. It
is what makes the next freeze short, and what `flask why` reads. It knows
nothing of Flask, and nothing of what the questions are about.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from blog.faults import Fault
from blog.folder import Stamp
from blog.notes import Digest, Note

NONE = Digest("")

FORM = 2
"""The form of the file; another one is read as no ledger at all."""


@dataclass(frozen=True, slots=True)
class Record:
    """One frozen file: its path in the release, its digest and stamp, and the notes behind it."""

    path: str
    digest: Digest
    stamp: Stamp
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one page of the sources, and the notes behind it."""

    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Ledger:
    """The records of one release by address, those of its smaller twins and what was found in each page, by path.

    `standing` stands for all that lists, links and addresses were made of.
    """

    standing: Digest = NONE
    records: Mapping[str, Record] = field(default_factory=dict)
    checked: Mapping[str, Checked] = field(default_factory=dict)
    twins: Mapping[str, Record] = field(default_factory=dict)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """Every note once, in the order of its first use."""
        each = [*(record.notes for record in self.records.values()), *(found.notes for found in self.checked.values())]
        return tuple(dict.fromkeys(note for notes in each for note in notes))


class Judge:
    """Finds which notes no longer hold; each question is asked again once.

    `again` gives a question's digest now; `trusted` says of a note that it
    holds without asking.
    """

    def __init__(self, again: Callable[[Note], Digest], trusted: Callable[[Note], bool] = lambda note: False) -> None:
        self._again, self._trusted = again, trusted
        self._holds: dict[Note, bool] = {}

    def stale_note(self, notes: Iterable[Note]) -> Note | None:
        """The first note that no longer holds, or None: all do."""
        return next((note for note in notes if not self.holds(note)), None)

    def holds(self, note: Note) -> bool:
        known = self._holds.get(note)
        if known is None:
            known = self._holds[note] = self._trusted(note) or self._again(note) == note.digest
        return known


def write_ledger(ledger: Ledger, path: Path) -> None:
    """Write the ledger as JSON, each note once."""
    numbers = {note: number for number, note in enumerate(ledger.notes)}
    content = {
        "form": FORM,
        "standing": ledger.standing,
        "notes": [[note.name, note.arguments, note.digest] for note in numbers],
        "records": {
            address: [record.path, record.digest, record.stamp, _numbered(record.notes, numbers)]
            for address, record in ledger.records.items()
        },
        "checked": {
            path: [[astuple(fault) for fault in found.faults], _numbered(found.notes, numbers)]
            for path, found in ledger.checked.items()
        },
    }
    content["twins"] = [[record.path, record.digest, record.stamp] for record in ledger.twins.values()]
    path.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")


def read_ledger(path: Path) -> Ledger:
    """The ledger that lies there; an empty one where there is none that can be read."""
    try:
        content = json.loads(path.read_bytes())
        return _ledger(content) if content["form"] == FORM else Ledger()
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return Ledger()


def _numbered(notes: Iterable[Note], numbers: Mapping[Note, int]) -> list[int]:
    return [numbers[note] for note in notes]


def _ledger(content: Mapping[str, Any]) -> Ledger:
    notes = [Note(name, _frozen(arguments), digest) for name, arguments, digest in content["notes"]]

    def numbered(numbers: Iterable[int]) -> tuple[Note, ...]:
        return tuple(notes[number] for number in numbers)

    records = {
        address: Record(path, digest, tuple(stamp), numbered(numbers))
        for address, (path, digest, stamp, numbers) in content["records"].items()
    }
    checked = {
        path: Checked(tuple(Fault(*fault) for fault in faults), numbered(numbers))
        for path, (faults, numbers) in content["checked"].items()
    }
    twins = {path: Record(path, digest, tuple(stamp), ()) for path, digest, stamp in content["twins"]}
    return Ledger(content["standing"], records, checked, twins)


def _frozen(arguments: Iterable[Any]) -> tuple[object, ...]:
    return tuple(_frozen(each) if isinstance(each, list) else each for each in arguments)
