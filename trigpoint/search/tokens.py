"""What a search knows a post or a page by: its folded words, each with a weight.

Pure. A word is folded here and in static/js/query.js by the same rules, so
that what a reader types meets what an author wrote: `zoe` finds `Zoë`.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import log2
from sys import intern
from unicodedata import category, normalize

from trigpoint.content.pages import Page, Post, Tag
from trigpoint.markup.document import Document

TITLE, TAGS, HEADING, SUMMARY, TEXT, CODE = 20, 10, 8, 4, 2, 1
"""What a word counts for, by where it stands."""

MOST_OF_TEXT, MOST_OF_CODE, MOST = 9, 5, 99
"""A word counts so often in a text, in code, and for so much in all: the tenth time says nothing new."""

BY_LENGTH, USUAL = 0.3, 6
"""BM25's b, and how many minutes of reading it compares with: an average would change with each new post."""

STEPS = 3
"""Levels of a word for each doubling of what it counts for: small figures, which compress well."""

NEIGHBOURS = ","
"""Stands between two words that are neighbours in a title or a heading, where they are a word of their own, too."""

TAG = "_"
"""Stands before the names of tags, which are words of their own; in no other word is there such a sign."""

TYPEABLE = re.compile(r"[\w+#.-]+")
"""A name of a tag that can stand behind `tag:`, and in the name of a file."""

LETTERS = 2
"""Words are looked up by their first letters."""

HASHED = "~"
"""The sign before the paths of words that are looked up by a hash of their first letters."""

LONGEST_WORD, LONGEST_NUMBER = 30, 4
"""What is longer is a digest, which nobody types, or, in texts and code, a measured figure."""

WORD = re.compile(r"[^\W_]+")
UNSPACED = re.compile("[\u0e00-\u109f\u1780-\u17ff\u3040-\u9fff\U00020000-\U0003ffff]+")
"""Scripts without spaces between words (Thai, Lao, Tibetan, Burmese, Khmer, kana, bopomofo, Han): each two neighbouring
letters are a word."""

PLAIN_SPELLING = "æaeœoeøoþthßssðdđdɗdħhıiłlŋnŧtɓbɛeəeɔoƙkƴyɖdɨiɲnyɠgɣghʋvƶz"
"""Letters that Unicode does not decompose, each with how it is spelt where a keyboard lacks it. The same text is in
static/js/query.js."""

SPELT = {"c++": "cpp", "c#": "csharp", "f#": "fsharp", ".net": "dotnet"}
"""Names that are no words, each with the word that stands for it. static/js/query.js has the same."""
NAME = re.compile(r"\bc\+\+|\b[cf]#|\B\.net\b", re.ASCII)
LIBRARY = re.compile(r"\b[^\W_]+\.js\b|\basp\.net\b")
"""Names of which a part is a word that means something else: `node.js` is found by `nodejs` too."""
COMPOUND = re.compile(r"[^\W_]+(?:[.'’/-][^\W_]+)+")
"""Words with a sign between them, which many readers type as one: `Wi-Fi`, `CI/CD`."""


class _Unmarked(dict[int, int | str | None]):
    """For str.translate: every mark (Unicode category M) goes, and letters get their plain spelling.

    What was met is remembered.
    """

    def __missing__(self, point: int) -> int | str | None:
        letter = chr(point)
        self[point] = None if category(letter).startswith("M") else _PLAIN.get(letter.lower(), point)
        return self[point]


_PLAIN = dict(re.findall("([^a-z])([a-z]+)", PLAIN_SPELLING))
UNMARKED = _Unmarked()


@dataclass(frozen=True, slots=True)
class PostTokens:
    """The words of one post, by their starts and the alphabet; the weight of each; the starts, each once; and the place
    of the first word of each."""

    words: tuple[str, ...] = ()
    weights: bytes = b""
    starts: tuple[str, ...] = ()
    firsts: array[int] = field(default_factory=lambda: array("I"))

    def beginning(self, start: str) -> Iterator[tuple[str, int]]:
        """The words with this start, each with its weight."""
        at = bisect_left(self.starts, start)
        if self.starts[at : at + 1] != (start,):
            return iter(())
        first, beyond = self.firsts[at], self.firsts[at + 1] if at + 1 < len(self.firsts) else len(self.words)
        return zip(self.words[first:beyond], self.weights[first:beyond], strict=True)


def folded(text: str) -> str:
    """Without marks, in lower case, in one form (NFKD), plainly spelt. The same as `fold` in static/js/query.js."""
    if not text.isascii():
        text = normalize("NFKD", text).translate(UNMARKED)
    lower = text.lower()
    return lower if lower.isascii() else lower.replace("ς", "σ")  # What lower() makes of a sigma at the end.


def words(text: str) -> list[str]:
    """The words of a text, folded, in order: as `words` in static/js/query.js cuts what is typed."""
    return [word for word in _all_words(_spelt(folded(text))) if len(word) <= LONGEST_WORD]


def _spelt(text: str) -> str:
    """A folded text, with a word for each name that is none: for `c++` and the like."""
    if not any(name in text for name in SPELT):  # A search for them in each text takes as long as counting its words.
        return text
    return NAME.sub(lambda found: f"{SPELT[found[0]]} ", text)


def _all_words(text: str) -> list[str]:
    """Those of a folded text, with those that are too long: it is quicker to drop them when they are counted."""
    found: list[str] = WORD.findall(text)
    if not text.isascii() and UNSPACED.search(text):
        found = [part for word in found for part in _pairs(word)]
    return found


def _is_figure(word: str) -> bool:
    """Whether a word of a text or of code is a measured figure."""
    return len(word) > LONGEST_NUMBER and word.isdecimal()


