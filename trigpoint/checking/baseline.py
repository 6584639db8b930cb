"""The findings that an old blog lives with: a file of lines, which only ever gets shorter.

A line holds the path, the kind and the sentence of a finding, with tabs between them and no number of a line: an edit
above moves no finding out of the file. Two equal findings are two lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from trigpoint.faults import Fault
from trigpoint.writing.files import create, write_all

HEAD = "# Findings that `flask check --baseline` passes over. What is mended goes from here; nothing is added.\n"

Lines = Counter[str]


class BaselineError(Exception):
    """The file is no baseline, and stays as it is; the text says so, and what to do."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a check found beside a baseline: the `new` findings, how many are `known`, the lines that are `mended`."""

    new: tuple[Fault, ...]
    known: int
    mended: Lines


def read_baseline(path: Path) -> Lines | None:
    """How often the file has each line; None where there is no such file. Raises OSError, BaselineError."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    if not text.startswith(HEAD):
        sentence = f"{path} is no baseline: it does not begin with the line that this command writes."
        raise BaselineError(f"{sentence} Name another file, or one that is not there; this one stays as it is.")
    return Counter(line for line in text.splitlines() if line.strip() and not line.startswith("#"))


def write_baseline(path: Path, lines: Lines) -> None:
    """Write the file, in the order of its lines, whole and at once; it is new, or was read. Raises OSError."""
    content = (HEAD + "".join(f"{line}\n" for line in sorted(lines.elements()))).encode()
    if path.exists():
        write_all({path: content})
    else:
        path.parent.resolve(strict=True)  # A folder that was mistyped is not made.
        create(path, content)


def lines_of(found: Iterable[Fault]) -> Lines:
    """The line of each finding."""
    return Counter(f"{fault.path}\t{fault.kind}\t{' '.join(fault.sentence.split())}" for fault in found)


def compared(found: Iterable[Fault], known: Lines) -> Compared:
    """The findings beside the known ones. Of equal findings, those that stand further down are the new ones."""
    left, new = known.copy(), []
    for fault in sorted(found):
        (line,) = lines_of((fault,))
        if left[line] > 0:
            left[line] -= 1
        else:
            new.append(fault)
    mended = +left
    return Compared(tuple(new), known.total() - mended.total(), mended)
