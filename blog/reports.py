"""Findings as text, as JSON for programs, or as annotations in a pull request."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

from blog.faults import Fault


def as_text(found: Iterable[Fault]) -> str:
    """A line each, as editors and compilers have them."""
    return "".join(f"{fault}\n" for fault in found)


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
    }


def _annotation(fault: Fault) -> str:
    place = f"file={_escaped(fault.path)}" + (f",line={fault.line}" if fault.line else "")
    place += f",col={fault.column}" if fault.column else ""
    message = f"{fault.sentence} {fault.cure}".strip().replace("%", "%25").replace("\n", "%0A")
    return f"::{'warning' if fault.warning else 'error'} {place}::{message}\n"


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace(",", "%2C").replace(":", "%3A")


FORMATS: Mapping[str, Callable[[Iterable[Fault]], str]] = {"text": as_text, "json": as_json, "github": as_github}
