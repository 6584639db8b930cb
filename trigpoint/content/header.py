"""A file's bytes as a Source: its header and body split, its lines still countable.

Nothing here knows what a field means. A header that is missing, is written in
another form or never closes is reported with its line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from unicodedata import normalize

from trigpoint.content.decode import decoded
from trigpoint.content.pages import Source
from trigpoint.fault_list import FaultList, Position
from trigpoint.notes import digest_of_bytes

LIMIT = 64 * 1024
"""The bytes of a header at most."""

EXAMPLE = "Begin the file with a line `---`, then `title: …` and `date: 2026-05-01`, then a line `---`."
MISSING = "The header is missing: the text begins at once."
CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
MARKERS = re.compile(r"^(?:<<<<<<<|=======|>>>>>>>)(?: .*)?$", re.MULTILINE)
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
OPENING = re.compile(r"(?P<above>(?:[ \t]*\n)*)(?P<indent>[ \t]*)(?P<fence>---|\+\+\+)[ \t]*\n")
"""The line that opens a foreign header; other programs overlook empty lines and spaces before it."""

ENTRY = re.compile(r"[ \t]*[\"']?[A-Za-z_][\w-]*[\"']?[ \t]*[:=]")
BARE = re.compile(r"((?:title|date|tags|layout|author|slug|status|draft|published|category)[ \t]*:.*\n)", re.I)
"""A first line of a header that stands without fences, as Pelican and MultiMarkdown have it."""

BARE_LINE = re.compile(r"(?P<name>[A-Za-z_][\w -]*?)[ \t]*:[ \t]*(?P<value>[^\n]*)")
FIELD = (
    r"[ \t]*[\"']?(?:title|date|tags|layout|author|slug|status|draft|published|category|categories"
    r"|description|permalink)[\"']?[ \t]*[:=]"
)
"""A field by a name that headers have: what a text would hardly say at this place."""

OTHER_HEADER = re.compile(
    r"\s*(?:;;;|\{\s*(?:\"|\n)|\.\.[ \t]\w+:|\#\+\w+:|%[ \t][^\n]*\n%[ \t]"
    r"|export[ ]const[ ]\w+[ ]*=[ ]*\{"
    rf"|<!--\s*(?:\.\.[ \t]\w+:|(?=(?i:{FIELD})))"
    r"|---[ \t]*(?:json)?[ \t]*\n(?=\s*\{)"
    rf"|(?:={{3,}}|\*{{3,}}|_{{3,}}|\.{{3}}|[—–]-?)[ \t]*\n(?=(?i:{FIELD}))"
    rf"|(?:(?:<!--.*?-->|\#[^\n]*\n)\s*)+(?:---|\+\+\+)[ \t]*\n(?=(?i:{FIELD})))"
    r"|(?P<loose>\s*(?:`{3,}|~{3,}|-{2}|-{4,}|---[ \t]*)[ \t]*(?:toml|ya?ml|json)?[ \t]*\n)",
    re.DOTALL,
)
"""What opens a header that is not read; one that is `loose` may be text, unless an entry follows."""

INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+(?=\S)")
"""Signs that nobody sees at the start of a file."""


def source(path: str, raw: bytes, report: FaultList) -> Source | None:
    """The Source of a file, or None with the reason in the report.

    Shape: both texts have `\\n` newlines and no control characters; the header
    is without its fences, and begins on line 2.
    """
    text = decoded(raw, report)
    if text is None or not (_is_opened(text, report)):
        return None
    parts = _split(text, report)
    if parts is None:
        return None
    header, body = parts
    body_line = header.count("\n") + 3
    _mark_conflicts(header, body, body_line, report)
    if report.has_errors:
        return None
    return Source(path, normalized(header), body, body_line, digest_of_bytes(raw))


def foreign_source(path: str, raw: bytes, report: FaultList) -> Source | None:
    """As `source`, for a foreign folder: a text without a header is all body; a `+++` header keeps its fence."""
    text = decoded(raw, report)
    if text is None:
        return None
    parts = _foreign_parts(text, report)
    return parts and Source(path, normalized(parts[0]), *parts[1:], digest_of_bytes(raw))


def normalized(header: str) -> str:
    """A header with one form for each letter: two ways to write "Über" are one tag, one title, one address."""
    return header if header.isascii() else normalize("NFC", header)


def _foreign_parts(text: str, report: FaultList) -> tuple[str, str, int] | None:
    """Header, body, and the body's first line; the header is empty where there is none."""
    opening = OPENING.match(text)
    if opening and (opening.end("fence") == 3 or ENTRY.match(text, opening.end())):
        return _fenced(text, opening, report)
    if BARE.match(text):
        return _bare(text)
    if _is_hidden_behind_nothing(text):
        sentence = "The header is not read: a character that nobody sees stands before its first line."
        report.error(Position(1, 1), sentence, "Remove what stands before it.")
        return None
    other = OTHER_HEADER.match(text)
    if other and (other["loose"] is None or ENTRY.match(text, other.end())):
        found = " ".join(other[0].split())
        sentence = f'"{found}" opens a header of a form that is not read, so readers would see it as text.'
        report.error(Position(1, 1), sentence, "Write `name: value` lines between two lines of `---`.")
        return None
    return "", text, 1


def _is_hidden_behind_nothing(text: str) -> bool:
    """Whether a header would be read, did the file not begin with signs that nobody sees."""
    start = INVISIBLE.match(text)
    if not start:
        return False
    opening = OPENING.match(text, start.end())
    return bool((opening and ENTRY.match(text, opening.end())) or BARE.match(text, start.end()))


