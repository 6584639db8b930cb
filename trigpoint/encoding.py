"""Bytes as UTF-8, or the byte that is none: for every file that an author writes, and said in the same words."""

from __future__ import annotations

from dataclasses import dataclass

from trigpoint.faults import Fault

WIDE = (
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
"""Byte-order marks, and what they say."""

CURE = 'Save the file with the encoding "UTF-8".'


@dataclass(frozen=True, slots=True)
class Misencoded:
    """The first byte that is not UTF-8. `line` and `column` count from 1."""

    line: int
    column: int
    sentence: str
    cure: str = CURE

    def fault(self, path: str, kind: str) -> Fault:
        return Fault(path, self.line, self.column, self.sentence, self.cure, kind=kind)


class EncodingError(ValueError):
    """A file is not UTF-8. `filename` is as it was opened."""

    def __init__(self, filename: str, found: Misencoded) -> None:
        super().__init__(f"{filename}:{found.line}:{found.column}: {found.sentence}")
        self.filename, self.found = filename, found


def text_of(filename: str, raw: bytes) -> str:
    """The text of a file, without a byte-order mark. Raises EncodingError."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EncodingError(filename, misencoded(raw, error)) from error


def misencoded(raw: bytes, error: UnicodeDecodeError) -> Misencoded:
    """What is wrong with the bytes that made this error."""
    for mark, encoding in WIDE:
        if raw.startswith(mark):
            return wide(encoding)
    start = error.start + len(raw) - len(error.object)  # a byte-order mark is left out of `object`
    before = raw[:start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line_start = before.rfind(b"\n") + 1
    column = len(before[line_start:].decode("utf-8", "replace").lstrip("\ufeff")) + 1
    sentence = f"Byte {start} (0x{raw[start]:02X}) is not UTF-8{_likely(raw, start)}."
    return Misencoded(before.count(b"\n") + 1, column, sentence)


def wide(encoding: str) -> Misencoded:
    """What is said of a whole file in this encoding."""
    return Misencoded(1, 1, f"This file is {encoding}, and UTF-8 is expected.")


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
