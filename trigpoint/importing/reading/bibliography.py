"""Who wrote what a text cites, and when, from the BibTeX files of an old blog: what stands in a sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

from trigpoint.importing.reading.folders import Folder

ENTRY = re.compile(r"^[ \t]*@(?P<kind>[a-z]+)[ \t]*[{(][ \t]*(?P<key>[^\s,{}()\"]+)[ \t]*,", re.M | re.I)
FIELD = re.compile(
    r"^[ \t]*(?P<name>author|editor|year|date)[ \t]*=[ \t]*"
    r"(?:\{(?P<braced>(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\}){0,5000})\}|\"(?P<quoted>[^\"]{0,5000})\"|(?P<bare>\w+))",
    re.M | re.I,
)
ACCENT = re.compile(r"\\(?P<sign>[\"'`^~=.uvHc])[ ]?\{?\\?(?P<letter>[A-Za-z])\}?")
ACCENTS = dict(zip("\"'`^~=.uvHc", "\u0308\u0301\u0300\u0302\u0303\u0304\u0307\u0306\u030c\u030b\u0327", strict=True))
LETTERS = {
    "\\ss": "ß",
    "\\o": "ø",
    "\\O": "Ø",
    "\\aa": "å",
    "\\AA": "Å",
    "\\ae": "æ",
    "\\AE": "Æ",
    "\\l": "ł",
    "\\L": "Ł",
}


def cited(folder: Folder, below: str) -> dict[str, str]:
    """`Doe & Roe, 2008` by the key of each entry of the files in this folder."""
    found: dict[str, str] = {}
    for path in folder.below(below, ".bib"):
        found |= dict(entries(folder.readable_text(path)))
    return found


def entries(text: str) -> Iterator[tuple[str, str]]:
    """The keys of a file with what is shown for each: authors and year, or the one that is there."""
    starts = [*ENTRY.finditer(text)]
    ends = [*(start.start() for start in starts[1:]), len(text)]
    for start, end in zip(starts, ends, strict=True):
        fields = {field["name"].lower(): _plain(field) for field in FIELD.finditer(text, start.end(), end)}
        year = re.search(r"\d{4}", fields.get("year", "") or fields.get("date", ""))
        people = _people(fields.get("author", "") or fields.get("editor", ""))
        if shown := ", ".join(filter(None, (people, year[0] if year else ""))):
            yield start["key"], shown


def _plain(field: re.Match[str]) -> str:
    text = next(value for value in (field["braced"], field["quoted"], field["bare"]) if value is not None)
    text = ACCENT.sub(lambda accent: accent["letter"] + ACCENTS[accent["sign"]], text)
    for sign, letter in LETTERS.items():
        text = re.sub(rf"{re.escape(sign)}(?![a-zA-Z])\s*", letter, text)
    return " ".join(normalize("NFC", re.sub(r"[{}\\]", "", text)).replace("~", " ").split())


def _people(written: str) -> str:
    """The family names: of two both, of more the first."""
    names = [name.partition(",")[0] if "," in name else name.rpartition(" ")[2] for name in written.split(" and ")]
    names = [name.strip() for name in names if name.strip()]
    return f"{names[0]} et al." if len(names) > 2 else " & ".join(names)
