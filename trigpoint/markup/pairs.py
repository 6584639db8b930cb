"""What an opening and its end enclose, found in one pass: a search from each opening would read on to the text's end.

A Pair stands where a pattern would, and finds what `whole` finds, in a time that grows with the text. Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

EMPTY_LINE = r"\n(?=[ \t]*\n)"
ANY = ""
"""The name of an end that has none: it ends whatever is open."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An opening, what it and its end enclose, and that end, which bears the same name (a group `name`), or none."""

    start: re.Pattern[str]
    whole: re.Pattern[str]
    end: re.Pattern[str]
    barrier: re.Pattern[str] | None = None
    """No pair reaches over this."""

    may_be_longer: bool = False
    """Whether a longer name ends it too, as a longer run of ticks ends a fence."""

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """The pairs that do not overlap, in order."""
        ends = self._ends(text) if self.start.search(text) else {}
        barriers = [found.start() for found in self.barrier.finditer(text)] if self.barrier and ends else []
        start = self.start.search(text) if ends else None
        while start:
            end = _behind(start, ends)
            is_open = end and bisect_left(barriers, start.end()) == bisect_left(barriers, end[0])
            found = self.whole.match(text, start.start(), end[1]) if end and is_open else None
            if found:
                yield found
            start = self.start.search(text, max(found.end() if found else 0, start.start() + 1))

    def search(self, text: str) -> re.Match[str] | None:
        return next(self.finditer(text), None)

    def sub(self, new: Callable[[re.Match[str]], str], text: str) -> str:
        """The text with something new for each pair."""
        pieces, at = [], 0
        for found in self.finditer(text):
            pieces += [text[at : found.start()], new(found)]
            at = found.end()
        return "".join([*pieces, text[at:]]) if pieces else text

    def _ends(self, text: str) -> dict[str, list[tuple[int, int]]]:
        """Where the ends of each name start and end."""
        ends: dict[str, list[tuple[int, int]]] = {}
        for found in self.end.finditer(text):
            name = _name(found)
            for length in range(1 if self.may_be_longer and name else len(name), len(name) + 1):
                ends.setdefault(name[:length], []).append(found.span())
        return ends


def pair(start: str, end: str, flags: int = 0, *, name: str = r"[\w./-]+?", barrier: str = "") -> Pair:
    """The Pair with any text (`inside`) between the two. `end` mentions the name of its start as `(?P=name)`."""
    return Pair(
        re.compile(start, flags),
        re.compile(f"{start}(?P<inside>.*?){end}", flags | re.S),
        re.compile(end.replace("(?P=name)", f"(?P<name>{name})"), flags),
        re.compile(barrier, flags) if barrier else None,
    )


def _name(found: re.Match[str]) -> str:
    return (found.groupdict().get("name") or ANY).lower()


def _behind(start: re.Match[str], ends: dict[str, list[tuple[int, int]]]) -> tuple[int, int] | None:
    """The first end behind an opening that fits it."""
    found = []
    for name in {_name(start), ANY}:
        places = ends.get(name, [])
        at = bisect_left(places, (start.end(), 0))
        found += places[at : at + 1]
    return min(found, default=None)
