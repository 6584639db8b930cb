"""Does this name resemble one on the list? A score for a person to look at, never a verdict."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"}
)


@dataclass(frozen=True, slots=True)
class Listed:
    id: str
    names: tuple[str, ...]  # with all aliases
    born: int | None  # year


# region normal
def normal(name: str) -> frozenset[str]:
    """The words of a name without case, accents, signs and order."""
    flat = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    kept = "".join(sign for sign in flat if not unicodedata.combining(sign))
    return frozenset("".join(c if c.isalnum() else " " for c in kept).split())


# endregion normal


# region score
def score(one: str, other: str) -> int:
    """0 to 100: how well the words of each name are found in the other."""
    ours, theirs = normal(one), normal(other)
    if not ours or not theirs:
        return 0
    return round(50 * (found(ours, theirs) + found(theirs, ours)))


def found(words: frozenset[str], among: frozenset[str]) -> float:
    best = [max(similar(word, other) for other in among) * len(word) for word in words]
    return sum(best) / sum(map(len, words))


def similar(one: str, other: str) -> float:
    """Dice's coefficient of the pairs of letters, with the ends marked."""
    if one == other:
        return 1.0
    left, right = pairs(one), pairs(other)
    return 2 * len(left & right) / (len(left) + len(right))


# endregion score


def pairs(word: str) -> frozenset[str]:
    marked = f"<{word}>"
    return frozenset(marked[n : n + 2] for n in range(len(marked) - 1))


@dataclass(frozen=True, slots=True)
class Match:
    listed: str
    score: int


# region match
def best_match(name: str, born: int | None, listing: Iterable[Listed]) -> Match:
    """The best score; a known year of birth that differs by more than one rules an entry out."""
    best = Match("", 0)
    for entry in listing:
        if born and entry.born and abs(born - entry.born) > 1:
            continue
        points = max(score(name, alias) for alias in entry.names)
        if points > best.score:
            best = Match(entry.id, points)
    return best


# endregion match
