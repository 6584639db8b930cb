"""Bytes as text: UTF-8 with `\n` newlines and without control characters, or the Fault that names the byte."""

from __future__ import annotations

import codecs
import re
from itertools import islice

from trigpoint import characters
from trigpoint.encoding import WIDE, Misencoded, misencoded, wide
from trigpoint.fault_list import FaultList, Position
from trigpoint.file_reading import LFS

CONTROLS = bytes(code for code in [*range(32), 127] if code not in b"\t\n\r")
C1_CONTROLS = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")
NONCHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")
UNPRINTED = re.compile(f"[{characters.CONTROLS}{characters.NONCHARACTERS}]")
TOLD = 20
"""Control characters that are named one by one, at most."""


def decoded(raw: bytes, report: FaultList) -> str | None:
    """The file as text with `\\n` newlines, or None with the fault reported."""
    if raw.startswith(LFS):
        report.error(Position(1, 1), "This is a Git LFS pointer, not the text itself.", "Run `git lfs pull`.")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if not report.forgiving:
            _report(misencoded(raw, error), report)
            return None
        text = _foreign_text(raw, error, report)
    if not report.forgiving and _is_wide(raw):
        _report(wide("UTF-16" if raw[2:4] != b"\0\0" else "UTF-32"), report)
        return None
    if b"\r" in raw:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _printed(text, report) if _has_unprinted(raw) else text


def _foreign_text(raw: bytes, error: UnicodeDecodeError, report: FaultList) -> str:
    """The text of another blog's file in the encoding that its marks say, or with single bytes as Windows has them."""
    found = misencoded(raw, error)
    encoding = next((name for mark, name in WIDE if raw.startswith(mark)), "")
    sentence = f"{found.sentence.rstrip('.')}; it is read as {encoding or 'Windows-1252'}."
    report.warning(Position(found.line, found.column), sentence, found.cure)
    if encoding:
        return raw.decode(encoding, "replace").removeprefix("\ufeff")
    return raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "windows")


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows", _as_windows)


def _has_unprinted(raw: bytes) -> bool:
    """As UNPRINTED, but on bytes, where it costs a hundredth."""
    return (
        len(raw.translate(None, CONTROLS)) != len(raw)
        or C1_CONTROLS.search(raw) is not None
        or NONCHARACTERS.search(raw) is not None
    )


def _is_wide(raw: bytes) -> bool:
    """Does every other byte of the start hold a zero, as ASCII does in UTF-16 without a byte-order mark?"""
    start = raw[:32]
    return len(start) >= 4 and start.count(0) * 5 > len(start) * 2


def _report(found: Misencoded, report: FaultList) -> None:
    report.error(Position(found.line, found.column), found.sentence, found.cure)


def _printed(text: str, report: FaultList) -> str:
    """The text without control characters, each of the first ones named."""
    found = list(islice(UNPRINTED.finditer(text), TOLD + 1))
    line, counted = 1, 0
    for match in found[:TOLD]:
        line += text.count("\n", counted, match.start())
        counted = match.start()
        column = counted - text.rfind("\n", 0, counted)
        report.warning(
            Position(line, column),
            f"A control character (U+{ord(match[0]):04X}) is left out here.",
            "Remove it from the text.",
        )
    if len(found) > TOLD:
        report.warning(
            Position(), f"More than {TOLD} control characters are left out of this file.", "Is it a text at all?"
        )
    return UNPRINTED.sub("", text)