def _fenced(text: str, opening: re.Match[str], report: FaultList) -> tuple[str, str, int] | None:
    """A header between `---` or `+++`; one in TOML keeps its fence.

    The empty lines above it become its own, so that its lines can be counted.
    """
    fence, above = opening["fence"], "\n" * opening["above"].count("\n")
    indent = r"^[ \t]*" if opening["indent"] else "^"
    close = re.compile(indent + (r"\+\+\+" if fence == "+++" else r"(?:---|\.\.\.)") + r"[ \t]*$", re.MULTILINE)
    end = close.search(text, opening.end())
    parts = _checked(text, opening.end(), end, report)
    if parts is None:
        return None
    header, body = parts
    kept = f"+++\n{above}{header}" if fence == "+++" else above + header
    return kept, body, text.count("\n", 0, end.end()) + 2 if end else 1


def _bare(text: str) -> tuple[str, str, int]:
    """The lines up to the first that is no `name: value`; each value is a text, as to the programs that read it."""
    lines: list[str] = []
    for line in text.split("\n"):
        found = BARE_LINE.fullmatch(line)
        if not found:
            break
        value = found["value"].strip()
        is_plain = not value or value[0] in "[\"'"
        lines.append(f"{found['name']}: {value if is_plain else json.dumps(value, ensure_ascii=False)}\n")
    return "".join(lines), "\n".join(text.split("\n")[len(lines) :]), len(lines) + 1


def _is_opened(text: str, report: FaultList) -> bool:
    """Does the first line open a header? Reports what is there instead."""
    first = text.split("\n", 1)[0].rstrip()
    if first == "---":
        return True
    for recognise in (_other_header, _late_header, _misspelt_fence):
        if told := recognise(text, first):
            report.error(*told)
            return False
    if not text.strip():
        report.error(Position(), "This file is empty.", EXAMPLE)
    else:
        report.error(Position(1, 1), MISSING, EXAMPLE)
    return False


Told = tuple[Position, str, str]


def _other_header(text: str, first: str) -> Told | None:
    if first == "+++":
        return (
            Position(1, 1),
            "The header is TOML, and YAML is expected.",
            "Write `name: value` lines between two lines of `---`.",
        )
    if first == ";;;" or re.match(r"\{\s*(?:\"|$)", first):
        return (
            Position(1, 1),
            "The header is JSON, and YAML is expected.",
            "Write `name: value` lines between two lines of `---`.",
        )
    if first.startswith("<<<<<<<"):
        return (
            Position(1, 1),
            "A merge conflict is not resolved here.",
            "Keep one of the two versions, and remove the marker lines.",
        )
    return None


def _late_header(text: str, first: str) -> Told | None:
    opening = re.match(r"\s*\n---[ \t]*\n", text)
    if not opening:
        return None
    line = opening[0].count("\n")
    return (
        Position(line, 1),
        f"The header opens in line {line}, and line 1 is expected.",
        "Remove the empty lines above it.",
    )


def _misspelt_fence(text: str, first: str) -> Told | None:
    if re.fullmatch(r"\s+---|-{4,}|--|[—–]-?|```(?:ya?ml)?|---\s*ya?ml", first):
        return Position(1, 1), f'"{first}" does not open a header.', "Write exactly three hyphens: `---`."
    if re.match(r"(?:title|date|tags|layout|author|slug) *[:=]", first, re.IGNORECASE):
        return (
            Position(1, 1),
            "The fields begin without the line that opens a header.",
            "Write a line `---` above them, and one below.",
        )
    return None


def _split(text: str, report: FaultList) -> tuple[str, str] | None:
    """The header and the body, or None with the fault reported."""
    start = text.find("\n") + 1
    return _checked(text, start, CLOSE.search(text, start) if start else None, report)


def _checked(text: str, start: int, close: re.Match[str] | None, report: FaultList) -> tuple[str, str] | None:
    """The text from `start` to the line that closes the header, and what is below it."""
    if close is None:
        report.error(
            Position(1, 1), "The header opens here, and never closes.", "Write a line `---` below its last field."
        )
        return None
    header = text[start : close.start()]
    if len(header) > LIMIT or len(header.encode()) > LIMIT:
        report.error(
            Position(1, 1),
            f"The header is longer than {LIMIT // 1024} kB.",
            "Move what is text below the line that closes it.",
        )
        return None
    return header, text[close.end() + 1 :]


def _mark_conflicts(header: str, body: str, body_line: int, report: FaultList) -> None:
    cure = "Keep one of the two versions, and remove the marker lines."
    for line in _conflicts(header, 2):
        report.error(Position(line, 1), "A merge conflict is not resolved here.", cure)
    if "<<<<<<< " in body:
        for line in _conflicts(without_code(body), body_line):
            report.warning(Position(line, 1), "A merge conflict is not resolved here.", cure)


def _conflicts(text: str, first_line: int) -> Iterator[int]:
    """The lines that open a conflict."""
    if "<<<<<<<" in text:
        for match in MARKERS.finditer(text):
            if match[0].startswith("<"):
                yield first_line + text.count("\n", 0, match.start())


def without_code(body: str) -> str:
    """The body with its fenced code emptied, line for line: an article may show a conflict."""
    lines, fence = body.split("\n"), ""
    for number, line in enumerate(lines):
        opening = FENCE.match(line)
        if fence:
            fence = "" if opening and opening[1].startswith(fence) and not line.strip(" " + fence[0]) else fence
            lines[number] = ""
        elif opening:
            fence = opening[1]
    return "\n".join(lines)
