"""The words of posts and pages for the search, kept on the disk by what they were counted from.

The process that renders a post counts its words, as it has its Document already; who makes the index finds them here.
"""

from __future__ import annotations

from dataclasses import dataclass

from trigpoint.cache import Cache
from trigpoint.code_digest import maker_digest
from trigpoint.content.pages import Page
from trigpoint.faults import errors
from trigpoint.library.snapshot import FileDigest, digests_beside
from trigpoint.markup.document import Document
from trigpoint.notes import Digest, digest_of
from trigpoint.search.tokens import PostTokens


@dataclass(frozen=True, slots=True)
class Counted:
    """The words of a post, and the files beside it that their Document was made with, with their digests."""

    words: PostTokens
    included: tuple[str, ...]
    beside: tuple[Digest, ...]


class WordStore:
    """Keeps the words of posts, and gives them to whom has the same post."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def counted(self, post: Page, file_digest: FileDigest) -> Counted | None:
        """The words of this post; None where they are not kept, or a file beside it has changed."""
        kept = self.value(key_of(post.path, post.source.digest, post.digest))
        return kept if kept and kept.beside == digests_beside(kept.included, post, file_digest) else None

    def value(self, key: Digest) -> Counted | None:
        kept = self._cache.value("words", key)
        return kept if isinstance(kept, Counted) else None

    def keep(self, post: Page, document: Document, words: PostTokens, file_digest: FileDigest) -> Counted:
        """These words, which were counted in this Document of the post."""
        counted = Counted(words, document.included, digests_beside(document.included, post, file_digest))
        if not errors(document.faults):  # A page that was given up may only have met a busy machine.
            self._cache.keep("words", key_of(post.path, post.source.digest, post.digest), counted)
        return counted


def key_of(path: str, source: Digest, shown: Digest) -> Digest:
    """What words are kept by: digests of a post's source, and of what lists show of it."""
    return digest_of((path, source, shown, maker_digest("words")))
