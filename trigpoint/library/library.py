"""The Library: an immutable snapshot of all that is published, which answers the views' questions.

The loader makes it from the pages that it read; an edit makes the next one. It
never touches the disk: what needs the disk (rendering a body) is handed to it.
"""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Iterator, Mapping
from functools import cached_property
from urllib.parse import quote, unquote, urlsplit

from trigpoint.background import refuse_in_a_hurry
from trigpoint.content.pages import Page, Post, Tag
from trigpoint.library import aliases, lists, paging
from trigpoint.library.addresses import Addresses, Target
from trigpoint.library.author_questions import AuthorQuestions
from trigpoint.library.clashes import (
    clashes_of_ids,
    clashes_of_parts,
    clashes_of_tags,
    files_apart,
    pages_apart,
)
from trigpoint.library.cover_checks import broken_pictures, with_sound_covers
from trigpoint.library.lists import Series, TagCount, Year
from trigpoint.library.paging import Listing
from trigpoint.library.questions import question
from trigpoint.library.settling import softened, spellings, with_one_spelling, with_slugs_of_folders
from trigpoint.library.snapshot import (
    Commit,
    File,
    Picture,
    Snapshot,
    has_expired,
    hidden_because,
    hidden_pages,
    next_change,
    shown_files,
)
from trigpoint.markup.document import Document, Link
from trigpoint.notes import DependsOn, Digest, digest_of
from trigpoint.search.entries import Entry, entry_of
from trigpoint.search.index import Index, Shard


