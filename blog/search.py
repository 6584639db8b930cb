"""A search: what a reader types becomes the posts that are meant, best first.

static/js/search.js does the same from the same shards; tests/search_queries.toml
holds both to one table of queries. Pure.

The ranking is BM25F: what a word counts for in the fields of a post is added up
(blog.terms has the weights) before it saturates, so that a word in title and
text is one piece of evidence and not two (Robertson, Zaragoza, Taylor, "Simple
BM25 extension to multiple weighted fields", CIKM 2004). A post's length is
its minutes of reading. The weight of a word that few posts have is that of
Lucene, which is never negative: ln(1 + (N - n + 0.5) / (n + 0.5)). A typed word
may stand for many (those that begin with it); it scores by the best of them in
each post, and is as rare as all of them together.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from blog.content import Post
from blog.shards import Shard, numbered
from blog.terms import LETTERS, folded, words

SATURATION, BY_LENGTH = 2.4, 0.3
"""BM25's k1 (in the unit of the weights, in which a word of the text counts 2) and b."""

BEGINS, MISTYPED = 0.6, 0.5
"""What a word that only begins as typed is worth, and one that is a typing mistake away."""

WHOLE = 4
"""Letters: a shorter word stands for longer ones only while it is being typed, and never for a mistake."""

LONG = 8
"""Letters: a word so long may hold two mistakes."""

TERMS = 10
CHARACTERS = 1000
RESULTS = 20
"""How much of a query is looked at, and how many posts are told of."""

EXCERPT = 110
"""Characters of an excerpt: enough to tell articles apart, since all of them are loaded with the first query."""
PART = re.compile(r'(?P<minus>-(?=[^\W_]|"))?(?:tag:(?P<tag>\S+)|"(?P<phrase>[^"]*)"|(?P<word>\S+))')


