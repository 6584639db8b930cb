"""The values of front matter, in whichever form it was written; where it ends says `content.foreign.headers`.

Values stay texts: nothing is taken for a date, a number or a truth. What YAML cannot read (`title: a: b`, tabs) is read
as the writer meant it. Pure; never raises.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from trigpoint.content.decode import UNPRINTED
from trigpoint.content.foreign.headers import FORMS, LIMIT, MARKED, parts_of
from trigpoint.content.foreign.loose_yaml import mended
from trigpoint.importing.reading.configuration import yaml_value

NODES, DEPTH = 3000, 20
"""The values of a header at most, and their levels: an alias bomb has more."""

DEEP = re.compile(rf"(?:[\[{{]\s*){{{DEPTH + 1}}}")
NULLS = ("~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Parted:
    """A text's fields and body; `line` is the body's first. `problem` is why the header could not be read whole."""

    fields: dict[str, Any] = field(default_factory=dict)
    body: str = ""
    line: int = 1
    problem: str = ""


def parted(text: str, bare: bool = True) -> Parted:
    """The fields of a text and its body. `bare`: whether `Key: value` lines without a fence may be its header."""
    parts = parts_of(text, FORMS if bare else MARKED)
    if parts is None:
        return Parted(body=text)
    fields, problem = _values(parts.header)
    return Parted(fields, parts.body, parts.body_line, problem)


def _values(header: str) -> tuple[dict[str, Any], str]:
    """The fields of a header (YAML; TOML below a fence `+++`), and why it could not be read whole."""
    if len(header.encode("utf-8", "replace")) > LIMIT:
        return {}, f"it is longer than {LIMIT // 1024} kB"
    if DEEP.search(header):
        return {}, f"it has more than {DEPTH} levels"
    text = UNPRINTED.sub("", header)
    try:
        found = _toml(text.removeprefix("+++\n")) if text.startswith("+++\n") else _yaml(text)
    except RecursionError:
        return {}, f"it has more than {DEPTH} levels"
    return _checked(found)


def _toml(text: str) -> Any:
    try:
        return tomllib.loads(text)
    except ValueError:
        return _by_lines(text, "=")


def _yaml(text: str) -> Any:
    """YAML, or what is almost YAML, as a lenient site reads it."""
    readings: tuple[Callable[[str], str], ...] = (str, mended)
    for reading in readings:
        try:
            found = yaml_value(reading(text))
        except ValueError:
            continue
        if not isinstance(found, str):
            return found or {}
    return _by_lines(text, ":")


def _by_lines(text: str, sign: str) -> dict[str, Any] | None:
    """A header that its own language cannot read, line for line: what stands behind a name is its value."""
    fields: dict[str, Any] = {}
    name = ""
    for line in text.expandtabs(4).split("\n"):
        found = re.match(rf"(?P<name>[\"']?\w[\w. /-]*?[\"']?)\s*{sign}(?:\s+|$)(?P<value>.*)$", line)
        if found and not line.startswith((" ", "-")):
            name = found["name"].strip("\"'")
            value = re.sub(r"\s+#\s.*$", "", found["value"]).strip()
            fields[name] = _unquoted(value) if value not in (">", "|", ">-", "|-") else ""
        elif name and re.match(r"\s*-\s*\S", line):
            item = str(_unquoted(line.strip()[1:].strip()))
            fields[name] = [*(fields[name] if isinstance(fields[name], list) else []), item]
        elif name and line.strip() and line.startswith(" ") and isinstance(fields[name], str):
            fields[name] = f"{fields[name]} {line.strip()}".strip()
    return fields or None


def _unquoted(value: str) -> Any:
    if value[:1] == "[" and value[-1:] == "]":
        return [part.strip().strip("\"'") for part in value[1:-1].split(",") if part.strip()]
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _checked(found: Any) -> tuple[dict[str, Any], str]:
    """The values as texts, lists and mappings, or none where there are too many, or no names."""
    if not isinstance(found, dict):
        return {}, "it holds no fields"
    left = [NODES]
    try:
        plain = _plain(found, left, 0)
    except ValueError as reason:
        return {}, str(reason)
    return plain, ""


def _plain(value: Any, left: list[int], depth: int) -> Any:
    left[0] -= 1
    if left[0] < 0 or depth > DEPTH:
        raise ValueError(f"it has more than {NODES} values or {DEPTH} levels")
    if isinstance(value, dict):
        return {str(key): _plain(item, left, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, left, depth + 1) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    text = "" if value is None or value in NULLS else str(value)
    return text.replace("\0", "")
