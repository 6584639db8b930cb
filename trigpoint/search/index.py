"""The words of all posts and pages, in small files by their first letters: a search loads only the few that it needs.

A shard is named by the two letters that its words begin with, or, where those
are not of ASCII, by a hash of them: 256 names for all other scripts
(`tokens.path_of`). One that would be too large is split by the next sign of
the paths of its words, and says into which. Pages are numbered first and posts
after them, from the oldest: a new post leaves all other numbers alone. What is
said of posts here is true of pages too. Pure.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from trigpoint.notes import Digest, digest_of_bytes
from trigpoint.search.tokens import PostTokens, path_of, start_of

LARGEST = 16_000
"""Characters of JSON, about; a larger shard is split."""

WORD_TAKES, NUMBER_TAKES = 6, 3
"""Characters, about: the signs around a word, and a number with its comma."""

Postings = tuple[int, ...]
"""For each post with a word, in their order: its number less that of the post before, and the weight of the word."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Postings by word, in the order of the words; and the names of the shards that this one was split into."""

    words: Mapping[str, Postings]
    split: tuple[str, ...] = ()

    @property
    def digest(self) -> Digest:
        """Stands for it in notes: of a million small values in all shards, which are digested as JSON at once."""
        return digest_of_bytes(json.dumps((self.words, self.split)).encode())


PrefixShards = Mapping[str, Digest]
"""The shards of the words with the same start, by name, with their digests; the one to begin with is first."""


class Index:
    """The shards of all posts.

    `families` by the starts of their words; `postings` gives, for such a start,
    those of every word that has it. A shard is made when it is asked for.
    """

    def __init__(self, families: Mapping[str, PrefixShards], postings: Callable[[str], Mapping[str, Postings]]) -> None:
        self._families, self._postings = families, postings
        self._made: dict[str, Shard] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The shards that are named by a start, in order."""
        return tuple(self._families)

    def all_names(self) -> Iterator[str]:
        """Every shard, those too into which another was split."""
        return (name for family in self._families.values() for name in family)

    def digest(self, name: str) -> Digest:
        """What stands for the shard of this name; "" where there is none."""
        return self._families.get(start_of(name), {}).get(name, Digest(""))

    def shard(self, name: str) -> Shard | None:
        """The shard of this name; None where there is none, also where no shard was split into it."""
        if self.digest(name) and name not in self._made:
            self._made |= shards(start_of(name), self._postings(start_of(name)))
        return self._made.get(name)


def starts(posts: Iterable[PostTokens]) -> dict[str, list[int]]:
    """The numbers of the posts with a word that has it, by start, in their order."""
    having: defaultdict[str, list[int]] = defaultdict(list)
    for number, post in enumerate(posts):
        for start in post.starts:
            having[start].append(number)
    return dict(sorted(having.items()))


def postings_of(start: str, posts: Sequence[PostTokens], numbers: Iterable[int]) -> dict[str, Postings]:
    """The postings of every word that has this start, in the posts of these numbers."""
    lists: defaultdict[str, list[int]] = defaultdict(list)
    for number in numbers:
        for word, weight in posts[number].beginning(start):
            lists[word] += (number, weight)
    return {word: _by_steps(lists[word]) for word in sorted(lists)}


def starts_apart(before: PostTokens, after: PostTokens) -> frozenset[str]:
    """The starts of the words that are another, or count for something else, in one of the two."""
    differ = {*zip(before.words, before.weights, strict=True)} ^ {*zip(after.words, after.weights, strict=True)}
    return frozenset(start_of(path_of(word)) for word, _ in differ)


def patched(
    postings: Mapping[str, Postings], start: str, number: int, before: PostTokens, after: PostTokens
) -> dict[str, Postings]:
    """The postings of the words with this start, where the post of this number had some words and has others."""
    old, new = dict(before.beginning(start)), dict(after.beginning(start))
    made = dict(postings)
    for word in old.keys() | new.keys():
        if old.get(word) != new.get(word):
            weights = dict(numbered(postings.get(word, ())))
            weights.pop(number, None)
            weights |= {number: new[word]} if word in new else {}
            made[word] = _by_steps([part for pair in sorted(weights.items()) for part in pair])
    return {word: made[word] for word in sorted(made) if made[word]}


def shards(name: str, postings: Mapping[str, Postings]) -> dict[str, Shard]:
    """The shard of these words by its name; where it would be too large, with those that it is split into.

    Words with one path stay together, however many they are.
    """
    if sum(len(word) + WORD_TAKES + NUMBER_TAKES * len(each) for word, each in postings.items()) <= LARGEST:
        return {name: Shard(postings)}
    paths = {word: path_of(word) for word in postings}
    common = _common_beginning(min(paths.values()), max(paths.values()))
    parts: defaultdict[str, dict[str, Postings]] = defaultdict(dict)
    for word, each in postings.items():
        parts[paths[word][: len(common) + 1]][word] = each
    own = parts.pop(common, {})
    made = {name: Shard(own, tuple(parts))}
    for longer, part in parts.items():
        made |= shards(longer, part)
    return made


def _common_beginning(first: str, last: str) -> str:
    """What both begin with, and so all that is between them in order."""
    apart = (n for n, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(apart, min(len(first), len(last)))]


def _by_steps(pairs: list[int]) -> Postings:
    """Numbers of posts as the steps from one to the next: small figures, which compress well."""
    pairs[::2] = [number - before for before, number in zip([0, *pairs[::2]], pairs[::2], strict=False)]
    return tuple(pairs)


def numbered(postings: Postings) -> Iterator[tuple[int, int]]:
    """The posts of a word by their numbers, and its weight in each."""
    number = 0
    for at in range(0, len(postings), 2):
        number += postings[at]
        yield number, postings[at + 1]
