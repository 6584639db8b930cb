"""What a search knows a post by: its folded words, each with a level, and its sections as plain text.

Pure. A word is folded here and in static/js/search.js by the same rules, so
that what a reader types meets what an author wrote: `zoe` finds `Zoë`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape
from math import log2
from sys import intern
from unicodedata import category, normalize

from blog.content import Post, Tag
from blog.markup import Document

TITLE, TAGS, HEADING, SUMMARY, TEXT, CODE = 20, 10, 8, 4, 2, 1
"""What a word counts for, by where it stands."""

MOST_OF_TEXT, MOST_OF_CODE, MOST = 9, 5, 99
"""A word counts so often in a text, in code, and for so much in all: the tenth time says nothing new."""

BY_LENGTH, USUAL = 0.3, 6
"""BM25's b, and how many minutes of reading it compares with: an average would change with each new post."""

STEPS = 3
"""Levels of a word for each doubling of what it counts for: small figures, which compress well."""

TAG = "_"
"""Stands before the names of tags, which are words of their own; in no other word is there such a sign."""

TYPEABLE = re.compile(r"[\w+#.-]+")
"""A name of a tag that can stand behind `tag:`, and in the name of a file."""

LETTERS = 2
"""Words are looked up by their first letters."""

LONGEST_WORD, LONGEST_NUMBER = 30, 4
"""What is longer is a digest or a measured figure, which nobody types."""

WORD = re.compile(r"[^\W_]+")
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
"""Scripts without spaces between words: each two neighbouring letters are a word."""

SECTION = re.compile(r"<h([1-6])\b[^>]*?\bid=\"([^\"]*)\"[^>]*>(.*?)</h\1>", re.S)
ANCHOR = re.compile(r"<a class=\"anchor\".*?</a>", re.S)
PICTURE = re.compile(r"<(svg|annotation|template)\b.*?</\1>", re.S)
PROGRAM = re.compile(r"<pre\b[^>]*>(.*?)</pre>", re.S)
BLOCK = re.compile(
    r"</?(?:p|pre|div|li|ul|ol|d[tdl]|t[drh]|table|thead|tbody|figure|figcaption|blockquote|h[1-6]|br|hr|section"
    r"|aside|details|summary|caption)\b[^>]*>"
)
MARKUP = re.compile(r"<[^>]*>")


class _Unmarked(dict[int, int | None]):
    """For str.translate: every mark (Unicode category M) goes; what was met is remembered."""

    def __missing__(self, point: int) -> int | None:
        self[point] = None if category(chr(point)).startswith("M") else point
        return self[point]


UNMARKED = _Unmarked()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an article: the id and text of its heading ("" before the first), and all that stands below it."""

    id: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one post, sorted; the level of each; and the first two letters of them, each once."""

    words: tuple[str, ...] = ()
    levels: bytes = b""
    starts: tuple[str, ...] = ()


def folded(text: str) -> str:
    """Without marks, in lower case, in one form (NFKD). The same as `fold` in static/js/search.js."""
    if not text.isascii():
        text = normalize("NFKD", text).translate(UNMARKED)
    lower = text.lower()
    return lower if lower.isascii() else lower.replace("ß", "ss").replace("ς", "σ")


def words(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return [word for word in _all_words(text) if is_kept(word)]


def _all_words(text: str) -> list[str]:
    """With those that are too long: it is quicker to drop them when they are counted."""
    text = folded(text)
    found: list[str] = WORD.findall(text)
    if not text.isascii() and UNSPACED.search(text):
        found = [part for word in found for part in _pairs(word)]
    return found


def is_kept(word: str) -> bool:
    """Whether a word is one that is searched for."""
    return len(word) <= LONGEST_NUMBER or (len(word) <= LONGEST_WORD and not word.isdecimal())


def words_of(post: Post, document: Document) -> Words:
    """All words of a post with their levels; its tags are words too, by each of their names."""
    html = PICTURE.sub(" ", ANCHOR.sub("", document.html(lambda link: "")))
    code = Counter(_all_words("\n".join(_plain(each) for each in PROGRAM.findall(html))))
    text = Counter(_all_words(_plain(PROGRAM.sub(" ", html))))
    weights: Counter[str] = Counter()
    _count(weights, code, CODE, MOST_OF_CODE)
    _count(weights, text, TEXT, MOST_OF_TEXT)
    headings = " ".join(_plain(found[3]) for found in SECTION.finditer(html))
    tags = " ".join(part for tag in post.tags for part in (tag.name, *tag.aliases))
    for worth, field in ((TITLE, post.title), (TAGS, tags), (HEADING, headings), (SUMMARY, post.summary)):
        _count(weights, dict.fromkeys(_all_words(field), 1), worth, 1)
    levels = levels_of(post.minutes)
    found = {word: levels[min(weight, MOST)] for word, weight in weights.items() if is_kept(word)}
    return ordered(found | dict.fromkeys(tag_words(post.tags), 0))


@cache
def levels_of(minutes: int) -> bytes:
    """The level of each weight in a text that takes so long to read: a word counts for less in a longer one."""
    length = 1 - BY_LENGTH + BY_LENGTH * minutes / USUAL
    return bytes(max(0, round(STEPS * log2(max(1, weight) / length))) for weight in range(MOST + 1))


def tag_words(tags: Iterable[Tag]) -> Iterator[str]:
    """What stands behind `tag:` to mean one of these tags, with the sign before it."""
    names = (name for tag in tags for name in (tag.slug, tag.name, *tag.aliases))
    return (TAG + folded(name) for name in names if TYPEABLE.fullmatch(name))


def ordered(levels: Mapping[str, int]) -> Words:
    """These words in their order."""
    ordered = sorted(levels)
    starts = dict.fromkeys(word[:LETTERS] for word in ordered)
    return Words(tuple(ordered), bytes(levels[word] for word in ordered), tuple(starts))


def shared(known: Words) -> Words:
    """The same words, each in the memory once for all posts: they share most of them."""
    return Words(tuple(map(intern, known.words)), known.levels, tuple(map(intern, known.starts)))


def sections(document: Document) -> tuple[Section, ...]:
    """The article in parts, one for each heading; the first is what stands before them."""
    html = PICTURE.sub(" ", ANCHOR.sub("", document.html(lambda link: "")))
    return tuple(section for section in _sections(html) if section.text or section.id)


def _sections(html: str) -> Iterator[Section]:
    heading, at = ("", ""), 0
    for found in SECTION.finditer(html):
        yield Section(*heading, _spaced(_plain(html[at : found.start()])))
        heading, at = (unescape(found[2]), _spaced(_plain(found[3]))), found.end()
    yield Section(*heading, _spaced(_plain(html[at:])))


def _plain(html: str) -> str:
    return unescape(MARKUP.sub("", BLOCK.sub(" ", html)))


def _spaced(text: str) -> str:
    return " ".join(text.split())


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
