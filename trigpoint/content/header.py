"""A file's bytes as a Source: its header and body split, its lines still countable.

Nothing here knows what a field means. A header that is missing, is written in
another form or never closes is reported with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

from trigpoint.characters import shortened
from trigpoint.content.decode import decoded
from trigpoint.content.foreign.headers import LIMIT, parts_of
from trigpoint.content.pages import Source
from trigpoint.fault_list import FaultList, Position
from trigpoint.notes import digest_of_bytes

EXAMPLE = "Begin the file with a line `---`, then `title: …` and `date: 2026-05-01`, then a line `---`."
UNCLOSED = (
    Position(1, 1),
    "The header opens here, and never closes.",
    "Write a line `---` below its last field.",
)
MISSING = "The header is missing: the text begins at once."
CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
MARKERS = re.compile(r"^(?:<<<<<<<|=======|>>>>>>>)(?: .*)?$", re.MULTILINE)
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
ENTRY = re.compile(r"[ \t]*[\"']?[A-Za-z_][\w-]*[\"']?[ \t]*[:=]")
FIELD = (
    r"[ \t]*[\"']?(?:title|date|tags|layout|author|slug|status|draft|published|category|categories"
    r"|description|permalink)[\"']?[ \t]*[:=]"
)
"""A field by a name that headers have: what a text would hardly say at this place."""

OTHER_HEADER = re.compile(
    r"\s*+(?:;;;|\{\s*(?:\"|\n)|\.\.[ \t]\w+:|\#\+\w+:|%[ \t][^\n]*\n%[ \t]"
    r"|export[ ]const[ ]\w+[ ]*=[ ]*\{"
    rf"|<!--\s*+(?:\.\.[ \t]\w+:|(?=(?i:{FIELD})))"
    r"|---[ \t]*+(?:json[ \t]*+)?\n(?=\s*\{)"
    rf"|(?:={{3,}}|\*{{3,}}|_{{3,}}|\.{{3}}|[—–]-?)[ \t]*\n(?=(?i:{FIELD}))"
    rf"|(?:(?:<!--(?:(?!-->).)*+-->|\#[^\n]*\n)\s*+)++(?:---|\+\+\+)[ \t]*\n(?=(?i:{FIELD})))"
    r"|(?P<loose>\s*+(?:`{3,}|~{3,}|-{2,})[ \t]*+(?:(?:toml|ya?ml|json)[ \t]*+)?\n)",
    re.DOTALL,
)
"""What opens a header that is not read; one that is `loose` may be text, unless an entry follows.

Nothing is taken in two ways (`*+`): a text of which this takes a part, and not the rest, is looked at once."""

FOREIGN = b"foreign\n"
"""Stands before the bytes in the digest of a Source that was read as a foreign one: the body is another."""


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
    """As `source`, for a foreign folder: a text without a header is all body; a header in TOML keeps a fence `+++`."""
    from trigpoint.markup.foreign.translation import translated  # With markdown-it: only foreign folders wait for it.

    text = decoded(raw, report)
    if text is None:
        return None
    parts = _foreign_parts(text, report)
    if parts is None:
        return None
    header, body, body_line = parts
    body, left = translated(body, path, header)
    for each in left:
        sentence = f'"{shortened(each.shown)}" means nothing here, and is left out.'
        if each.name == "if":
            sentence = f'Whether "{shortened(each.shown)}" holds is not known here; its first branch is shown.'
        place, subject = Position(body_line + each.line, 1), f"left out {each.name}"
        report.warning(
            place, sentence, "Write it in Markdown, or put it in backticks.", kind="leftover", subject=subject
        )
    return Source(path, normalized(header), body, body_line, digest_of_bytes(FOREIGN + raw))


def normalized(header: str) -> str:
    """A header with one form for each letter: two ways to write "Über" are one tag, one title, one address."""
    return header if header.isascii() else normalize("NFC", header)


def _foreign_parts(text: str, report: FaultList) -> tuple[str, str, int] | None:
    """Header, body, and the body's first line; the header is empty where there is none."""
    found = parts_of(text)
    if found is None:
        return ("", text, 1) if _is_text(text, report) else None
    return (found.header, found.body, found.body_line) if _fits(found.header, report) else None


def _is_text(text: str, report: FaultList) -> bool:
    """Whether a file in which no header was found has none; reports one that is not whole, which is never shown."""
    if text.startswith(("---\n", "+++\n")) and ENTRY.match(text, 4):
        report.error(*UNCLOSED)
        return False
    other = OTHER_HEADER.match(text)
    if other and (other["loose"] is None or re.compile(f"(?i:{FIELD})").match(text, other.end())):
        found = " ".join(other[0].split())
        sentence = f'"{found}" opens a header of a form that is not read, so readers would see it as text.'
        report.error(Position(1, 1), sentence, "Write `name: value` lines between two lines of `---`.")
        return False
    return True


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
        report.error(*UNCLOSED)
        return None
    header = text[start : close.start()]
    return (header, text[close.end() + 1 :]) if _fits(header, report) else None


def _fits(header: str, report: FaultList) -> bool:
    if len(header) <= LIMIT and len(header.encode()) <= LIMIT:
        return True
    sentence = f"The header is longer than {LIMIT // 1024} kB."
    report.error(Position(1, 1), sentence, "Move what is text below the line that closes it.")
    return False


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
