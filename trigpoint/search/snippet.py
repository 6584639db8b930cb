"""Where in an article the words stand that it was found by, for the terminal. Pure.

static/js/search.js finds the same place. A text is taken in pieces: words, and
what is between them; each second piece is a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from unicodedata import category

from trigpoint.search.tokens import UNSPACED, Section, folded

MARKS = "".join(chr(point) for point in range(0x300, 0x3100) if category(chr(point)).startswith("M"))
PIECE = re.compile(rf"({UNSPACED.pattern[:-1]}[{MARKS}]*|[^\W_](?:[^\W_]|[{MARKS}])*)")
"""A word with its marks; in a script without spaces a letter with its marks."""
NEAR, BEFORE, BEHIND = 40, 10, 45
"""Pieces: how far apart words may stand to be one place, and how much of the text is shown around its first."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The heading of the section; the text in pieces, each with whether it is one of the words."""

    heading: str
    pieces: tuple[tuple[str, bool], ...]


def passage(sections: Iterable[Section], hits: Mapping[str, str]) -> Passage | None:
    """The place where most of the words stand, the first of equals; a word in the heading counts for more.

    `hits` are folded words, each with what was typed for it. None where no section has any.
    """
    best, most = None, 0.0
    for section in sections:
        pieces = PIECE.split(section.text)
        named = {meant for piece in PIECE.split(section.heading) if (meant := _meaning(piece, hits))}
        meanings = [_meaning(piece, hits) for piece in pieces]
        for at in (*(n for n, meant in enumerate(meanings) if meant), 0):
            worth = len({*filter(None, meanings[at : at + NEAR]), *named}) + len(named) / 2
            if worth > most:
                most, best = worth, _cut(section.heading, pieces, meanings, at)
    return best


def _cut(heading: str, pieces: list[str], meanings: list[str], at: int) -> Passage:
    start, end = max(0, at - BEFORE), at + BEHIND
    shown = [(piece, bool(meant)) for piece, meant in zip(pieces[start:end], meanings[start:end], strict=True)]
    before = [("… ", False)] if start else []
    return Passage(heading, (*before, *shown, *([(" …", False)] if end < len(pieces) else [])))


def _meaning(piece: str, hits: Mapping[str, str]) -> str:
    """What was typed for this piece, or "". A letter of a script without spaces stands for the words that it is in."""
    plain = folded(piece)
    meant = hits.get(plain, "")
    if not meant and UNSPACED.fullmatch(plain):
        return next((typed for word, typed in hits.items() if plain in word), "")
    return meant
