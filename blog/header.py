"""A file's bytes as a Source: decoded, its header and body told apart, its lines still countable.

Nothing here knows what a field means. What cannot be text (another encoding, a
Git LFS pointer, a header that never closes) is reported with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from blog.nodes import Report, Spot
from blog.notes import digest_of_bytes
from blog.posts import Source

LIMIT = 64 * 1024
"""The bytes of a header at most."""

EXAMPLE = "Begin the file with a line `---`, then `title: …` and `date: 2026-05-01`, then a line `---`."
CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
TOML_CLOSE = re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE)
LFS = b"version https://git-lfs.github.com/spec/"
MARKERS = re.compile(r"^(?:<<<<<<<|=======|>>>>>>>)(?: .*)?$", re.MULTILINE)
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")

CONTROLS = bytes(code for code in [*range(32), 127] if code not in b"\t\n\r")
BEYOND_ASCII = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]|\xef\xbf[\xbe\xbf]")
UNPRINTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
TOLD = 20
"""Control characters that are named one by one, at most."""


def source(path: str, raw: bytes, report: Report) -> Source | None:
    """The Source of a file, or None with the reason in the report.

    Shape: both texts have `\\n` newlines and no control characters; the header
    is without its fences, and begins on line 2.
    """
    text = _text(raw, report)
    if text is None or not (_is_opened(text, report)):
        return None
    parts = _split(text, report)
    if parts is None:
        return None
    header, body = parts
    body_line = header.count("\n") + 3
    _mark_conflicts(header, body, body_line, report)
    return Source(path, header, body, body_line, digest_of_bytes(raw))


def foreign_source(path: str, raw: bytes, report: Report) -> Source | None:
    """As `source`, for a foreign folder: a text without a header is all body; a `+++` header keeps its fence."""
    text = _text(raw, report)
    if text is None:
        return None
    if text.startswith("+++") and (close := TOML_CLOSE.search(text, 4)):
        header, body = text[: close.start()], text[close.end() + 1 :]
        return Source(path, header, body, header.count("\n") + 2, digest_of_bytes(raw))
    if text.split("\n", 1)[0].rstrip() != "---":
        return Source(path, "", text, 1, digest_of_bytes(raw))
    parts = _split(text, report)
    return parts and Source(path, *parts, parts[0].count("\n") + 3, digest_of_bytes(raw))


def _text(raw: bytes, report: Report) -> str | None:
    """The file as text with `\\n` newlines, or None with the fault reported."""
    if raw.startswith(LFS):
        report.fault(Spot(1, 1), "This is a Git LFS pointer, not the text itself.", "Run `git lfs pull`.")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _report_encoding(raw, error, report)
        return None
    if _is_wide(raw):
        _report_wide("UTF-16" if raw[2:4] != b"\0\0" else "UTF-32", report)
        return None
    if b"\r" in raw:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(raw.translate(None, CONTROLS)) != len(raw) or BEYOND_ASCII.search(raw):
        text = _printed(text, report)
    return text


def _is_wide(raw: bytes) -> bool:
    """Does every other byte of the start hold a zero, as ASCII does in UTF-16 without a byte-order mark?"""
    start = raw[:32]
    return len(start) >= 4 and start.count(0) * 5 > len(start) * 2


def _report_wide(encoding: str, report: Report) -> None:
    report.fault(Spot(1, 1), f"This file is {encoding}, and UTF-8 is expected.", 'Save it with the encoding "UTF-8".')


def _report_encoding(raw: bytes, error: UnicodeDecodeError, report: Report) -> None:
    for mark, encoding in (
        (b"\xff\xfe\0\0", "UTF-32"),
        (b"\0\0\xfe\xff", "UTF-32"),
        (b"\xff\xfe", "UTF-16"),
        (b"\xfe\xff", "UTF-16"),
    ):
        if raw.startswith(mark):
            _report_wide(encoding, report)
            return
    start = error.start + (3 if raw.startswith(b"\xef\xbb\xbf") and error.object is not raw else 0)
    before = raw[:start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line_start = before.rfind(b"\n") + 1
    column = len(before[line_start:].decode("utf-8", "replace").lstrip("\ufeff")) + 1
    sentence = f"Byte {start} (0x{raw[start]:02X}) is not UTF-8{_likely(raw, start)}."
    report.fault(Spot(before.count(b"\n") + 1, column), sentence, 'Save the file with the encoding "UTF-8".')


def _likely(raw: bytes, start: int) -> str:
    """What the bytes at this place probably are."""
    byte = raw[start]
    if byte == 0xED and len(raw) > start + 1 and raw[start + 1] >= 0xA0:
        return ": it is half of a surrogate pair"
    if byte in (0xC0, 0xC1):
        return ": it is the longer form of a shorter character"
    if byte >= 0xC2 and len(raw) - start < 4 and all(0x80 <= later < 0xC0 for later in raw[start + 1 :]):
        return ": the file ends in the middle of a character"
    if byte >= 0xA0:
        return f': it looks like Latin-1, where it is "{chr(byte)}"'
    return ""


def _printed(text: str, report: Report) -> str:
    """The text without control characters, each of the first ones named."""
    found = list(islice(UNPRINTED.finditer(text), TOLD + 1))
    line, counted = 1, 0
    for match in found[:TOLD]:
        line += text.count("\n", counted, match.start())
        counted = match.start()
        column = counted - text.rfind("\n", 0, counted)
        report.warning(
            Spot(line, column),
            f"A control character (U+{ord(match[0]):04X}) is left out here.",
            "Remove it from the text.",
        )
    if len(found) > TOLD:
        report.warning(
            Spot(), f"More than {TOLD} control characters are left out of this file.", "Is it a text at all?"
        )
    return UNPRINTED.sub("", text)


def _is_opened(text: str, report: Report) -> bool:
    """Does the first line open a header? Reports what is there instead."""
    first = text.split("\n", 1)[0].rstrip()
    if first == "---":
        return True
    for recognise in (_other_header, _late_header, _misspelt_fence):
        if told := recognise(text, first):
            report.fault(*told)
            return False
    if not text.strip():
        report.fault(Spot(), "This file is empty.", EXAMPLE)
    else:
        report.fault(Spot(1, 1), "The header is missing: the text begins at once.", EXAMPLE)
    return False


Told = tuple[Spot, str, str]


def _other_header(text: str, first: str) -> Told | None:
    if first == "+++":
        return (
            Spot(1, 1),
            "The header is TOML, and YAML is expected.",
            "Write `name: value` lines between two lines of `---`.",
        )
    if first == ";;;" or re.match(r"\{\s*(?:\"|$)", first):
        return (
            Spot(1, 1),
            "The header is JSON, and YAML is expected.",
            "Write `name: value` lines between two lines of `---`.",
        )
    if first.startswith("<<<<<<<"):
        return (
            Spot(1, 1),
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
        Spot(line, 1),
        f"The header opens in line {line}, and line 1 is expected.",
        "Remove the empty lines above it.",
    )


def _misspelt_fence(text: str, first: str) -> Told | None:
    if re.fullmatch(r"\s+---|-{4,}|--|[—–]-?|```(?:ya?ml)?|---\s*ya?ml", first):
        return Spot(1, 1), f'"{first}" does not open a header.', "Write exactly three hyphens: `---`."
    if re.match(r"(?:title|date|tags|layout|author|slug) *[:=]", first, re.IGNORECASE):
        return (
            Spot(1, 1),
            "The fields begin without the line that opens a header.",
            "Write a line `---` above them, and one below.",
        )
    return None


def _split(text: str, report: Report) -> tuple[str, str] | None:
    """The header and the body, or None with the fault reported."""
    start = text.find("\n") + 1
    close = CLOSE.search(text, start) if start else None
    if close is None:
        report.fault(Spot(1, 1), "The header opens here, and never closes.", "Write a line `---` below its last field.")
        return None
    header = text[start : close.start()]
    if len(header) > LIMIT or len(header.encode()) > LIMIT:
        report.fault(
            Spot(1, 1),
            f"The header is longer than {LIMIT // 1024} kB.",
            "Move what is text below the line that closes it.",
        )
        return None
    return header, text[close.end() + 1 :]


def _mark_conflicts(header: str, body: str, body_line: int, report: Report) -> None:
    cure = "Keep one of the two versions, and remove the marker lines."
    for line in _conflicts(header, 2):
        report.fault(Spot(line, 1), "A merge conflict is not resolved here.", cure)
    if "<<<<<<< " in body:
        for line in _conflicts(_without_code(body), body_line):
            report.warning(Spot(line, 1), "A merge conflict is not resolved here.", cure)


def _conflicts(text: str, first_line: int) -> Iterator[int]:
    """The lines that open a conflict."""
    if "<<<<<<<" in text:
        for match in MARKERS.finditer(text):
            if match[0].startswith("<"):
                yield first_line + text.count("\n", 0, match.start())


def _without_code(body: str) -> str:
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