class Library(AuthorQuestions):
    """Answers. Posts are newest first; where two have one date, their paths decide."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self.preview = snapshot.preview
        self._made_index: Index | None = None
        shown = [page for page in snapshot.pages if snapshot.preview or not hidden_because(page, snapshot.now)]
        if snapshot.lenient:
            shown = list(with_slugs_of_folders(with_one_spelling(shown)))
        self.published, self.owners, clashes = pages_apart(shown, snapshot.folder, snapshot.owners)
        pages = {page.path: page.address for page in self.published}
        files, shadows = files_apart(shown_files(snapshot, self.published), pages, snapshot.folder)
        self.addresses = Addresses.of(pages, files, snapshot.assets if snapshot.lenient else None)
        self.published, covers = with_sound_covers(self.published, self.addresses, snapshot)
        clashes += [*shadows, *covers, *clashes_of_tags(self.posts, snapshot.folder)]
        clashes += broken_pictures(self.addresses, snapshot)
        clashes += [*clashes_of_ids(self.posts, snapshot.folder), *clashes_of_parts(self.posts, snapshot.folder)]
        if snapshot.lenient:
            clashes = [*map(softened, clashes), *spellings(snapshot.pages, snapshot.folder)]
        held = {f"{snapshot.folder}/{path}" for path in snapshot.held}
        self.faults = tuple(sorted((*snapshot.faults, *(fault for fault in clashes if fault.path not in held))))

    def prepare(self) -> None:
        """Do now what the first questions would wait for."""
        for name in ("_by_path", "_by_tag", "_by_author", "_tags", "_places", "_places_by_tag", "_redirects"):
            getattr(self, name)

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        posts = (page for page in self.published if isinstance(page, Post))
        return tuple(sorted(sorted(posts, key=lambda post: post.path), key=lambda post: post.date, reverse=True))

    @cached_property
    def _files(self) -> dict[str, File]:
        return {file.path: file for file in self.snapshot.files}

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
        return used | {tag.slug: tag for tag in self.snapshot.registry if tag.slug in used}

    @cached_property
    def next_change(self) -> dt.datetime | None:
        """The first moment after `now` at which a page appears or expires."""
        return next_change(self.snapshot)

    @cached_property
    def _searched(self) -> tuple[Page, ...]:
        """What a search finds, by its numbers."""
        return (*lists.pages(self.published), *self.posts[::-1])

    # The questions.

    @question('what lists show of the post "{0}"', DependsOn.LISTS)
    def post(self, slug: str) -> Post | None:
        found = self._by_path.get(self.addresses.page_at.get(f"/posts/{slug}/", ""))
        return found if isinstance(found, Post) else None

    @question("which page is at {0}", DependsOn.LISTS)
    def page(self, address: str) -> Page | None:
        found = self._by_path.get(self.addresses.page_at.get(address, ""))
        return None if isinstance(found, Post) else found

    @question("which pages there are besides the posts", DependsOn.LISTS)
    def pages(self) -> tuple[Page, ...]:
        """The pages that are no posts, by address."""
        return lists.pages(self.published)

    def document(self, path: str) -> Document:
        """The rendered body of the page at this path. The files beside it that it was made with are noted too."""
        document = self.rendered_body(path)
        for name in document.included:
            self.sibling_digest(posixpath.normpath(posixpath.join(posixpath.dirname(path), name)))
        return document

    def shown_document(self, path: str) -> Document:
        """The rendered body of the page at this path as readers have it: a link to a page that expired is its text."""

        def is_over(link: Link) -> bool:
            target = None if link.embedded else self.target(link.target, path)
            return target is not None and not (target.page or target.file) and self.leads_to_expired(link.target, path)

        return self.document(path).without(is_over)

    @question("the text of pages/{0}", digest=lambda library, path: library.source_digest(path))
    def rendered_body(self, path: str) -> Document:
        """The Document of the page at this path. Noted by what it is made from: asked again, it is not rendered."""
        return self.snapshot.render(self._by_path[path], self.snapshot.file_digest)

    def source_digest(self, path: str) -> Digest:
        """What the Document of this page is made from, but for the files beside it."""
        page = self._by_path[path]
        return digest_of((page.source.digest, page.title))

    @question("the file pages/{0}")
    def sibling_digest(self, path: str) -> Digest:
        """The digest of a file's content, "" where there is none."""
        return self.snapshot.file_digest(path)

    @question("which headings {0} has", digest=lambda library, path: library.source_digest(path))
    def anchors(self, path: str) -> tuple[str, ...]:
        """The ids in the page at this path, which a link may name. Noted by what the page is made from."""
        return self.document(path).ids

    def page_of(self, path: str) -> Page | None:
        """The page or post of this source; not noted, and not for views."""
        return self._by_path.get(path)

    @question("what stands above pages/{0}", DependsOn.LISTS)
    def notice(self, path: str) -> str:
        """Why readers do not see this page; "" where they do."""
        return hidden_because(self._by_path[path], self.snapshot.now)

    @question("the list of all posts", DependsOn.LISTS)
    def every_post(self) -> tuple[Post, ...]:
        """All posts, newest first."""
        return self.posts

    @question("the list of the newest posts ({0} at most)", DependsOn.LISTS)
    def newest(self, count: int) -> tuple[Post, ...]:
        return self.posts[:count]

    @question("which posts list page {0} shows", DependsOn.LISTS)
    def listing(self, number: int) -> Listing | None:
        """A page of all posts; None where there is no such page."""
        empty = Listing((), 0, None, None) if number == 0 else None
        return paging.listing(self.posts, number, self.snapshot.posts_per_page) or empty

    @question('which posts list page {1} of the tag "{0}" shows', DependsOn.LISTS)
    def tagged(self, slug: str, number: int) -> Listing | None:
        """A page of the posts with this tag; None where there is no such page."""
        return paging.listing(self._by_tag.get(slug, ()), number, self.snapshot.posts_per_page)

    @question('the list of the newest posts with the tag "{0}" ({1} at most)', DependsOn.LISTS)
    def newest_tagged(self, slug: str, count: int) -> tuple[Post, ...]:
        return self._by_tag.get(slug, ())[:count]

    @question('the tag "{0}"', DependsOn.LISTS)
    def tag(self, slug: str) -> Tag | None:
        """The tag, where at least one post has it."""
        return self._tags.get(slug)

    @question('how many articles have the tag "{0}"', DependsOn.LISTS)
    def tag_count(self, slug: str) -> int:
        """How many posts have this tag."""
        return len(self._by_tag.get(slug, ()))

    @question("which tags there are", DependsOn.LISTS)
    def tags(self) -> tuple[TagCount, ...]:
        """Every tag that a post has, in the order of its name."""
        counts = [TagCount(tag, len(self._by_tag[slug])) for slug, tag in self._tags.items()]
        return tuple(sorted(counts, key=lambda each: (each.tag.name.casefold(), each.tag.slug)))

    @question("what comes before and after pages/{0}", DependsOn.LISTS)
    def neighbours(self, path: str) -> tuple[Post | None, Post | None]:
        """The next newer and the next older post."""
        place = self._places[path]
        newer = self.posts[place - 1] if place else None
        return newer, self.posts[place + 1] if place + 1 < len(self.posts) else None

    @question("which tags of pages/{0} tell most", DependsOn.LISTS)
    def telling_tags(self, path: str) -> tuple[Tag, ...]:
        """The tags of the post at this path, what tells most first; none where there is no such post."""
        return lists.telling(self.posts[self._places[path]], self._by_tag) if path in self._places else ()

    @cached_property
    def _places_by_tag(self) -> dict[str, dict[str, int]]:
        return {slug: {post.path: place for place, post in enumerate(posts)} for slug, posts in self._by_tag.items()}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {post.path: place for place, post in enumerate(self.posts)}

    @question("which posts are related to pages/{0}", DependsOn.LISTS)
    def related(self, path: str) -> tuple[Post, ...]:
        """The posts that share most tags, a rare tag counting more; newest first among equals.

        Of each tag only the posts nearest in time are looked at: so a question costs
        the same in any blog, and a new post changes the answers of its neighbours alone.
        """
        places = lists.related(self.posts[self._places[path]], self._by_tag, self._places_by_tag, self._places)
        return tuple(self.posts[place] for place in places)

    @question("which posts are pages/{0} in other languages", DependsOn.LISTS)
    def translations(self, path: str) -> tuple[Post, ...]:
        """The post at this path and its translations, by language; none where it has none."""
        return next((group for group in self._translations if any(post.path == path for post in group)), ())

    @cached_property
    def _translations(self) -> tuple[tuple[Post, ...], ...]:
        return lists.translations(self.posts, lambda post: self.addresses.target(post.translation_of, post.path).page)

    @question('the series "{0}"', DependsOn.LISTS)
    def series(self, slug: str) -> Series | None:
        return next((each for each in self.all_series() if each.slug == slug), None)

    @question("which series there are", DependsOn.LISTS)
    def all_series(self) -> tuple[Series, ...]:
        """Every series that a post belongs to, in the order of its name."""
        return lists.all_series(self.posts)

    @question("which posts the archive lists", DependsOn.LISTS)
    def archive(self) -> tuple[Year, ...]:
        """All posts by the year of their day, newest first."""
        return lists.by_year(self.posts)

    @question("where the link {0} in pages/{1} leads", DependsOn.LISTS)
    def target(self, written: str, path: str) -> Target:
        """Where a link written in the page at `path` leads."""
        return self.addresses.target(written, path)

    @question("which pages readers do not see")
    def hidden(self) -> Mapping[str, str]:
        """The path of each page that readers do not see, by its address."""
        return {page.address: page.path for page in hidden_pages(self.snapshot)}

    @question("which hidden page the link {0} in pages/{1} leads to")
    def hidden_target(self, written: str, path: str) -> tuple[str, str] | None:
        """The path of a page that readers do not see, and why, where a link written in the page at `path` means one."""
        page = self._hidden_page(written, path)
        return (page.path, hidden_because(page, self.snapshot.now)) if page else None

    @question("whether the link {0} in pages/{1} leads to a page that expired")
    def leads_to_expired(self, written: str, path: str) -> bool:
        page = self._hidden_page(written, path)
        return page is not None and has_expired(page, self.snapshot.now)

    @question("when pages/{0} expires")
    def expiry(self, path: str) -> dt.datetime | None:
        return self._by_path[path].expires

    def _hidden_page(self, written: str, path: str) -> Page | None:
        """The page that readers do not see where a link written in the page at `path` means one."""
        hidden = self._hidden_addresses
        address = unquote(urlsplit(self.addresses.target(written, path).address).path)
        found = hidden.target(written, path).page or hidden.page_at.get(address) or hidden.page_at.get(f"{address}/")
        return next((page for page in self.snapshot.pages if page.path == found), None) if found else None

    @cached_property
    def _hidden_addresses(self) -> Addresses:
        return Addresses.of({page.path: page.address for page in hidden_pages(self.snapshot)}, ())

    @question("where {0} leads on to", DependsOn.LISTS)
    def redirect(self, address: str) -> str | None:
        """The address that has taken the place of this one, where it is an alias."""
        return self._redirects.get(address)

    @cached_property
    def _redirects(self) -> dict[str, str]:
        feeds, taken = self.snapshot.feed_aliases, self.addresses.page_at
        return aliases.redirects(self.published, self._tags.values(), feeds, self.owners, taken)

    @question("which addresses lead on", DependsOn.LISTS)
    def redirects(self) -> tuple[str, ...]:
        """Every alias, in order."""
        return tuple(self._redirects)

    @question("the file at {0}", digest=lambda library, address: library.file_digest(address))
    def file(self, address: str) -> File | None:
        """The file at this address. Noted by its content."""
        return self._files.get(self.addresses.file_at.get(address, ""))

    def file_digest(self, address: str) -> Digest:
        """The digest of the file at this address and of its path."""
        path = self.addresses.file_at.get(address, "")
        return digest_of((path, self.snapshot.file_digest(path)))

    @question("which scripts and documents lie beside the pages", DependsOn.LISTS)
    def files_ending(self, *endings: str) -> tuple[str, ...]:
        """The addresses of the files beside the pages whose names end so, in order."""
        return tuple(sorted(each for each in self.addresses.file_at if each.lower().endswith(endings)))

    # The search. It numbers the pages, and then the posts from the oldest: a new one leaves all other numbers alone.

    @question("what the search shows of the posts and pages", DependsOn.LISTS)
    def entries(self, first: int, beyond: int | None) -> tuple[Entry, ...]:
        """Posts and pages as the search shows them, by their numbers; without an end up to the newest."""
        return tuple(map(entry_of, self._searched[first:beyond]))

    @question("how many volumes of {0} older posts the search has, besides the newest {1}", DependsOn.LISTS)
    def volume_count(self, size: int, newest: int) -> int:
        return max(0, len(self._searched) - newest) // size

    @question("of which years the posts are that the search finds", DependsOn.LISTS)
    def years(self) -> tuple[tuple[int, str], ...]:
        """The number of the first post of each year, and the year; "" for what has no date."""
        return lists.years(self._searched)

    @question("which posts have words that begin with {0}", digest=lambda library, name: library.shard_digest(name))
    def shard(self, name: str) -> Shard | None:
        """The postings of the words that begin so; None where there is no such shard. Noted by its digest."""
        return self._index.shard(name)

    def shard_digest(self, name: str) -> Digest:
        """What stands for the shard of this name, which is known without it."""
        return self._index.digest(name)

    @question("how the words of the posts begin")
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
        self._made_index = self._made_index or self.snapshot.index(self._searched, self.snapshot.file_digest)
        return self._made_index

    @question("the commits that changed pages/{0}")
    def commits(self, path: str) -> tuple[Commit, ...]:
        """The newest first; none where its history is not shown, or the article was never changed."""
        return self.snapshot.commits.get(path, ())

    @question("the size of the picture pages/{0}")
    def picture(self, path: str) -> Picture | None:
        """What the header of the picture at this path below pages/ says; None where there is no picture."""
        return self.snapshot.picture(path)

    @question("which picture stands in for pages/{0} in the dark", DependsOn.LISTS)
    def dark_variant(self, path: str) -> str:
        """The path of the picture that stands in for this one in the dark (`a.dark.png` for `a.png`), or ""."""
        start, ending = posixpath.splitext(path)
        dark = f"{start}.dark{ending}"
        return dark if dark in self.addresses.files else ""

    @question("the address of pages/{0}", DependsOn.LISTS)
    def file_address(self, path: str) -> str:
        """The address of the file at this path, percent-encoded; "" where readers have none."""
        return quote(self.addresses.files.get(path, ""))

    @question("which files of code lie beside pages/{0}", DependsOn.LISTS)
    def code_files(self, path: str) -> tuple[str, ...]:
        """The paths of the files in the folder code/ of an article that has a folder, in order."""
        return lists.code_files(self.addresses.files, path)

    def pictures(self) -> Iterator[tuple[str, Picture]]:
        """The address, not percent-encoded, of each picture that has smaller variants, with what its header says."""
        return lists.pictures(self.addresses.files, self.snapshot.picture)

    def numbers(self) -> range:
        """The numbers of the pages behind the front."""
        return paging.numbers(self.posts, self.snapshot.posts_per_page)

    def tagged_numbers(self, slug: str) -> range:
        """The numbers of the pages behind a tag's front."""
        return paging.numbers(self._by_tag.get(slug, ()), self.snapshot.posts_per_page)

    @cached_property
    def lists_digest(self) -> Digest:
        """The digest of all that lists and links are made of.

        While it is as it was, every question that depends on LISTS has the answer that it had.
        """
        pages = tuple((page.path, page.digest, self.notice(page.path)) for page in self.published)
        registry = (self.snapshot.registry, self.snapshot.authors)
        files, strays = sorted(self.addresses.files), sorted(self.addresses.strays)
        return digest_of((pages, registry, files, strays, self.snapshot.posts_per_page, self._redirects))

    @cached_property
    def whole(self) -> Digest:
        """The digest of all that could be read here, for who reads past the questions."""
        sources = [self.source_digest(page.path) for page in self.published]
        files = [(path, self.snapshot.file_digest(path)) for path in sorted(self._files)]
        return digest_of((self.lists_digest, sources, files, self.faults, self.next_change, self.snapshot.commits))
