"""Front matter in every form that generators read: YAML, TOML, JSON, `Key: value` lines, Nikola's comments, none.

A text becomes its fields and its body. Values stay texts: nothing is taken for a date, a number or a truth. What YAML
cannot read (`title: a: b`, tabs, a doubled key) is read line by line, as the writer meant it. Pure; never raises.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from trigpoint.importing.reading.configuration import yaml_value

LIMIT = 64 * 1024
"""The bytes of a header at most; docs/front-matter.md has the same limit."""
NODES, DEPTH = 3000, 20
"""The values of a header at most, and their levels: an alias bomb has more."""

FENCED = re.compile(r"[ \t]*(?P<fence>-{3,}|\+{3}|;{3})[ \t]*(?P<kind>ya?ml|toml|json)?[ \t]*\n")
CODE_FENCED = re.compile(r"(?P<fence>`{3,}|~{3,})[ \t]*(?P<kind>toml|ya?ml|json)[ \t]*\n")
ENTRY = re.compile(r"\s*(?:[\"']?[\w][\w. -]*[\"']?[ \t]*(?:[:=]|$)|\[[\w. ]+\]|\{|#|-[ ])")
KNOWN = (
    "title|date|tags?|layout|authors?|slug|status|draft|published|category|categories|summary|subtitle|modified|updated"
    "|description|permalink|keywords|lang|url|save_as|template|image|cover|toc|id|comments|excerpt|type|pubdate|created"
)
BARE = re.compile(rf"(?:{KNOWN})[ \t]*:(?!//).*\n", re.I)
BARE_LINE = re.compile(r"(?P<name>[A-Za-z0-9_][\w -]*?)[ \t]*:(?:[ \t]+(?P<value>.*)|(?!//)(?P<tight>\S.*)|)$")
NIKOLA_LINE = re.compile(r"\.\.[ \t]+(?P<name>[\w-]+):[ \t]*(?P<value>.*)$")
NIKOLA = re.compile(r"(?:<!--[ \t]*\n?)?(?=\.\.[ \t]+[\w-]+:)")
PANDOC = re.compile(r"%[ \t]*(?P<title>.+)\n(?:%[ \t]*(?P<author>.*)\n(?:%[ \t]*(?P<date>.*)\n)?)?")
MDX = re.compile(r"(?:import\b[^\n]*\n|\s)*export\s+const\s+\w+\s*=\s*\{(?P<inside>.*?)\n\};?[ \t]*(?:\n|\Z)", re.S)
COMMENT = re.compile(r"(?:\s*<!--(?:(?!-->).)*-->)+\s*(?=(?:---|\+\+\+)[ \t]*\n)", re.S)
TOP = re.compile(r"(?P<name>[\"']?[\w][\w. /-]*?[\"']?)[ \t]*:(?:[ \t]+(?P<value>.*))?[ \t]*$")
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
    start = _start(text)
    for reader in (_fenced, _code_fenced, _json, _nikola, _mdx, _pandoc, *([_bare] if bare else [])):
        if (found := reader(text, start)) is not None:
            return found
    return Parted(body=text)


def _start(text: str) -> int:
    """Where a header may begin: behind signs that nobody sees, empty lines, and comments above it."""
    start = re.match(r"[\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*", text)
    at = start.end() if start else 0
    comment = COMMENT.match(text, at)
    return comment.end() if comment else at


def _rest(text: str, at: int, fields: dict[str, Any], problem: str = "") -> Parted:
    return Parted(fields, text[at:], text.count("\n", 0, at) + 1, problem)


def _fenced(text: str, start: int) -> Parted | None:
    opening = FENCED.match(text, start)
    if not opening:
        return None
    fence = opening["fence"]
    end = r"(?:---+|\.\.\.)" if fence[0] == "-" else re.escape(fence)
    close = re.compile(rf"^[ \t]*{end}[ \t]*(?:\n|\Z)", re.M).search(text, opening.end())
    inside = text[opening.end() : close.start()] if close else ""
    first = next((line for line in inside.split("\n") if line.strip()), "")
    if not close or (first and not ENTRY.match(first)) or (fence[0] == "-" and not first and inside.count("\n") > 1):
        return None
    kind = opening["kind"] or {"-": "yaml", "+": "toml", ";": "json"}[fence[0]]
    if kind in ("yaml", "yml") and re.match(r"\s*\{\s*\"", inside):
        kind = "json"
    return _rest(text, close.end(), *_values(inside, kind))


def _code_fenced(text: str, start: int) -> Parted | None:
    opening = CODE_FENCED.match(text, start)
    close = opening and re.compile(rf"^{opening['fence'][0]}{{3,}}[ \t]*(?:\n|\Z)", re.M).search(text, opening.end())
    if not opening or not close:
        return None
    inside = text[opening.end() : close.start()]
    if not re.search(rf"^(?:{KNOWN})[ \t]*[:=]", inside, re.M | re.I):
        return None
    return _rest(text, close.end(), *_values(inside, opening["kind"]))


def _json(text: str, start: int) -> Parted | None:
    if not re.match(r"\{\s*\"", text[start : start + 200]):
        return None
    try:
        found, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    line = re.compile(r"[ \t]*\n?").match(text, end)
    return _rest(text, line.end() if line else end, *_checked(found)) if isinstance(found, dict) else None


def _nikola(text: str, start: int) -> Parted | None:
    """`.. name: value` lines, alone or in a comment, or in a comment each; they end at an empty line or with those."""
    fields: dict[str, Any] = {}
    at = start
    while (opening := NIKOLA.match(text, at)) and (opening[0] or not fields):
        found, at = _nikola_fields(text, opening)
        fields |= found
    return _rest(text, at, fields) if at > start else None


def _nikola_fields(text: str, opening: re.Match[str]) -> tuple[dict[str, str], int]:
    """The fields of one comment, or of the lines up to an empty one, and where these end."""
    fields, at = {}, opening.end()
    for line in text[at:].split("\n"):
        found = NIKOLA_LINE.match(line)
        if not found and line.strip() not in ("-->", ""):
            break
        at += len(line) + 1
        if found:
            fields[found["name"]] = found["value"].removesuffix("-->").strip()
        if not found or found["value"].rstrip().endswith("-->"):
            break
    at = min(at, len(text))
    if opening[0] and (end := re.compile(r"\s*-->[ \t]*\n?").match(text, at)):
        at = end.end()
    return fields, at


def _mdx(text: str, start: int) -> Parted | None:
    found = MDX.match(text, start)
    if not found or len(found["inside"]) > LIMIT:
        return None
    inside = re.sub(r"'((?:[^'\\\n]|\\.)*)'", lambda text: json.dumps(text[1], ensure_ascii=False), found["inside"])
    return _rest(text, found.end(), *_values(f"{{{inside}\n}}", "yaml"))


def _pandoc(text: str, start: int) -> Parted | None:
    found = PANDOC.match(text, start) if text[start : start + 1] == "%" else None
    if not found:
        return None
    return _rest(text, found.end(), {name: value.strip() for name, value in found.groupdict().items() if value})


def _bare(text: str, start: int) -> Parted | None:
    """`Key: value` lines up to an empty one or a fence; a line that is indented goes on with the value above it."""
    if not BARE.match(text, start):
        return None
    fields: dict[str, Any] = {}
    at, name = start, ""
    for line in text[start:].split("\n"):
        found = BARE_LINE.fullmatch(line.rstrip())
        is_fence = re.fullmatch(r"-{3,}[ \t]*", line) is not None
        if found:
            name = found["name"].strip()
            fields[name] = _unquoted((found["value"] or found["tight"] or "").strip())
        elif name and line[:1] in " \t" and line.strip():
            more = _unquoted(line.strip().removeprefix("- "))
            known = fields[name]
            fields[name] = [*known, more] if isinstance(known, list) else [known, more] if known else [more]
        elif name and line.startswith("- "):
            fields[name] = [*(fields[name] if isinstance(fields[name], list) else []), _unquoted(line[2:].strip())]
        elif not is_fence and line.strip():
            break
        at += len(line) + 1
        if not line.strip() or is_fence:
            break
    return _rest(text, min(at, len(text)), {key: _joined(key, value) for key, value in fields.items()})


def _joined(key: str, value: Any) -> Any:
    """A value of several lines: a list of names, or one text."""
    is_list = key.casefold() in ("tags", "tag", "authors", "author", "categories", "category", "aliases")
    return value if isinstance(value, str) or is_list else " ".join(map(str, value))


def _unquoted(value: str) -> Any:
    if value[:1] == "[" and value[-1:] == "]":
        return [part.strip().strip("\"'") for part in value[1:-1].split(",") if part.strip()]
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _values(text: str, kind: str) -> tuple[dict[str, Any], str]:
    """The fields of a header's text, and why it could not be read whole."""
    if len(text.encode("utf-8", "replace")) > LIMIT:
        return {}, f"it is longer than {LIMIT // 1024} kB"
    if DEEP.search(text):
        return {}, f"it has more than {DEPTH} levels"
    readers: dict[str, Callable[[str], Any]] = {"toml": tomllib.loads, "json": _loose_json}
    try:
        found = readers.get(kind, yaml_value)(text)
    except RecursionError:
        return {}, f"it has more than {DEPTH} levels"
    except ValueError:
        found = None
    if found in (None, ""):
        found = {}
        if text.strip() and (found := _by_lines(text, kind)):
            fields, _ = _checked(found)
            return fields, ""
    return _checked(found) if isinstance(found, dict) else ({}, "it holds no fields")


def _loose_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return json.loads("{" + text.strip().rstrip(",") + "}")


def _by_lines(text: str, kind: str) -> dict[str, Any]:
    """A header that its own language cannot read, line for line: what stands behind a name is its value."""
    fields: dict[str, Any] = {}
    name = ""
    sign = "=" if kind == "toml" else ":"
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
    return fields


def _checked(found: dict[Any, Any]) -> tuple[dict[str, Any], str]:
    """The values as texts, lists and mappings, or none where there are too many."""
    left = [NODES]
    try:
        plain = _plain(found, left, 0)
    except ValueError as reason:
        return {}, str(reason)
    return (plain, "") if isinstance(plain, dict) else ({}, "it holds no fields")


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
