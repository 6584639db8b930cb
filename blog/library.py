"""The Library: an immutable snapshot of all that is published, which answers the views' questions.

The loader makes it from the pages that it read; an edit makes the next one. It
never touches the disk: what needs the disk (rendering a body) is handed to it.
Faults that only the whole can show (two pages at one address, two tags at one
slug) are found here.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, TypeVar

from blog.addresses import Addresses, Target
from blog.content import Page, Post, Tag
from blog.faults import Fault
from blog.folder import Stamp
from blog.markup import Document
from blog.notes import Digest, Note, ask, digest_of

Answer = TypeVar("Answer")

RELATED = 3


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list of posts, and the numbers of the pages beside it.

    The front (number 0) has the newest; the pages behind it are numbered from
    the oldest, so that a new post changes the front alone (decision 0005).
    `newer` and `older` are numbers, or None at the ends.
    """

    posts: tuple[Post, ...]
    number: int
    newer: int | None
    older: int | None


@dataclass(frozen=True, slots=True)
class TagCount:
    tag: Tag
    count: int


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """The posts of a series, in the order of their parts."""

    name: str
    slug: str
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file beside the pages: its path below pages/, and a stamp that a change changes."""

    path: str
    stamp: tuple[int, ...] = field(compare=False)


def question(answer: Callable[..., Answer]) -> Callable[..., Answer]:
    """A method whose answer is noted in the open recording, and kept for as long as the Library."""
    name = answer.__name__

    @wraps(answer)
    def asked(self: Library, *arguments: Any) -> Answer:
        def found() -> Answer:
            key = (name, arguments)
            if key not in self._answers:
                self._answers[key] = answer(self, *arguments)
            known: Answer = self._answers[key]
            return known

        return ask(name, arguments, found)

    return asked


def hidden_because(page: Page, now: dt.datetime) -> str:
    """Why readers do not have this page now, as a sentence; "" where they do. The one rule of what is published."""
    if page.draft:
        return "This is a draft: readers do not see it."
    if isinstance(page, Post) and page.date > now:
        return f"This appears on {page.date:%Y-%m-%d %H:%M %Z}: until then readers do not see it."
    if page.expires and page.expires <= now:
        return f"This expired on {page.expires:%Y-%m-%d %H:%M %Z}: readers no longer see it."
    return ""


@dataclass(frozen=True)
class Contents:
    """All that a Library is made from: what was read, and the moment for which it is true.

    `render` gives a page's Document. `preview` shows what readers do not see yet.
    """

    pages: tuple[Page, ...]
    registry: tuple[Tag, ...]
    files: tuple[File, ...]
    faults: tuple[Fault, ...]
    now: dt.datetime
    posts_per_page: int
    render: Callable[[Page, Mapping[str, Stamp]], Document]
    stamps: Mapping[str, Stamp]
    preview: bool = False
    folder: str = "pages"


class Library:
    """Answers. Posts are newest first; where two have one date, their paths decide."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self.preview = contents.preview
        self._answers: dict[tuple[str, tuple[Any, ...]], Any] = {}
        shown = [page for page in contents.pages if contents.preview or not hidden_because(page, contents.now)]
        self.published, clashes = _without_clashes(shown, contents.folder)
        self.faults = tuple(sorted((*contents.faults, *clashes, *self._tag_clashes())))

    def prepare(self) -> None:
        """Do now what the first questions would wait for."""
        (
            self.posts,
            self.addresses.page_at,
            self.addresses.file_at,
            self._by_tag,
            self._tags,
            self._places,
            self._redirects,
        )

    # What the whole is.

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        posts = (page for page in self.published if isinstance(page, Post))
        return tuple(sorted(sorted(posts, key=lambda post: post.path), key=lambda post: post.date, reverse=True))

    @cached_property
    def addresses(self) -> Addresses:
        pages = {page.path: page.address for page in self.published}
        return Addresses.of(pages, [path for path in self._files if not self._belongs_to_hidden(path)])

    @cached_property
    def _files(self) -> dict[str, File]:
        return {file.path: file for file in self._contents.files}

    @cached_property
    def _hidden_folders(self) -> tuple[str, ...]:
        known = {page.path for page in self.published}
        return tuple(
            page.path.removesuffix("index.md")
            for page in self._contents.pages
            if page.path not in known and page.path.endswith("/index.md")
        )

    def _belongs_to_hidden(self, path: str) -> bool:
        return any(path.startswith(folder) for folder in self._hidden_folders)

    @cached_property
    def _by_path(self) -> dict[str, Page]:
        return {page.path: page for page in self.published}

    @cached_property
    def _by_tag(self) -> dict[str, tuple[Post, ...]]:
        found: defaultdict[str, list[Post]] = defaultdict(list)
        for post in self.posts:
            for tag in post.tags:
                found[tag.slug].append(post)
        return {slug: tuple(posts) for slug, posts in found.items()}

    @cached_property
    def _tags(self) -> dict[str, Tag]:
        used = {tag.slug: tag for post in reversed(self.posts) for tag in post.tags}
        return {tag.slug: tag for tag in self._contents.registry if tag.slug in used} | {
            slug: tag for slug, tag in used.items() if slug not in {known.slug for known in self._contents.registry}
        }

    @cached_property
    def next_change(self) -> dt.datetime | None:
        """The first moment after `now` at which a page appears or expires."""
        moments = [
            moment
            for page in self._contents.pages
            if not page.draft
            for moment in (page.date if isinstance(page, Post) else None, page.expires)
            if moment and moment > self._contents.now
        ]
        return min(moments, default=None)

    # The questions.

    @question
    def post(self, slug: str) -> Post | None:
        found = self._by_path.get(self.addresses.page_at.get(f"/posts/{slug}/", ""))
        return found if isinstance(found, Post) else None

    @question
    def page(self, address: str) -> Page | None:
        found = self._by_path.get(self.addresses.page_at.get(address, ""))
        return None if isinstance(found, Post) else found

    @question
    def pages(self) -> tuple[Page, ...]:
        """The pages that are no posts, by address."""
        pages = [page for page in self.published if not isinstance(page, Post)]
        return tuple(sorted(pages, key=lambda page: page.address))

    @question
    def document(self, path: str) -> Document:
        return self._contents.render(self._by_path[path], self._contents.stamps)

    @question
    def notice(self, path: str) -> str:
        """Why readers do not see this page; "" where they do."""
        return hidden_because(self._by_path[path], self._contents.now)

    @question
    def newest(self, count: int) -> tuple[Post, ...]:
        return self.posts[:count]

    @question
    def listing(self, number: int) -> Listing | None:
        """A page of all posts; None where there is no such page."""
        empty = Listing((), 0, None, None) if number == 0 else None
        return _listing(self.posts, number, self._contents.posts_per_page) or empty

    @question
    def tagged(self, slug: str, number: int) -> Listing | None:
        """A page of the posts with this tag; None where there is no such page."""
        return _listing(self._by_tag.get(slug, ()), number, self._contents.posts_per_page)

    @question
    def newest_tagged(self, slug: str, count: int) -> tuple[Post, ...]:
        return self._by_tag.get(slug, ())[:count]

    @question
    def tag(self, slug: str) -> TagCount | None:
        """The tag, where at least one post has it."""
        tag = self._tags.get(slug)
        return TagCount(tag, len(self._by_tag[slug])) if tag else None

    @question
    def tags(self) -> tuple[TagCount, ...]:
        """Every tag that a post has, in the order of its name."""
        counts = [TagCount(tag, len(self._by_tag[slug])) for slug, tag in self._tags.items()]
        return tuple(sorted(counts, key=lambda each: (each.tag.name.casefold(), each.tag.slug)))

    @question
    def neighbours(self, path: str) -> tuple[Post | None, Post | None]:
        """The next newer and the next older post."""
        place = self._places[path]
        newer = self.posts[place - 1] if place else None
        return newer, self.posts[place + 1] if place + 1 < len(self.posts) else None

    @cached_property
    def _places(self) -> dict[str, int]:
        return {post.path: place for place, post in enumerate(self.posts)}

    @question
    def related(self, path: str) -> tuple[Post, ...]:
        """The posts that share most tags, a rare tag counting more; newest first among equals."""
        post = self.posts[self._places[path]]
        scores: Counter[str] = Counter()
        for tag in post.tags:
            for other in self._by_tag[tag.slug]:
                scores[other.path] += 1_000_000 // len(self._by_tag[tag.slug])
        del scores[path]
        best = sorted(scores, key=lambda other: (-scores[other], self._places[other]))[:RELATED]
        return tuple(self.posts[self._places[other]] for other in best)

    @question
    def series(self, slug: str) -> Series | None:
        return next((each for each in self.all_series() if each.slug == slug), None)

    @question
    def all_series(self) -> tuple[Series, ...]:
        """Every series that a post belongs to, in the order of its name."""
        found: defaultdict[str, list[Post]] = defaultdict(list)
        for post in reversed(self.posts):
            if post.part:
                found[post.part.slug].append(post)
        every = [_series(posts) for posts in found.values()]
        return tuple(sorted(every, key=lambda each: (each.name.casefold(), each.slug)))

    @question
    def archive(self) -> tuple[Year, ...]:
        """All posts by the year of their day, newest first."""
        years: defaultdict[int, list[Post]] = defaultdict(list)
        for post in self.posts:
            years[post.date.year].append(post)
        return tuple(Year(year, tuple(years[year])) for year in sorted(years, reverse=True))

    @question
    def target(self, written: str, path: str) -> Target:
        """Where a link written in the page at `path` leads."""
        return self.addresses.target(written, path)

    @question
    def redirect(self, address: str) -> str | None:
        """The address that has taken the place of this one, where it is an alias."""
        return self._redirects.get(address)

    @cached_property
    def _redirects(self) -> dict[str, str]:
        pages = {alias: page.address for page in reversed(self.published) for alias in page.aliases}
        tags = {f"/tags/{alias}/": f"/tags/{tag.slug}/" for tag in self._tags.values() for alias in tag.aliases}
        return {alias: to for alias, to in sorted((tags | pages).items()) if alias not in self.addresses.page_at}

    @question
    def redirects(self) -> tuple[str, ...]:
        """Every alias, in order."""
        return tuple(self._redirects)

    def file(self, address: str) -> File | None:
        """The file at this address."""
        return self._files.get(self.addresses.file_at.get(address, ""))

    def files_below(self, folder: str) -> tuple[File, ...]:
        """The files in this folder of pages/ (`posts/x/`), in order."""
        return tuple(file for path, file in sorted(self._files.items()) if path.startswith(folder))

    def numbers(self) -> range:
        """The numbers of the pages behind the front."""
        return range(1, _behind(self.posts, self._contents.posts_per_page) + 1)

    def tagged_numbers(self, slug: str) -> range:
        """The numbers of the pages behind a tag's front."""
        return range(1, _behind(self._by_tag.get(slug, ()), self._contents.posts_per_page) + 1)

    def again(self, note: Note) -> Digest:
        """The digest of the answer that a noted question has now."""
        return digest_of(getattr(self, note.name)(*note.arguments))

    def _tag_clashes(self) -> list[Fault]:
        """Open tags of two names at one slug: each is somebody's spelling, so both files are named."""
        first: dict[str, tuple[Tag, Post]] = {}
        clashes = []
        for post in sorted(self.posts, key=lambda post: post.path):
            for tag in post.tags:
                known, where = first.setdefault(tag.slug, (tag, post))
                if known.name != tag.name:
                    clashes.append(
                        Fault(
                            f"{self._contents.folder}/{post.path}",
                            0,
                            0,
                            f'The tag "{tag.name}" has the address of "{known.name}" in {self._contents.folder}/{where.path}.',
                            "Write both the same way, or register the tag in tags.toml.",
                        )
                    )
        return clashes


