"""The Library: an immutable snapshot of all that is published, which answers the views' questions.

The loader makes it from the pages that it read; an edit makes the next one. It
never touches the disk: what needs the disk (rendering a body) is handed to it.
"""

from __future__ import annotations

import datetime as dt
import posixpath
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property, wraps
from typing import Any, TypeVar
from urllib.parse import quote

from trigpoint.background import refuse_in_a_hurry
from trigpoint.content.pages import Page, Post, Tag
from trigpoint.library import lists, paging
from trigpoint.library.addresses import Addresses, Target
from trigpoint.library.clashes import (
    clashes_of_ids,
    clashes_of_tags,
    files_apart,
    frozen_place,
    pages_apart,
    place_of,
    redirect_address,
)
from trigpoint.library.cover_checks import with_sound_covers
from trigpoint.library.lists import Series, TagCount, Year
from trigpoint.library.paging import Listing
from trigpoint.library.snapshot import Contents, File, Picture, hidden_because, next_change, shown_files
from trigpoint.markup.document import Document
from trigpoint.notes import Digest, Note, ask, digest_of
from trigpoint.search.entries import Entry, entry_of
from trigpoint.search.index import Index, Shard
from trigpoint.search.tokens import Section, sections

Answer = TypeVar("Answer")

RELATED = 3
BY_SOURCE = {"document": "source", "anchors": "source", "file": "content", "shard": "shard_digest"}
"""Questions that are noted by what their answer is made from, and the method that gives it."""

OF_CONTENT = frozenset(("document", "anchors", "file", "beside", "picture", "shard", "shard_names"))
"""Questions whose answers depend on bodies and files, not on what lists show of them."""

NEARBY = 20
"""How many older and newer posts of a tag may be related."""


def question(answer: Callable[..., Answer]) -> Callable[..., Answer]:
    """A method whose answer is noted in the open recording, and kept for as long as the Library.

    That there is none is not kept: readers may ask for any number of addresses that are not there.
    """
    name = answer.__name__

    @wraps(answer)
    def asked(self: Library, *arguments: Any) -> Answer:
        def found() -> Answer:
            key = (name, arguments)
            if key in self._answers:
                known: Answer = self._answers[key]
                return known
            made = answer(self, *arguments)
            if made is not None:
                self._answers[key] = made
            return made

        return ask(name, arguments, found)

    return asked


