"""The words of all posts and pages as an index, kept by content: an edit costs the counting of one post, and a process
that starts counts nothing. What is said of posts here is true of pages too.

What is kept on the disk: the words of each post, the postings by first letters, and the manifest of the index, which
says what all of it was made from. Of the next index, what no changed word is in is taken as it was.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from trigpoint.background import refuse_in_a_hurry
from trigpoint.cache import Cache
from trigpoint.code_digest import maker_digest
from trigpoint.content.pages import Page
from trigpoint.library.snapshot import FileDigest, digests_beside
from trigpoint.loading.documents import DocumentStore
from trigpoint.loading.word_store import Counted, WordStore, key_of
from trigpoint.notes import Digest, digest_of
from trigpoint.search.index import Index, Postings, PrefixShards, patched, postings_of, shards, starts, starts_apart
from trigpoint.search.tokens import PostTokens, shared, words_of


@dataclass(frozen=True, slots=True)
class IndexedPost:
    """What a post's words were counted from: digests of its source, of its place in lists, of files beside it."""

    path: str
    source: Digest
    shown: Digest
    included: tuple[str, ...]
    beside: tuple[Digest, ...]

    def is_of(self, post: Page, file_digest: FileDigest) -> bool:
        said = (self.path, self.source, self.shown, self.beside)
        return said == (post.path, post.source.digest, post.digest, digests_beside(self.included, post, file_digest))


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """An index without its postings, and a row for each post from the oldest."""

    rows: tuple[IndexedPost, ...] = ()
    families: Mapping[str, PrefixShards] = field(default_factory=dict)

    def is_of(self, posts: Sequence[Page], file_digest: FileDigest) -> bool:
        return len(self.rows) == len(posts) and all(
            row.is_of(post, file_digest) for row, post in zip(self.rows, posts, strict=True)
        )


