"""The words of all posts, cut into small files by their first letters: a search loads only the few that it needs.

A shard is named by the two letters that its words begin with. One that would
be too large is split by the next letter, and says into which. Posts are
numbered from the oldest: a new one leaves the numbers of the others alone. Pure.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from sys import maxunicode

from blog.notes import Digest, digest_of_bytes
from blog.terms import LETTERS, Words

LARGEST = 16_000
"""Characters of JSON, about; a larger shard is split."""

WORD_TAKES, NUMBER_TAKES = 6, 3
"""Characters, about: the signs around a word, and a number with its comma."""

Postings = tuple[int, ...]
"""For each post with a word, in their order: its number less that of the post before, and the level of the word."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Postings by word, in the order of the words; and the names of the shards that this one was split into."""

    words: Mapping[str, Postings]
    split: tuple[str, ...] = ()

    @property
    def digest(self) -> Digest:
        """Stands for it in notes: of a million small values in all shards, which are digested as JSON at once."""
        return digest_of_bytes(json.dumps((self.words, self.split)).encode())


Family = Mapping[str, Digest]
"""The shards of the words with the same first letters, by name, with their digests; the one to begin with is first."""


class Index:
    """The shards of all posts.

    `families` by the first letters of their words; `postings` gives, for such
    letters, those of every word that begins so. A shard is made when it is asked for.
    """

    def __init__(self, families: Mapping[str, Family], postings: Callable[[str], Mapping[str, Postings]]) -> None:
        self._families, self._postings = families, postings
        self._made: dict[str, Shard] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The shards of two letters (or of one: a word of one letter), in order."""
        return tuple(self._families)

    def all_names(self) -> Iterator[str]:
        """Every shard, those too into which another was split."""
        return (name for family in self._families.values() for name in family)

    def digest(self, name: str) -> Digest:
        """What stands for the shard of this name; "" where there is none."""
        return self._families.get(name[:LETTERS], {}).get(name, Digest(""))

    def shard(self, name: str) -> Shard | None:
        """The shard of this name; None where there is none, also where no shard was split into it."""
        if self.digest(name) and name not in self._made:
            self._made |= shards(name[:LETTERS], self._postings(name[:LETTERS]))
        return self._made.get(name)


def starts(posts: Iterable[Words]) -> dict[str, list[int]]:
    """The numbers of the posts with a word that begins so, by its first two letters, in their order."""
    having: defaultdict[str, list[int]] = defaultdict(list)
    for number, post in enumerate(posts):
        for start in post.starts:
            having[start].append(number)
    return dict(sorted(having.items()))


def postings_of(start: str, posts: Sequence[Words], numbers: Iterable[int]) -> dict[str, Postings]:
    """The postings of every word that begins so, in the posts of these numbers; of a word of one letter its own."""
    lists: defaultdict[str, list[int]] = defaultdict(list)
    for number in numbers:
        for word, level in _beginning(posts[number], start):
            lists[word] += (number, level)
    return {word: _by_steps(lists[word]) for word in sorted(lists)}


def starts_apart(before: Words, after: Words) -> frozenset[str]:
    """The first letters of the words that are another, or count for something else, in one of the two."""
    differ = {*zip(before.words, before.levels, strict=True)} ^ {*zip(after.words, after.levels, strict=True)}
    return frozenset(word[:LETTERS] for word, _ in differ)


def patched(
    postings: Mapping[str, Postings], start: str, number: int, before: Words, after: Words
) -> dict[str, Postings]:
    """The postings of the words that begin so, where the post of this number had some words and has others."""
    old, new = dict(_beginning(before, start)), dict(_beginning(after, start))
    made = dict(postings)
    for word in old.keys() | new.keys():
        if old.get(word) != new.get(word):
            levels = dict(numbered(postings.get(word, ())))
            levels.pop(number, None)
            levels |= {number: new[word]} if word in new else {}
            made[word] = _by_steps([part for pair in sorted(levels.items()) for part in pair])
    return {word: made[word] for word in sorted(made) if made[word]}


def _beginning(post: Words, start: str) -> Iterator[tuple[str, int]]:
    """The words of a post that begin so, each with its level."""
    beyond = f"{start}\0" if len(start) < LETTERS else f"{start}{chr(maxunicode)}"
    first, last = bisect_left(post.words, start), bisect_left(post.words, beyond)
    return zip(post.words[first:last], post.levels[first:last], strict=True)


def shards(name: str, postings: Mapping[str, Postings]) -> dict[str, Shard]:
    """The shard of these words by its name; where it would be too large, with those that it is split into."""
    if sum(len(word) + WORD_TAKES + NUMBER_TAKES * len(each) for word, each in postings.items()) <= LARGEST:
        return {name: Shard(postings)}
    parts: defaultdict[str, dict[str, Postings]] = defaultdict(dict)
    for word, each in postings.items():
        parts[word[: len(name) + 1]][word] = each
    own = parts.pop(name, {})
    made = {name: Shard(own, tuple(parts))}
    for longer, part in parts.items():
        made |= shards(longer, part)
    return made


def _by_steps(pairs: list[int]) -> Postings:
    """Numbers of posts as the steps from one to the next: small figures, which compress well."""
    pairs[::2] = [number - before for before, number in zip([0, *pairs[::2]], pairs[::2], strict=False)]
    return tuple(pairs)


def numbered(postings: Postings) -> Iterator[tuple[int, int]]:
    """The posts of a word by their numbers, and its level in each."""
    number = 0
    for at in range(0, len(postings), 2):
        number += postings[at]
        yield number, postings[at + 1]