class Library:
    """Answers. Posts are newest first; where two have one date, their paths decide."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.preview = contents.preview
        self._answers: dict[tuple[str, tuple[Any, ...]], Any] = {}
        self._made_index: Index | None = None
        shown = [page for page in contents.pages if contents.preview or not hidden_because(page, contents.now)]
        self.published, self.owners, clashes = pages_apart(shown, contents.folder, contents.owners)
        pages = {page.path: page.address for page in self.published}
        files, shadows = files_apart(shown_files(contents, self.published), pages, contents.folder)
        self.addresses = Addresses.of(pages, files)
        self.published, covers = with_sound_covers(self.published, self.addresses, contents)
        clashes += [*shadows, *covers, *clashes_of_tags(self.posts, contents.folder)]
        clashes += clashes_of_ids(self.posts, contents.folder)
        self.faults = tuple(sorted((*contents.faults, *clashes)))

    def prepare(self) -> None:
        """Do now what the first questions would wait for."""
        for name in ("_by_path", "_by_tag", "_tags", "_places", "_places_by_tag", "_redirects"):
            getattr(self, name)

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        posts = (page for page in self.published if isinstance(page, Post))
        return tuple(sorted(sorted(posts, key=lambda post: post.path), key=lambda post: post.date, reverse=True))

    @cached_property
    def _files(self) -> dict[str, File]:
        return {file.path: file for file in self.contents.files}

    @cached_property
    def _by_path(self) -> dict[str, Page]:
        return {page.path: page for page in self.published}

    @cached_property
    def _by_tag(self) -> dict[str, tuple[Post, ...]]:
        return lists.by_tag(self.posts)

    @cached_property
    def _tags(self) -> dict[str, Tag]:
        """The tags that a post has; what the registry says of one comes before what a post says."""
        used = {tag.slug: tag for post in reversed(self.posts) for tag in post.tags}
        return used | {tag.slug: tag for tag in self.contents.registry if tag.slug in used}

    @cached_property
    def next_change(self) -> dt.datetime | None:
        """The first moment after `now` at which a page appears or expires."""
        return next_change(self.contents)

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

    def document(self, path: str) -> Document:
        """The rendered body of the page at this path, and the files beside it that it was made with.

        Noted by what it is made from, so that it can be asked again without being rendered.
        """
        page = self._by_path[path]
        render = self.contents.render
        document = ask(
            "document", (path,), lambda: render(page, self.contents.file_digest), lambda _: self.source(path)
        )
        for name in document.included:
            self.beside(posixpath.normpath(posixpath.join(posixpath.dirname(path), name)))
        return document

    def source(self, path: str) -> Digest:
        """What the Document of this page is made from, but for the files beside it."""
        page = self._by_path[path]
        return digest_of((page.source.digest, page.title))

    @question
    def beside(self, path: str) -> Digest:
        """The digest of a file's content, "" where there is none."""
        return self.contents.file_digest(path)

    def anchors(self, path: str) -> tuple[str, ...]:
        """The ids in the page at this path, which a link may name. Noted by what the page is made from."""
        return ask("anchors", (path,), lambda: self.document(path).ids, lambda _: self.source(path))

    def page_of(self, path: str) -> Page | None:
        """The page or post of this source; not noted, and not for views."""
        return self._by_path.get(path)

    @question
    def notice(self, path: str) -> str:
        """Why readers do not see this page; "" where they do."""
        return hidden_because(self._by_path[path], self.contents.now)

    @question
    def newest(self, count: int) -> tuple[Post, ...]:
        return self.posts[:count]

    @question
    def listing(self, number: int) -> Listing | None:
        """A page of all posts; None where there is no such page."""
        empty = Listing((), 0, None, None) if number == 0 else None
        return paging.listing(self.posts, number, self.contents.posts_per_page) or empty

    @question
    def tagged(self, slug: str, number: int) -> Listing | None:
        """A page of the posts with this tag; None where there is no such page."""
        return paging.listing(self._by_tag.get(slug, ()), number, self.contents.posts_per_page)

    @question
    def newest_tagged(self, slug: str, count: int) -> tuple[Post, ...]:
        return self._by_tag.get(slug, ())[:count]

    @question
    def tag(self, slug: str) -> Tag | None:
        """The tag, where at least one post has it."""
        return self._tags.get(slug)

    @question
    def tag_count(self, slug: str) -> int:
        """How many posts have this tag."""
        return len(self._by_tag.get(slug, ()))

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
    def _places_by_tag(self) -> dict[str, dict[str, int]]:
        return {slug: {post.path: place for place, post in enumerate(posts)} for slug, posts in self._by_tag.items()}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {post.path: place for place, post in enumerate(self.posts)}

    @question
    def related(self, path: str) -> tuple[Post, ...]:
        """The posts that share most tags, a rare tag counting more; newest first among equals.

        Of each tag only the posts nearest in time are looked at: so a question costs
        the same in any blog, and a new post changes the answers of its neighbours alone.
        """
        scores: Counter[str] = Counter()
        for tag in self.posts[self._places[path]].tags:
            tagged = self._by_tag[tag.slug]
            place = self._places_by_tag[tag.slug][path]
            for other in tagged[max(0, place - NEARBY) : place + NEARBY + 1]:
                scores[other.path] += 1_000_000 // len(tagged)
        del scores[path]
        best = sorted(scores, key=lambda other: (-scores[other], self._places[other]))[:RELATED]
        return tuple(self.posts[self._places[other]] for other in best)

    @question
    def series(self, slug: str) -> Series | None:
        return next((each for each in self.all_series() if each.slug == slug), None)

    @question
    def all_series(self) -> tuple[Series, ...]:
        """Every series that a post belongs to, in the order of its name."""
        return lists.all_series(self.posts)

    @question
    def archive(self) -> tuple[Year, ...]:
        """All posts by the year of their day, newest first."""
        return lists.by_year(self.posts)

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
        wanted = ((redirect_address(alias), page) for page in self.published for alias in page.aliases)
        pages = {alias: page.address for alias, page in wanted if self.owners.get(place_of(alias)) == page.path}
        tags = {f"/tags/{alias}/": f"/tags/{tag.slug}/" for tag in self._tags.values() for alias in tag.aliases}
        taken = self.addresses.page_at
        return {alias: to for alias, to in sorted((tags | pages).items()) if frozen_place(alias) not in taken}

    @question
    def redirects(self) -> tuple[str, ...]:
        """Every alias, in order."""
        return tuple(self._redirects)

    def file(self, address: str) -> File | None:
        """The file at this address. Noted by its content."""
        path = self.addresses.file_at.get(address, "")
        return ask("file", (address,), lambda: self._files.get(path), lambda _: self.content(address))

    def content(self, address: str) -> Digest:
        """The digest of the file at this address and of its path."""
        path = self.addresses.file_at.get(address, "")
        return digest_of((path, self.contents.file_digest(path)))

    @question
    def files_ending(self, *endings: str) -> tuple[str, ...]:
        """The addresses of the files beside the pages whose names end so, in order."""
        return tuple(sorted(each for each in self.addresses.file_at if each.lower().endswith(endings)))

    # The search. Its posts are numbered from the oldest.

    @question
    def entries(self, first: int, beyond: int | None) -> tuple[Entry, ...]:
        """Posts as the search shows them, by their numbers; without an end up to the newest."""
        return tuple(map(entry_of, self.posts[::-1][first:beyond]))

    def shard(self, name: str) -> Shard | None:
        """The postings of the words that begin so; None where there is no such shard. Noted by its digest."""
        return ask("shard", (name,), lambda: self._index.shard(name), lambda _: self.shard_digest(name))

    def shard_digest(self, name: str) -> Digest:
        """What stands for the shard of this name, which is known without it."""
        return self._index.digest(name)

    @question
    def shard_names(self) -> tuple[str, ...]:
        """The names of the shards, but for those into which one was split."""
        return self._index.names

    def all_shard_names(self) -> Iterator[str]:
        """The names of all shards."""
        return self._index.all_names()

    @property
    def _index(self) -> Index:
        """Raises NotReadyError where it is not made yet, and who asks must not wait."""
        if self._made_index is None:
            refuse_in_a_hurry("index", self.make_index)
        return self.make_index()

    def make_index(self) -> Index:
        """Make the index of all words now: it takes seconds where no process has made it before."""
        self._made_index = self._made_index or self.contents.index(self.posts[::-1], self.contents.file_digest)
        return self._made_index

    @question
    def post_count(self) -> int:
        return len(self.posts)

    @question
    def has_posts(self, count: int) -> bool:
        """Whether there are so many posts, or more."""
        return len(self.posts) >= count

    def sections(self, slug: str) -> tuple[Section, ...]:
        """The article of this slug in parts; none where there is no such post."""
        post = self.post(slug)
        return sections(self.document(post.path)) if post else ()

    @question
    def picture(self, path: str) -> Picture | None:
        """What the header of the picture at this path below pages/ says; None where there is no picture."""
        return self.contents.picture(path)

    @question
    def dark(self, path: str) -> str:
        """The path of the picture that stands in for this one in the dark (`a.dark.png` for `a.png`), or ""."""
        start, ending = posixpath.splitext(path)
        dark = f"{start}.dark{ending}"
        return dark if dark in self.addresses.files else ""

    @question
    def file_address(self, path: str) -> str:
        """The address of the file at this path, percent-encoded; "" where readers have none."""
        return quote(self.addresses.files.get(path, ""))

    def pictures(self) -> Iterator[tuple[str, Picture]]:
        """The address, not percent-encoded, of each picture that has smaller forms, with what its header says."""
        for path, address in self.addresses.files.items():
            found = self.contents.picture(path)
            if found and found.widths:
                yield address, found

    def numbers(self) -> range:
        """The numbers of the pages behind the front."""
        return paging.numbers(self.posts, self.contents.posts_per_page)

    def tagged_numbers(self, slug: str) -> range:
        """The numbers of the pages behind a tag's front."""
        return paging.numbers(self._by_tag.get(slug, ()), self.contents.posts_per_page)

    @cached_property
    def standing(self) -> Digest:
        """The digest of all that lists and links are made of.

        While it is as it was, every question but those in OF_CONTENT has the answer that it had.
        """
        pages = tuple((page.path, page.digest, self.notice(page.path)) for page in self.published)
        registry, files = self.contents.registry, sorted(self.addresses.files)
        return digest_of((pages, registry, files, self.contents.posts_per_page))

    @cached_property
    def whole(self) -> Digest:
        """The digest of all that could be read here, for who reads past the questions."""
        sources = [self.source(page.path) for page in self.published]
        files = [(path, self.contents.file_digest(path)) for path in sorted(self._files)]
        return digest_of((self.standing, sources, files, self.faults, self.next_change))

    def again(self, note: Note) -> Digest:
        """The digest of the answer that a noted question has now; "" for a page that is gone, or of no known name."""
        try:
            if note.name in BY_SOURCE:
                return getattr(self, BY_SOURCE[note.name])(*note.arguments)  # type: ignore[no-any-return]
            return digest_of(getattr(self, note.name)(*note.arguments))
        except (KeyError, AttributeError):
            return Digest("")
