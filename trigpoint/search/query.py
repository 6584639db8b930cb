"""A search: what a reader types becomes the posts that are meant, best first.

static/js/search.js does the same from the same shards; tests/search_queries.toml
holds both to one table of queries. Pure.

The ranking is BM25F: what a word counts for in the fields of a post is added up
(blog.terms has the weights, and makes levels of them) before it saturates, so
that a word in title and text is one piece of evidence and not two (Robertson,
Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields", CIKM
2004). The worth of a word that few posts have is that of Lucene, which is never
negative: ln(1 + (N - n + 0.5) / (n + 0.5)). A typed word may stand for many
(those that begin with it); it scores by the best of them in each post, and is
as rare as all of them together.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from trigpoint.content.pages import Post
from trigpoint.search.index import Postings, Shard, numbered
from trigpoint.search.tokens import HASHED, LETTERS, STEPS, TAG, folded, path_of, start_of, words

SATURATION = 2.4
"""BM25's k1, in the unit of the weights, in which a word of the text counts 2."""

BEGINS, MISTYPED = 0.6, 0.5
"""What a word that only begins as typed is worth, and one that is a typing mistake away."""

WHOLE = 4
"""Letters: a shorter word stands for longer ones only while it is being typed, and never for a mistake."""

LONG = 8
"""Letters: a word so long may hold two mistakes."""

ENOUGH = 3
"""Where fewer posts have all the words, those with some of them follow."""

TERMS = 10
CHARACTERS = 1000
RESULTS = 20
"""How much of a query is looked at, and how many posts are told of."""

EXCERPT = 110
"""Characters of an excerpt: enough to tell articles apart."""

PART = re.compile(r'(?P<minus>-(?=[^\W_]|"))?(?:tag:(?P<tag>\S+)|"(?P<phrase>[^"]*)"|(?P<word>\S+))')


@dataclass(frozen=True, slots=True)
class Entry:
    """A post as the search shows it; `tags` are names, and `date` is none where the post has no date."""

    slug: str
    title: str
    excerpt: str
    tags: tuple[str, ...]
    date: datetime | None


