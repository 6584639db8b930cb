"""What the author of a dead link may have meant: the nearest names, as they would work in the author's file.

A blog that was moved here has thousands of dead links. So the names are sorted by their pairs of letters once, and a
dead one is compared with the few that share most of them. Pure.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from urllib.parse import unquote

from trigpoint.content.places import name_of
from trigpoint.faults import did_you_mean, nearest
from trigpoint.library.addresses import Addresses
from trigpoint.library.snapshot import PICTURES

TELLING = 10
"""Pairs of letters, the rarest of a word, by which names like it are found."""

ENDING = re.compile(r"\.[a-z][a-z0-9]{0,4}")
PICTURE_ENDINGS = frozenset(PICTURES)
PAGE_ENDINGS = frozenset((".md", ".html", ".htm", ".txt", ""))
"""How files end that may be meant by one another."""

COMPARED = 16
"""Names that are compared letter by letter."""


class Names:
    """Names that are asked for by others like them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_pair: dict[str, list[str]] = defaultdict(list)
        self._names = frozenset(names)
        for name in sorted(self._names):
            for pair in _pairs(name):
                self._by_pair[pair].append(name)

    def nearest(self, word: str) -> str:
        """The name most like this one, or ""; itself, where it is one."""
        if word in self._names:
            return word
        shared: Counter[str] = Counter()
        known = (self._by_pair[pair] for pair in _pairs(word) if pair in self._by_pair)
        for names_with_it in sorted(known, key=len)[:TELLING]:
            shared.update(names_with_it)
        best = sorted(shared, key=lambda name: (-shared[name], abs(len(name) - len(word)), name))
        return nearest(word, best[:COMPARED])


@lru_cache(maxsize=256)
def names(found: tuple[str, ...]) -> Names:
    """These names, sorted once for all that ask."""
    return Names(found)


def suggestion(word: str, found: tuple[str, ...]) -> str:
    """A cure that names the nearest of these, or ""."""
    name = names(found).nearest(word)
    return did_you_mean(name, [name]) if name else ""


def place_suggestion(word: str, found: tuple[str, ...]) -> str:
    """A cure that names the path or address among these, of the same ending, whose last name is nearest; or ""."""
    ending = posixpath.splitext(word)[1]
    places = _by_last(each for each in found if each.endswith(ending))
    last = Names(places).nearest(_last(word))
    candidates = sorted(places[last], key=lambda each: (len(each), each)) if last else []
    best = nearest(word, candidates[:COMPARED]) or next(iter(candidates), "")
    return did_you_mean(best, [best]) if best else ""


class Suggestions:
    """For dead links of one site. `known` are all its addresses, not percent-encoded."""

    def __init__(self, addresses: Addresses, known: Iterable[str]) -> None:
        self._addresses, self._known = addresses, known

    def cure(self, written: str, path: str) -> str:
        """What would work in the source at `path` instead of what is written there; "" where nothing is near."""
        typed = unquote(written.partition("#")[0].partition("?")[0])
        places = self._by_address if typed.startswith("/") else self._by_path
        last = self._last_names(typed.startswith("/")).nearest(_last(typed))
        if not last:  # Which is the last name of "/", too.
            return ""
        candidates = [_as_written(place, path) for place in places.get(last, ()) if _may_be_meant(typed, place, path)]
        others = sorted((each for each in candidates if each != written), key=lambda each: (len(each), each))
        best = nearest(typed, others[:COMPARED]) or (others[0] if others else "")
        return did_you_mean(best, [best]) if best else ""

    def _last_names(self, of_addresses: bool) -> Names:
        return self._address_names if of_addresses else self._path_names

    @cached_property
    def _by_path(self) -> Mapping[str, list[str]]:
        return _by_last((*self._addresses.pages, *self._addresses.files))

    @cached_property
    def _by_address(self) -> Mapping[str, list[str]]:
        return _by_last(self._known)

    @cached_property
    def _path_names(self) -> Names:
        return Names(self._by_path)

    @cached_property
    def _address_names(self) -> Names:
        return Names(self._by_address)


def _pairs(name: str) -> set[str]:
    folded = f" {name.casefold()} "
    return {folded[at : at + 2] for at in range(len(folded) - 1)}


def _last(path: str) -> str:
    """The name by which a path is known: of a bundle its folder. Its ending makes no file like another."""
    return posixpath.splitext(name_of(path.rstrip("/")))[0]


def _may_be_meant(typed: str, place: str, path: str) -> bool:
    """Whether the source at `path` may have meant this place: another form of a picture only beside it."""
    is_beside = posixpath.dirname(place.lstrip("/")) in (posixpath.dirname(path), posixpath.dirname(typed.lstrip("/")))
    return _is_of_one_kind(typed, place) and (is_beside or not _is_picture(place) or _endings_agree(typed, place))


def _is_picture(place: str) -> bool:
    return posixpath.splitext(place.lower())[1] in PICTURE_ENDINGS


def _endings_agree(one: str, other: str) -> bool:
    return posixpath.splitext(one.lower())[1] in ("", posixpath.splitext(other.lower())[1])


def _is_of_one_kind(typed: str, place: str) -> bool:
    """Whether what is at this place could stand where the other was typed: no program for a picture."""
    wanted, found = (posixpath.splitext(each.lower())[1] for each in (typed, place))
    together = {wanted, found}
    return not ENDING.fullmatch(wanted) or wanted == found or together <= PICTURE_ENDINGS or together <= PAGE_ENDINGS


def _by_last(paths: Iterable[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        found[_last(path)].append(path)
    return found


def _as_written(place: str, path: str) -> str:
    """An address as it is; a path of pages/ from the folder of the file that would link to it."""
    if place.startswith("/"):
        return place
    return posixpath.relpath(place, posixpath.dirname(path) or ".").replace(" ", "%20")
