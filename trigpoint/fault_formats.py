"""Findings as text, as JSON for programs, or as annotations in a pull request."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from trigpoint.faults import Fault, counted, summed_up


def as_text(found: Iterable[Fault]) -> str:
    """A line each, as editors and compilers have them; many equal ones in one line with their number."""
    return "".join(f"{line}\n" for line in summary_lines(found))


def in_full(found: Iterable[Fault]) -> str:
    """A line each, however many are equal."""
    return "".join(f"{fault}\n" for fault in sorted(found))


def summary_lines(found: Iterable[Fault]) -> Iterator[str]:
    """The lines of `as_text`, without their ends."""
    for fault, others in summed_up(found):
        files = len({fault.path, *(other.path for other in others)})
        where = "in this file" if files == 1 else f"in {files:,} files"
        yield f"{fault} And {len(others):,} more of this kind, {where}." if others else str(fault)


def count_of(found: Iterable[Fault]) -> str:
    """How many there are of both severities: `1 error, 2 warnings`; "" where there are none."""
    found = tuple(found)
    warnings = sum(fault.warning for fault in found)
    numbers = {"error": len(found) - warnings, "warning": warnings}
    return ", ".join(counted(number, word) for word, number in numbers.items() if number)


def as_json(found: Iterable[Fault]) -> str:
    """A list of objects."""
    return json.dumps([_plain(fault) for fault in found], ensure_ascii=False, indent=1) + "\n"


def as_github(found: Iterable[Fault]) -> str:
    """GitHub's workflow commands. Source: GitHub Docs, "Workflow commands for GitHub Actions"."""
    return "".join(_annotation(fault) for fault in found)


def _plain(fault: Fault) -> Mapping[str, object]:
    return {
        "file": fault.path,
        "line": fault.line,
        "column": fault.column,
        "severity": "warning" if fault.warning else "error",
        "sentence": fault.sentence,
        "cure": fault.cure,
        "kind": fault.kind,
        "subject": fault.subject,
    }


def _annotation(fault: Fault) -> str:
    place = f"file={_escaped(fault.path)}" + (f",line={fault.line}" if fault.line else "")
    place += f",col={fault.column}" if fault.column else ""
    message = f"{fault.sentence} {fault.cure}".strip().replace("%", "%25").replace("\n", "%0A")
    return f"::{'warning' if fault.warning else 'error'} {place}::{message}\n"


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace(",", "%2C").replace(":", "%3A")


FORMATS: Mapping[str, Callable[[Iterable[Fault]], str]] = {"text": as_text, "json": as_json, "github": as_github}
