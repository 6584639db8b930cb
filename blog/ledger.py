"""What a release was made from, written down: for each address its file, and the notes of the answer in it.

The ledger lies beside the release, not in it: readers get the site alone. It
is what makes the next freeze short, and what `flask why` reads. It knows
nothing of Flask, and nothing of what the questions are about.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

from blog.folder import Stamp
from blog.notes import Digest, Note

NONE = Digest("")
FORM = 1
"""The form of the file; another one is read as no ledger at all."""


class Verdict(Enum):
    """What a frozen file is, judged by its notes: the freezer copies, renders, holds or drops it."""

    CURRENT = "current"
    STALE = "stale"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Record:
    """One frozen file: its path in the release, its digest and stamp, how it was answered, and the notes behind it."""

    path: str
    digest: Digest
    stamp: Stamp
    media_type: str
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Ledger:
    """The records of one release, by address.

    `inputs` stands for everything that was there to read; `until` is the
    moment (RFC 3339, or "") after which the same inputs give another site;
    `digest` stands for all that the release holds.
    """

    inputs: Digest = NONE
    until: str = ""
    digest: Digest = NONE
    records: Mapping[str, Record] = field(default_factory=dict)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """Every note once, in the order of its first record."""
        return tuple(dict.fromkeys(note for record in self.records.values() for note in record.notes))


class Judge:
    """Finds which notes of an old ledger no longer hold; each question is asked again once."""

    def __init__(self, again: Callable[[Note], Digest]) -> None:
        self._again = again
        self._holds: dict[Note, bool] = {}

    def stale_note(self, notes: Iterable[Note]) -> Note | None:
        """The first note that no longer holds, or None: all do."""
        return next((note for note in notes if not self.holds(note)), None)

    def holds(self, note: Note) -> bool:
        known = self._holds.get(note)
        if known is None:
            known = self._holds[note] = self._again(note) == note.digest
        return known


def write_ledger(ledger: Ledger, path: Path) -> None:
    """Write the ledger as JSON, each note once."""
    numbers = {note: number for number, note in enumerate(ledger.notes)}
    content = {
        "form": FORM,
        "inputs": ledger.inputs,
        "until": ledger.until,
        "digest": ledger.digest,
        "notes": [[note.name, note.arguments, note.digest] for note in numbers],
        "records": {
            address: [
                record.path,
                record.digest,
                record.stamp,
                record.media_type,
                [numbers[note] for note in record.notes],
            ]
            for address, record in ledger.records.items()
        },
    }
    path.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")


def read_ledger(path: Path) -> Ledger:
    """The ledger that lies there; an empty one where there is none that can be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return _ledger(content) if content["form"] == FORM else Ledger()
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return Ledger()


def _ledger(content: Mapping[str, Any]) -> Ledger:
    notes = [Note(name, _frozen(arguments), digest) for name, arguments, digest in content["notes"]]
    records = {
        address: Record(path, digest, tuple(stamp), media_type, tuple(notes[number] for number in numbers))
        for address, (path, digest, stamp, media_type, numbers) in content["records"].items()
    }
    return Ledger(content["inputs"], content["until"], content["digest"], records)


def _frozen(arguments: Iterable[Any]) -> tuple[object, ...]:
    return tuple(_frozen(each) if isinstance(each, list) else each for each in arguments)
