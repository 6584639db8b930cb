"""Posts grouped by tag, by series, by year; pages; the files of a post. Pure; posts come newest first."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from trigpoint.content.pages import Author, Page, Post, Tag
from trigpoint.library.snapshot import Picture

RELATED = 3
"""Articles that are named below another."""

NEARBY = 20
"""Posts before and behind one, of each of its tags, that may be related to it."""


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag, and how many posts have it."""

    tag: Tag
    count: int


@dataclass(frozen=True, slots=True)
class AuthorCount:
    """An author, and how many posts are theirs."""

    author: Author
    count: int


@dataclass(frozen=True, slots=True)
class Year:
    """A year, and its posts, newest first."""

    year: int
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """The posts of a series, in the order of their parts."""

    name: str
    slug: str
    posts: tuple[Post, ...]


def by_tag(posts: tuple[Post, ...]) -> dict[str, tuple[Post, ...]]:
    """The posts of each tag, by its slug, newest first."""
    found: defaultdict[str, list[Post]] = defaultdict(list)
    for post in posts:
        for tag in post.tags:
            found[tag.slug].append(post)
    return {slug: tuple(tagged) for slug, tagged in found.items()}


def by_author(posts: tuple[Post, ...]) -> dict[str, tuple[Post, ...]]:
    """The posts of each author who has a page, by the slug, newest first."""
    found: defaultdict[str, list[Post]] = defaultdict(list)
    for post in posts:
        for author in post.authors:
            if author.slug:
                found[author.slug].append(post)
    return {slug: tuple(written) for slug, written in found.items()}


def telling(post: Post, tagged: Mapping[str, Sequence[Post]]) -> tuple[Tag, ...]:
    """The tags of a post, what tells most first: those that its title names, in its order, then the rare ones.

    `tagged` are the posts of each tag, by its slug. They are counted in powers of two, so that a new post seldom moves
    the tags of others. Equals stay in the order in which they are written.
    """

    def rank(tag: Tag) -> tuple[int, int]:
        named = re.search(rf"(?<!\w){re.escape(tag.name)}(?!\w)", post.title)
        return (named.start() if named else len(post.title), len(tagged[tag.slug]).bit_length())

    return tuple(sorted(post.tags, key=rank))


def all_series(posts: tuple[Post, ...]) -> tuple[Series, ...]:
    """Every series that a post belongs to, in the order of its name; the oldest post says how that is written."""
    found: defaultdict[str, list[Post]] = defaultdict(list)
    names: dict[str, str] = {}
    for post in reversed(posts):
        if post.part:
            found[post.part.slug].append(post)
            names.setdefault(post.part.slug, post.part.series)
    every = [Series(name, slug, tuple(sorted(found[slug], key=_place))) for slug, name in names.items()]
    return tuple(sorted(every, key=lambda each: (each.name.casefold(), each.slug)))


def by_year(posts: tuple[Post, ...]) -> tuple[Year, ...]:
    """All posts by the year of their day, newest first."""
    years: defaultdict[int, list[Post]] = defaultdict(list)
    for post in posts:
        years[post.date.year].append(post)
    return tuple(Year(year, tuple(years[year])) for year in sorted(years, reverse=True))


def pages(published: Iterable[Page]) -> tuple[Page, ...]:
    """Those that are no posts, by address."""
    return tuple(sorted((page for page in published if not isinstance(page, Post)), key=lambda page: page.address))


def years(pages: Iterable[Page]) -> tuple[tuple[int, str], ...]:
    """Where the year is another than before: the number of the page, and its year, "" for what has no date."""
    dates = (page.date if isinstance(page, Post) and page.dated else None for page in pages)
    runs = groupby(enumerate(str(date.year) if date else "" for date in dates), itemgetter(1))
    return tuple(next(run) for _, run in runs)


def _place(post: Post) -> tuple[int, str]:
    return (post.part.number if post.part else 0, post.path)


def code_files(paths: Iterable[str], article: str) -> tuple[str, ...]:
    """Those of the paths that lie in the folder code/ beside the index.md of an article, in order."""
    start = f"{article.removesuffix('index.md')}code/"
    return tuple(sorted(path for path in paths if path.startswith(start))) if article.endswith("/index.md") else ()


def translations(posts: Iterable[Post], original: Callable[[Post], str]) -> tuple[tuple[Post, ...], ...]:
    """The posts that are one article in several languages, each group by language.

    `original` gives the path of the post that a post's `translation_of` names.
    """
    groups: dict[str, list[Post]] = defaultdict(list)
    translated = {post.path: original(post) for post in posts if post.translation_of}
    for post in posts:
        groups[translated.get(post.path) or post.path].append(post)
    return tuple(tuple(sorted(each, key=lambda post: (post.lang, post.path))) for each in groups.values() if each[1:])


def related(
    post: Post,
    by_tag: Mapping[str, Sequence[Post]],
    places_by_tag: Mapping[str, Mapping[str, int]],
    places: Mapping[str, int],
) -> list[int]:
    """The places of the posts that share most tags with this one; of each tag only those nearest in time count."""
    scores: Counter[str] = Counter()
    for tag in post.tags:
        tagged, place = by_tag[tag.slug], places_by_tag[tag.slug][post.path]
        for other in tagged[max(0, place - NEARBY) : place + NEARBY + 1]:
            scores[other.path] += 1_000_000 // len(tagged)
    scores.pop(post.path, None)
    return [places[other] for other in sorted(scores, key=lambda other: (-scores[other], places[other]))[:RELATED]]


def pictures(files: Mapping[str, str], picture: Callable[[str], Picture | None]) -> Iterator[tuple[str, Picture]]:
    """The addresses of the pictures among these files (addresses by paths) that have smaller variants, with each."""
    for path, address in files.items():
        found = picture(path)
        if found and found.widths:
            yield address, found