@dataclass(frozen=True, slots=True)
class Term:
    """A word to look for, and whether words that begin with it will do."""

    word: str
    begins: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, understood. Phrases are folded words with a space between.

    Tags are wanted; an unwanted one is among what is unwanted.
    """

    terms: tuple[Term, ...]
    phrases: tuple[str, ...]
    unwanted: tuple[Term, ...]
    tags: tuple[Term, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.terms or self.unwanted or self.tags)


@dataclass(frozen=True, slots=True)
class Found:
    """The numbers of the posts, best first: as many as `whole` says have all the words, the others behind them some.

    `hits` are the words that they were found by, each with what was typed for it.
    """

    numbers: tuple[int, ...]
    whole: int = 0
    hits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """What a search reads: posts by number, a shard by its name, the words of a post by number, in their order.

    `names` are those of all shards, but for those into which one was split.
    """

    entries: tuple[Entry, ...]
    names: tuple[str, ...]
    shard: Callable[[str], Shard | None]
    text: Callable[[int], str]


def entry_of(post: Post) -> Entry:
    """A post as the search shows it."""
    excerpt = post.summary
    if len(excerpt) > EXCERPT:
        excerpt = excerpt[:EXCERPT].rsplit(" ", 1)[0].rstrip(",;:.") + " …"
    return Entry(
        post.slug, post.title, excerpt, tuple(tag.name for tag in post.tags), post.date if post.dated else None
    )


def query(text: str) -> Query:
    """A query as it was typed: words, "phrases", tag:names, and -what is unwanted."""
    typed: list[str] = []
    phrases: list[str] = []
    unwanted: list[str] = []
    tags: list[str] = []
    text = text[:CHARACTERS]
    for part in PART.finditer(text):
        found = [TAG + folded(part["tag"])] if part["tag"] else words(part["phrase"] or part["word"] or "")
        asked = unwanted if part["minus"] else tags if part["tag"] else typed
        asked += found
        phrases += [" ".join(found)] if part["phrase"] and not part["minus"] and len(found) > 1 else []
    is_open = bool(text) and not text[-1].isspace() and text[-1] != '"'
    terms = (Term(word, len(word) >= WHOLE or (is_open and n == len(typed))) for n, word in enumerate(typed, 1))
    exactly = partial(Term, begins=False)
    return Query(tuple(terms)[:TERMS], tuple(phrases), tuple(map(exactly, unwanted)), tuple(map(exactly, tags)))


def search(reader: Reader, text: str) -> Found:
    """The posts that a query means, best first; equals: the newest first."""
    asked = query(text)
    if asked.is_empty:
        return Found(())
    hits: dict[str, str] = {}
    wanted = set(range(len(reader.entries))).intersection(*(_scores(reader, term) for term in asked.tags))
    wanted.difference_update(*(_scores(reader, term) for term in asked.unwanted))
    scores = [_scores(reader, term, hits) for term in asked.terms]
    everywhere = wanted.intersection(*scores)
    somewhere = {number for each in scores for number in each} if len(everywhere) < ENOUGH else set()
    numbers = (_ranked(everywhere, scores) + _ranked(wanted & somewhere - everywhere, scores))[:RESULTS]
    if asked.phrases:
        numbers = [number for number in numbers if _has_phrases(reader.text(number), asked.phrases)]
    return Found(tuple(numbers), len(everywhere.intersection(numbers)), hits)


def _has_phrases(text: str, phrases: Iterable[str]) -> bool:
    return all(f" {phrase} " in f" {text} " for phrase in phrases)


def _ranked(numbers: Iterable[int], scores: list[dict[int, float]]) -> list[int]:
    total = {number: sum(each.get(number, 0.0) for each in scores) for number in numbers}
    return sorted(total, key=lambda number: (-total[number], -number))


def _scores(reader: Reader, term: Term, hits: dict[str, str] | None = None) -> dict[int, float]:
    """What a term counts for in each post that has it; the words that it stands for are added to the hits."""
    best: dict[int, float] = {}
    for factor, word, postings in _meant(reader, term):
        if hits is not None:
            hits[word] = term.word
        for number, level in numbered(postings):
            score = factor / (1 + SATURATION / 2 ** (level / STEPS))
            best[number] = max(best.get(number, 0.0), score)
    rare = math.log((len(reader.entries) + 1) / (len(best) + 0.5))
    return {number: score * rare for number, score in best.items()}


def _meant(reader: Reader, term: Term) -> list[tuple[float, str, Postings]]:
    """The words that a term stands for, with their worth and postings: mistakes only where nothing else is."""
    size = len(term.word)
    path = path_of(term.word)
    there = _shelf(reader, start_of(path), path if size >= WHOLE else f"{path} ")
    found = [
        (1.0 if word == term.word else BEGINS, word, postings)
        for word, postings in there.items()
        if word == term.word or (term.begins and word.startswith(term.word))
    ]
    if found or size < WHOLE:
        return found
    for there, most in _around(reader, term.word):
        near = nearest(term.word, there, most)
        if near:
            return [(MISTYPED, word, there[word]) for word in near]
    return []


def _around(reader: Reader, word: str) -> Iterator[tuple[dict[str, Postings], int]]:
    """The words among which to look for a mistake, and how many it may have: most are found with few shards.

    First those where the word would be, then more and more around it; last those with another second letter.
    """
    path, size = path_of(word), len(word)
    start = start_of(path)
    for length in (size, *range(WHOLE, LETTERS, -1)):
        yield _shelf(reader, start, path_of(word[:length])), 1
    pairs = (path_of(pair) for pair in (word[:LETTERS], word[1::-1]))
    yield _joined(_shelf(reader, start_of(pair), pair) for pair in pairs), 2 if size >= LONG else 1
    names = [name for name in reader.names if name[:-1] == start[:-1]]  # The second letter may be wrong, or missing.
    rests = ("",) if path.startswith(HASHED) else (path[LETTERS:], path[1:])
    yield _joined(_shelf(reader, name, name + rest) for name in names for rest in rests), 1


def _joined(shelves: Iterable[dict[str, Postings]]) -> dict[str, Postings]:
    return {word: postings for shelf in shelves for word, postings in shelf.items()}


def _shelf(reader: Reader, name: str, prefix: str) -> dict[str, Postings]:
    """The words of a shard, and of those below it that a prefix leads to or begins."""
    shard = reader.shard(name) or Shard({})
    found = dict(shard.words)
    for each in shard.split:
        if prefix.startswith(each) or each.startswith(prefix):
            found |= _shelf(reader, each, prefix)
    return found


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
