"""What an opening and its end enclose, found in one pass: a search from each opening would read on to the text's end.

A Pair stands where a pattern would, and finds what `whole` finds, in a time that grows with the text. Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
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
        return in_turn(text, (self,))

    def search(self, text: str) -> re.Match[str] | None:
        return next(self.finditer(text), None)

    def sub(self, new: Callable[[re.Match[str]], str], text: str) -> str:
        """The text with something new for each pair."""
        pieces, at = [], 0
        for found in self.finditer(text):
            pieces += [text[at : found.start()], new(found)]
            at = found.end()
        return "".join([*pieces, text[at:]]) if pieces else text

    def ends(self, text: str) -> dict[str, list[tuple[int, int]]]:
        """Where the ends of each name start and end."""
        opened = {len(_name(found)) for found in self.start.finditer(text)} if self.may_be_longer else ()
        ends: dict[str, list[tuple[int, int]]] = {}
        for found in self.end.finditer(text):
            name = _name(found)
            for each in {name, *(name[:length] for length in opened if length < len(name))}:
                ends.setdefault(each, []).append(found.span())
        return ends


class _Search:
    """A pair looked for in a text: `start` is its next opening, None behind the last."""

    def __init__(self, pair: Pair, text: str) -> None:
        self.pair, self.text = pair, text
        self.ends = pair.ends(text) if pair.start.search(text) else {}
        barriers = pair.barrier.finditer(text) if pair.barrier and self.ends else ()
        self.barriers = [found.start() for found in barriers]
        self.start = pair.start.search(text) if self.ends else None

    @property
    def at(self) -> int:
        return self.start.start() if self.start else len(self.text)

    def go_on(self, at: int) -> None:
        """To the next opening that is not before this place."""
        if self.at < at:
            self.start = self.pair.start.search(self.text, at)

    def whole(self) -> re.Match[str] | None:
        """The opening with its end, or None where it has none."""
        end = _behind(self.start, self.ends) if self.start else None
        if not self.start or not end:
            return None
        is_open = bisect_left(self.barriers, self.start.end()) == bisect_left(self.barriers, end[0])
        return self.pair.whole.match(self.text, self.at, end[1]) if is_open else None


def in_turn(text: str, pairs: Iterable[Pair]) -> Iterator[re.Match[str]]:
    """What these pairs enclose, in order: of two that overlap the one that begins first, or is named first."""
    searches = [search for each in pairs if (search := _Search(each, text)).start]
    while searches:
        nearest = min(searches, key=lambda each: each.at)
        found, behind = nearest.whole(), nearest.at + 1
        if found:
            yield found
            behind = max(behind, found.end())
        for each in searches if found else (nearest,):
            each.go_on(behind)
        searches = [each for each in searches if each.start]


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