def _libraries(text: str) -> Iterator[str]:
    """The words that are typed for libraries, of a folded text: for `node.js`, and `dotnet` for `asp.net`."""
    if ".js" not in text and ".net" not in text:
        return iter(())
    return ("dotnet" if found[0] == "asp.net" else found[0].replace(".", "") for found in LIBRARY.finditer(text))


def _neighbours(text: str) -> Iterator[str]:
    """Each two words that stand together in a line of a folded text; scripts without spaces have pairs already."""
    if not UNSPACED.search(text):
        for line in _spelt(text).splitlines():
            yield from map(NEIGHBOURS.join, pairwise(WORD.findall(line)))


def _whole(text: str) -> Iterator[str]:
    """The words with a sign between them as one word each, of a folded text."""
    return (re.sub(r"[\W_]", "", found[0]) for found in COMPOUND.finditer(text))


def words_of(page: Page, document: Document) -> PostTokens:
    """All words of a post or a page with their weights; a post's tags are words too, by each of their names."""
    sections, tags = document.sections, page.tags if isinstance(page, Post) else ()
    code = folded(" ".join(section.code for section in sections))
    text = _spelt(folded(" ".join(part for section in sections for part in (section.heading, section.text))))
    weights: Counter[str] = Counter()
    _count(weights, Counter(_all_words(code)), CODE, MOST_OF_CODE)
    _count(weights, Counter((*_all_words(text), *_libraries(text))), TEXT, MOST_OF_TEXT)
    for figure in [word for word in weights if _is_figure(word)]:
        del weights[figure]
    for worth, short in _fields(page, tags, [section.heading for section in sections]):
        found = (*_all_words(_spelt(short)), *_libraries(short), *_whole(short))
        near = _neighbours(short) if worth in (TITLE, HEADING) else ()
        _count(weights, dict.fromkeys((*found, *near), 1), worth, 1)
    scale = scale_of(page.minutes)
    kept = {word: scale[min(weight, MOST)] for word, weight in weights.items() if len(word) <= LONGEST_WORD}
    return ordered(kept | dict.fromkeys(tag_words(tags), 0))


def _fields(page: Page, tags: Iterable[Tag], headings: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The short texts of a post or a page, folded, each with what its words count for."""
    names = "\n".join(part for tag in tags for part in (tag.name, *tag.aliases))
    fields = ((TITLE, page.title), (TAGS, names), (HEADING, "\n".join(headings)), (SUMMARY, page.summary))
    return ((worth, folded(text)) for worth, text in fields)


@cache
def scale_of(minutes: int) -> bytes:
    """The stored weight for each weight, in a text that takes so long to read: words count for less in a longer one."""
    length = 1 - BY_LENGTH + BY_LENGTH * minutes / USUAL
    return bytes(max(0, round(STEPS * log2(max(1, weight) / length))) for weight in range(MOST + 1))


def tag_words(tags: Iterable[Tag]) -> Iterator[str]:
    """What stands behind `tag:` to mean one of these tags, with the sign before it."""
    names = (name for tag in tags for name in (tag.slug, tag.name, *tag.aliases))
    return (TAG + folded(name) for name in names if TYPEABLE.fullmatch(name))


def path_of(word: str) -> str:
    """Where a word is looked up, or a beginning of two letters or more: its path is the beginning of the word's path.

    A word that begins with two letters of ASCII has its letters for a path. Of other letters there are too many pairs
    for a file each. There the path has 4 bits of either letter, which is 256 files, and then the digits of a hash of
    both, by which these are split. static/js/ranking.js does the same.
    """
    if word.isascii():
        return word
    spelt = "".join(char if char.isascii() else f"{ord(char) % 16:x}" for char in word)
    if word[:LETTERS].isascii():
        return spelt
    mixed = ord(word[0]) * ord(word[1:LETTERS] or "\0")
    return f"{HASHED}{spelt[:LETTERS]}{mixed:b}{spelt[LETTERS:]}"


def start_of(path: str) -> str:
    """The beginning of a path that is the name of a shard, and of those into which that one was split."""
    return path[: LETTERS + 1] if path.startswith(HASHED) else path[:LETTERS]


def ordered(weights: Mapping[str, int]) -> PostTokens:
    """These words, in the order of their starts and of the alphabet."""
    starts = {word: word[:LETTERS] if word.isascii() else start_of(path_of(word)) for word in sorted(weights)}
    ordered = sorted(starts, key=starts.__getitem__)
    firsts = {start: n for n, start in reversed([*enumerate(map(starts.__getitem__, ordered))])}
    return PostTokens(
        tuple(ordered),
        bytes(weights[word] for word in ordered),
        tuple(reversed(firsts)),
        array("I", reversed(firsts.values())),
    )


def shared(known: PostTokens) -> PostTokens:
    """The same words, each in the memory once for all posts: they share most of them."""
    return PostTokens(tuple(map(intern, known.words)), known.weights, tuple(map(intern, known.starts)), known.firsts)


def _pairs(word: str) -> Iterator[str]:
    """A word, or where it has letters of a script without spaces: those in overlapping pairs."""
    at = 0
    for run in UNSPACED.finditer(word):
        if run.start() > at:
            yield word[at : run.start()]
        letters = run[0]
        yield from (letters[n : n + 2] for n in range(max(1, len(letters) - 1)))
        at = run.end()
    if at < len(word):
        yield word[at:]


def _count(weights: Counter[str], times: Mapping[str, int], worth: int, most: int) -> None:
    for word, count in times.items():
        weights[word] += worth * (count if count < most else most)