class SearchIndexStore:
    """Gives the index of posts. In memory are its manifest, and the postings that the disk does not take."""

    def __init__(self, documents: DocumentStore, words: WordStore, cache: Cache) -> None:
        self._documents, self._word_store, self._cache = documents, words, cache
        self._manifests: dict[Digest, IndexManifest] = {}
        self._held: dict[Digest, Mapping[str, Postings]] = {}
        self._lock = threading.Lock()

    def index(self, posts: Sequence[Page], file_digest: FileDigest, preview: bool = False) -> Index:
        """The index of these, given in the order of their numbers. `file_digest` is of the files below pages/, by path.

        A preview shows other posts than a release is made of: it has a manifest of its own.
        """
        key = digest_of((preview, maker_digest("manifests")))
        with self._lock:
            known = self._manifests.get(key) or IndexManifest()
            if not known.is_of(posts, file_digest):
                with self._cache.lock("index"):  # Where another process is at it, this one finds it done.
                    known = self._manifests[key] = self._next(key, known, posts, file_digest)
        return Index(known.families, partial(self._postings, known, posts, file_digest))

    def _next(self, key: Digest, known: IndexManifest, posts: Sequence[Page], file_digest: FileDigest) -> IndexManifest:
        """The manifest of these posts: the one on the disk, or one that is made from it."""
        known = self._cache.value("manifests", key) or known
        fresh: dict[str, Counted] = {}
        rows = self._rows(known, posts, file_digest, fresh)
        if rows == known.rows:
            return known
        families = self._patched(known, rows) or self._built(self._words(posts, file_digest, fresh))
        made = IndexManifest(rows, families)
        self._cache.keep("manifests", key, made)
        self._hold_only(families)
        return made

    def _hold_only(self, families: Mapping[str, PrefixShards]) -> None:
        """Let go of postings that no family has any more."""
        if self._held:
            needed = set(map(digest_of, families.values()))
            self._held = {key: postings for key, postings in self._held.items() if key in needed}

    def _rows(
        self, known: IndexManifest, posts: Sequence[Page], file_digest: FileDigest, fresh: dict[str, Counted]
    ) -> tuple[IndexedPost, ...]:
        """A row for each post. The words of those that had none go into `fresh`, by the paths of the posts."""
        by_path = {row.path: row for row in known.rows}
        return tuple(self._row(by_path.get(post.path), post, file_digest, fresh) for post in posts)

    def _row(
        self, known: IndexedPost | None, post: Page, file_digest: FileDigest, fresh: dict[str, Counted]
    ) -> IndexedPost:
        if known and known.is_of(post, file_digest):
            return known
        counted = fresh[post.path] = self._counted(post, file_digest)
        return IndexedPost(post.path, post.source.digest, post.digest, counted.included, counted.beside)

    def _patched(self, known: IndexManifest, rows: tuple[IndexedPost, ...]) -> dict[str, PrefixShards] | None:
        """The families after some posts changed, or came at the end; None where that can't be told from what is kept.

        Where a post goes, or comes between others, the numbers of all that follow are others.
        """
        before = [row.path for row in known.rows]
        if not before or [row.path for row in rows[: len(before)]] != before:
            return None
        families = dict(known.families)
        for number, row in enumerate(rows):
            old = known.rows[number] if number < len(before) else None
            if row != old and not self._patch(families, number, old, row):
                return None
        return dict(sorted(families.items()))

    def _patch(self, families: dict[str, PrefixShards], number: int, old: IndexedPost | None, new: IndexedPost) -> bool:
        """Put the words of one post in the place of those that it had. False where some of what is kept is gone."""
        before, after = self._kept_words(old) if old else PostTokens(), self._kept_words(new)
        if before is None or after is None:
            return False
        for start in starts_apart(before, after):
            postings = self._kept_postings(families[start]) if start in families else {}
            if postings is None:
                return False
            self._take(families, start, patched(postings, start, number, before, after))
        return True

    def _built(self, words: Sequence[PostTokens]) -> dict[str, PrefixShards]:
        """The families, from the words of all posts."""
        families: dict[str, PrefixShards] = {}
        for start, numbers in starts(words).items():
            self._take(families, start, postings_of(start, words, numbers))
        return families

    def _take(self, families: dict[str, PrefixShards], start: str, postings: Mapping[str, Postings]) -> None:
        """Make these postings a family, and keep them."""
        families.pop(start, None)
        if postings:
            family = {name: shard.digest for name, shard in shards(start, postings).items()}
            families[start] = family
            self._keep_postings(digest_of(family), postings)

    def _keep_postings(self, key: Digest, postings: Mapping[str, Postings]) -> None:
        if not self._cache.keep("postings", key, postings):
            self._held[key] = postings

    def _postings(
        self, known: IndexManifest, posts: Sequence[Page], file_digest: FileDigest, start: str
    ) -> Mapping[str, Postings]:
        """Those of the words that begin so. Where the cache was emptied, they are made anew."""
        family = known.families[start]
        found = self._kept_postings(family)
        if found is None:
            restore = partial(self._restored, start, family, posts, file_digest)
            refuse_in_a_hurry(("postings", digest_of(family)), restore)
            found = restore()
        return found

    def _restored(
        self, start: str, family: PrefixShards, posts: Sequence[Page], file_digest: FileDigest
    ) -> Mapping[str, Postings]:
        words = self._words(posts, file_digest, {})
        postings = postings_of(start, words, range(len(words)))
        self._keep_postings(digest_of(family), postings)
        return postings

    def _kept_postings(self, family: PrefixShards) -> Mapping[str, Postings] | None:
        key = digest_of(family)
        kept: Mapping[str, Postings] | None = self._held.get(key) or self._cache.value("postings", key)
        return kept

    def _words(self, posts: Sequence[Page], file_digest: FileDigest, fresh: Mapping[str, Counted]) -> list[PostTokens]:
        counted = (fresh.get(post.path) or self._counted(post, file_digest) for post in posts)
        return [each.words for each in counted]

    def _kept_words(self, row: IndexedPost) -> PostTokens | None:
        counted = self._word_store.value(key_of(row.path, row.source, row.shown))
        return counted.words if counted and counted.beside == row.beside else None

    def _counted(self, post: Page, file_digest: FileDigest) -> Counted:
        counted = self._word_store.counted(post, file_digest)
        if not counted:
            document = self._documents.document(post, file_digest)  # Which may just have had them counted.
            counted = self._word_store.counted(post, file_digest) or self._word_store.keep(
                post, document, words_of(post, document), file_digest
            )
        return replace(counted, words=shared(counted.words))
