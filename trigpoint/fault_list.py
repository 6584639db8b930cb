"""Where the readers of one file write down the Faults they find: a FaultList for its header, BodyFaults for its body.

A reader that finds a mistake reports it and goes on, so that an author sees all
mistakes of a file at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

from trigpoint.faults import Fault

KIND = "front-matter"
"""The kind of a fault of a header that has none of its own."""


class Place(Protocol):
    """Anything that knows where in its file it stands; both count from 1."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Position:
    """A bare Place."""

    line: int = 0
    column: int = 0


class FaultList:
    """The Faults of one file, in the order of finding.

    `forgiving` is how a foreign folder is read: what a field cannot mean is
    reported as a warning, and the page is made without it.
    """

    def __init__(self, path: str, forgiving: bool = False) -> None:
        self.path = path
        self.forgiving = forgiving
        self.faults: list[Fault] = []

    def error(self, place: Place, sentence: str, cure: str = "", kind: str = KIND, subject: str = "") -> None:
        self._add(Fault(self.path, place.line, place.column, sentence, cure, False, kind, subject))

    def doubt(self, place: Place, sentence: str, cure: str = "", kind: str = KIND, subject: str = "") -> None:
        """A mistake in a field's value: a fault, or a warning where the FaultList is forgiving."""
        self._add(Fault(self.path, place.line, place.column, sentence, cure, self.forgiving, kind, subject))

    def warning(self, place: Place, sentence: str, cure: str = "", kind: str = KIND, subject: str = "") -> None:
        self._add(Fault(self.path, place.line, place.column, sentence, cure, True, kind, subject))

    def _add(self, fault: Fault) -> None:
        """What nobody names a subject of is about what its sentence says."""
        self.faults.append(replace(fault, subject=fault.subject or fault.sentence))

    @property
    def has_errors(self) -> bool:
        return any(not fault.warning for fault in self.faults)


@dataclass(frozen=True, slots=True)
class BodyFaults:
    """The Faults of one body. Lines count from 0 there, and begin at `first_line` of the file."""

    path: str
    first_line: int
    lenient: bool = False
    faults: list[Fault] = field(default_factory=list)

    def error(self, line: int, sentence: str, cure: str = "", kind: str = "", subject: str = "") -> None:
        self.faults.append(Fault(self.path, self.first_line + line, 0, sentence, cure, False, kind, subject))

    def doubt(self, line: int, sentence: str, cure: str, kind: str) -> None:
        """Something that is shown as typed: an error, or a warning where the site takes in what others wrote."""
        (self.warning if self.lenient else self.error)(line, sentence, cure, kind)

    def warning(self, line: int, sentence: str, cure: str = "", kind: str = "", subject: str = "") -> None:
        self.faults.append(Fault(self.path, self.first_line + line, 0, sentence, cure, True, kind, subject))
