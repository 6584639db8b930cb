"""The words of each post, kept by content: in memory, in the cache on the disk, or counted anew from its Document.

So an edit costs the counting of one post, and a process that starts counts nothing.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from blog.cache import Cache
from blog.content import Post
from blog.contents import FileDigest
from blog.documents import Documents, beside, key_of
from blog.edition import edition
from blog.faults import errors
from blog.notes import Digest, digest_of
from blog.terms import Words, shared, words_of


@dataclass(frozen=True, slots=True)
class Counted:
    """The words of a post, and the files beside it that their Document was made with, with their digests."""

    words: Words
    included: tuple[str, ...]
    beside: tuple[Digest, ...]


class Vocabulary:
    """Gives a post's words. What it keeps in memory is a few bytes a word, for the last version of each post."""

    def __init__(self, documents: Documents, cache: Cache) -> None:
        self._documents, self._cache = documents, cache
        self._kept: dict[str, tuple[Digest, Counted]] = {}
        self._lock = threading.Lock()

    def words(self, post: Post, file_digest: FileDigest) -> Words:
        """The words of this post. `file_digest` is of the files below pages/, by path."""
        key = digest_of((key_of(post), post.digest, edition()))
        with self._lock:
            known_key, counted = self._kept.get(post.path, (None, None))
        if known_key != key:
            counted = self._cache.value("words", key)
        if not isinstance(counted, Counted) or counted.beside != beside(counted.included, post, file_digest):
            counted = self._counted(key, post, file_digest)
        if known_key != key:
            counted = replace(counted, words=shared(counted.words))
        with self._lock:
            self._kept[post.path] = (key, counted)
        return counted.words

    def _counted(self, key: Digest, post: Post, file_digest: FileDigest) -> Counted:
        document = self._documents.document(post, file_digest)
        counted = Counted(words_of(post, document), document.included, beside(document.included, post, file_digest))
        if not errors(document.faults):  # A page that was given up may only have met a busy machine.
            self._cache.keep("words", key, counted)
        return counted
