"""The words of all posts, cut into small files by their first letters: a search loads only the few that it needs.

A shard is named by the two letters that its words begin with. One that would
be too large is split by the next letter, and says into which. Posts are
numbered from the oldest: a new one leaves the numbers of the others alone. Pure.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
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


class Index:
    """The shards of these posts, which are given from the oldest. A shard is made when it is asked for."""

    def __init__(self, posts: tuple[Words, ...]) -> None:
        self._posts = posts
        self._made: dict[str, Shard] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The shards of two letters (or of one: a word of one letter), in order."""
        return tuple(sorted(self._having))

    def all_names(self) -> Iterator[str]:
        """Every shard, those too into which another was split."""
        waiting = list(self.names)
        while waiting:
            yield (name := waiting.pop())
            shard = self.shard(name)
            waiting += shard.split if shard else ()

    def shard(self, name: str) -> Shard | None:
        """The shard of this name; None where there is none, also where no shard was split into it."""
        start = name[:LETTERS]
        if start in self._having and start not in self._made:
            self._made |= shards(start, self._postings(start))
        return self._made.get(name)

    @cached_property
    def _having(self) -> Mapping[str, list[int]]:
        """The numbers of the posts with a word that begins so, by its first two letters."""
        having: defaultdict[str, list[int]] = defaultdict(list)
        for number, post in enumerate(self._posts):
            for start in post.starts:
                having[start].append(number)
        return dict(having)

    def _postings(self, start: str) -> dict[str, Postings]:
        """The postings of every word that begins so; of a word of one letter its own."""
        lists: defaultdict[str, list[int]] = defaultdict(list)
        beyond = f"{start}\0" if len(start) < LETTERS else f"{start}{chr(maxunicode)}"
        for number in self._having[start]:
            post = self._posts[number]
            first, last = bisect_left(post.words, start), bisect_left(post.words, beyond)
            for word, level in zip(post.words[first:last], post.levels[first:last], strict=True):
                lists[word] += (number, level)
        return {word: _by_steps(lists[word]) for word in sorted(lists)}


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
    pairs[::2] = [number - before for before, number in zip([0, *pairs[:-2:2]], pairs[::2], strict=True)]
    return tuple(pairs)


def numbered(postings: Postings) -> Iterator[tuple[int, int]]:
    """The posts of a word by their numbers, and its level in each."""
    number = 0
    for at in range(0, len(postings), 2):
        number += postings[at]
        yield number, postings[at + 1]