@dataclass(frozen=True, slots=True)
class Entry:
    """A post as the search shows it; `day` is ISO 8601 or "", `tags` are slugs."""

    slug: str
    title: str
    excerpt: str
    tags: tuple[str, ...]
    day: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Term:
    """A word to look for, and whether words that begin with it will do."""

    word: str
    begins: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, understood. Phrases are folded words with a space between.

    Tags are folded names or slugs, and whether they are wanted.
    """

    terms: tuple[Term, ...]
    phrases: tuple[str, ...]
    unwanted: tuple[str, ...]
    tags: tuple[tuple[str, bool], ...]

    @property
    def is_empty(self) -> bool:
        return not (self.terms or self.unwanted or self.tags)


@dataclass(frozen=True, slots=True)
class Found:
    """The numbers of the posts, best first; `partly` where none has all that was asked for."""

    numbers: tuple[int, ...]
    partly: bool = False


@dataclass(frozen=True)
class Reader:
    """What a search reads: the entries by number, a shard by its name, the text of a post by number, words folded."""

    entries: tuple[Entry, ...]
    shard: Callable[[str], Shard | None]
    text: Callable[[int], str]
    tags: Mapping[str, tuple[str, ...]]
    """The slugs that a folded name or slug of a tag means."""

    @cached_property
    def average(self) -> float:
        """How long a post is, in minutes of reading."""
        return sum(entry.minutes for entry in self.entries) / max(1, len(self.entries)) or 1


def entry_of(post: Post) -> Entry:
    """A post as the search shows it."""
    excerpt = post.summary
    if len(excerpt) > EXCERPT:
        excerpt = excerpt[:EXCERPT].rsplit(" ", 1)[0].rstrip(",;:.") + " …"
    day = post.date.date().isoformat() if post.dated else ""
    return Entry(post.slug, post.title, excerpt, tuple(tag.slug for tag in post.tags), day, post.minutes)


def query(text: str) -> Query:
    """A query as it was typed: words, "phrases", tag:names, and -what is unwanted."""
    typed: list[str] = []
    phrases: list[str] = []
    unwanted: list[str] = []
    tags: list[tuple[str, bool]] = []
    text = text[:CHARACTERS]
    for part in PART.finditer(text):
        found = words(part["phrase"] or part["word"] or "")
        if part["tag"]:
            tags.append((folded(part["tag"]), part["minus"] is None))
        elif part["minus"]:
            unwanted += found
        else:
            typed += found
            phrases += [" ".join(found)] if part["phrase"] and len(found) > 1 else []
    return Query(tuple(_terms(typed, text)), tuple(phrases), tuple(unwanted), tuple(tags))


def _terms(typed: list[str], text: str) -> Iterator[Term]:
    """Each word once; the last of them may still be unfinished."""
    is_open = bool(text) and not text[-1].isspace() and text[-1] != '"'
    for word in list(dict.fromkeys(typed))[:TERMS]:
        yield Term(word, len(word) >= WHOLE or (is_open and word == typed[-1]))


def search(reader: Reader, text: str) -> Found:
    """The posts that a query means, best first; equals: the newest first."""
    asked = query(text)
    if asked.is_empty:
        return Found(())
    wanted = {number for number, entry in enumerate(reader.entries) if _is_tagged(reader, entry, asked)}
    wanted -= {number for word in asked.unwanted for number in _scores(reader, Term(word, begins=False))}
    scores = [_scores(reader, term) for term in asked.terms]
    everywhere = wanted.intersection(*scores)
    somewhere = wanted.intersection(number for each in scores for number in each)
    numbers = _ranked(everywhere or somewhere, scores)[:RESULTS]
    if asked.phrases:
        numbers = [number for number in numbers if _has_phrases(reader.text(number), asked.phrases)]
    return Found(tuple(numbers), partly=not everywhere)


def _has_phrases(text: str, phrases: Iterable[str]) -> bool:
    return all(f" {phrase} " in f" {text} " for phrase in phrases)


def _ranked(numbers: Iterable[int], scores: list[dict[int, float]]) -> list[int]:
    total = {number: sum(each.get(number, 0.0) for each in scores) for number in numbers}
    return sorted(total, key=lambda number: (-round(total[number], 9), -number))


def _is_tagged(reader: Reader, entry: Entry, asked: Query) -> bool:
    def has(name: str) -> bool:
        return not set(entry.tags).isdisjoint(reader.tags.get(name, ()))

    return all(has(name) == is_wanted for name, is_wanted in asked.tags)


def _scores(reader: Reader, term: Term) -> dict[int, float]:
    """What a term counts for in each post that has it."""
    best: dict[int, float] = {}
    for factor, postings in _meant(reader, term):
        for number, weight in numbered(postings):
            length = 1 - BY_LENGTH + BY_LENGTH * reader.entries[number].minutes / reader.average
            best[number] = max(best.get(number, 0.0), factor * weight / (weight + SATURATION * length))
    rare = math.log(1 + (len(reader.entries) - len(best) + 0.5) / (len(best) + 0.5))
    return {number: score * rare for number, score in best.items()}


def _meant(reader: Reader, term: Term) -> list[tuple[float, tuple[int, ...]]]:
    """The postings of the words that a term stands for, and their worth: mistakes only where nothing else is.

    A word with one mistake in the very shard is not looked for in others.
    """
    there = _shard(reader, term.word).words
    found = [
        (1.0 if word == term.word else BEGINS, postings)
        for word, postings in there.items()
        if word == term.word or (term.begins and word.startswith(term.word))
    ]
    if found or len(term.word) < WHOLE:
        return found
    near = nearest(term.word, there, 1)
    if not near:
        there = {word: each for shard in _near(reader, term.word) for word, each in shard.words.items()}
        near = nearest(term.word, there, 2 if len(term.word) >= LONG else 1)
    return [(MISTYPED, there[word]) for word in near]


def _shard(reader: Reader, word: str) -> Shard:
    """The shard that has this word, if any has."""
    length = LETTERS
    shard = reader.shard(word[:length]) or Shard({})
    while shard.split and length < len(word):
        length += 1
        below = word[:length]
        shard = (reader.shard(below) or Shard({})) if below in shard.split else Shard({})
    return shard


def _near(reader: Reader, word: str) -> Iterator[Shard]:
    """All shards with words that begin with the same two letters, or with the two in the other order."""
    waiting = list(dict.fromkeys((word[:LETTERS], word[1] + word[0])))
    while waiting:
        shard = reader.shard(waiting.pop())
        if shard:
            yield shard
            waiting += shard.split


def nearest(typed: str, candidates: Iterable[str], most: int) -> list[str]:
    """The words that are fewest mistakes away, at most so many; where there is none, those that begin so."""
    distances = {word: distance(typed, word) for word in candidates}
    for kind in (0, 1):
        least = min((each[kind] for each in distances.values()), default=most + 1)
        if least <= most:
            return [word for word, each in distances.items() if each[kind] == least]
    return []


def distance(typed: str, word: str) -> tuple[int, int]:
    """How many mistakes lead from a word to what was typed; and from the best of the word's beginnings.

    A mistake is a letter too many, missing, another, or two letters in the
    other order (optimal string alignment).
    """
    before: list[int] = []
    row = list(range(len(typed) + 1))
    beginning = row[-1]
    for at in range(1, len(word) + 1):
        before, last, row = row, before, [at]
        for n in range(1, len(typed) + 1):
            cost = min(before[n] + 1, row[n - 1] + 1, before[n - 1] + (typed[n - 1] != word[at - 1]))
            if at > 1 and n > 1 and typed[n - 1] == word[at - 2] and typed[n - 2] == word[at - 1]:
                cost = min(cost, last[n - 2] + 1)
            row.append(cost)
        beginning = min(beginning, row[-1])
    return row[-1], beginning