def _series(posts: list[Post]) -> Series:
    parts = sorted(posts, key=lambda post: (post.part.number if post.part else 0, post.path))
    assert parts[0].part
    return Series(parts[0].part.series, parts[0].part.slug, tuple(parts))


def _behind(posts: tuple[Post, ...], size: int) -> int:
    """How many full pages there are behind the front."""
    return max(0, len(posts) // size - 1)


def _listing(posts: tuple[Post, ...], number: int, size: int) -> Listing | None:
    """The page of that number: 0 is the front, others count from the oldest.

    The front holds what is left over and one full page more, so that it is
    never nearly empty: from `size` to twice `size` less one.
    """
    behind = _behind(posts, size)
    if not 0 <= number <= behind or (number == 0 and not posts):
        return None
    if number == 0:
        return Listing(posts[: len(posts) - behind * size], 0, None, behind or None)
    start = len(posts) - number * size
    newer = number + 1 if number < behind else 0
    return Listing(posts[start : start + size], number, newer, number - 1 or None)


def _without_clashes(pages: Iterable[Page], folder: str) -> tuple[tuple[Page, ...], list[Fault]]:
    """The pages with an address each; of two at one address (letter case aside) the first path keeps it."""
    taken: dict[str, str] = {}
    kept, clashes = [], []
    for page in sorted(pages, key=lambda page: page.path):
        owner = taken.setdefault(page.address.casefold(), page.path)
        if owner == page.path:
            kept.append(page)
        else:
            clashes.append(
                Fault(
                    f"{folder}/{page.path}",
                    0,
                    0,
                    f"This page and {folder}/{owner} both want the address {page.address}.",
                    "Give one of them another `slug:`.",
                )
            )
    for page in kept:
        for alias in page.aliases:
            owner = taken.setdefault(alias.casefold(), page.path)
            if owner != page.path or alias == page.address:
                clashes.append(
                    Fault(
                        f"{folder}/{page.path}",
                        0,
                        0,
                        f'The alias "{alias}" is the address of {folder}/{owner}, or an alias there.',
                        "Take it out of one of them.",
                    )
                )
    return tuple(kept), clashes
