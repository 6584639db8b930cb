"""Rendered bodies: from an LRU cache in memory, from the cache on disk, or rendered by a worker."""

from __future__ import annotations

import posixpath
import threading
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from trigpoint.cache import Cache
from trigpoint.code_digest import maker_digest
from trigpoint.content.pages import Page as ContentPage
from trigpoint.content.pages import Source
from trigpoint.faults import errors
from trigpoint.file_reading import unsettled
from trigpoint.inventory import on_disk
from trigpoint.library.snapshot import FileDigest, digests_beside
from trigpoint.loading.word_store import WordStore
from trigpoint.loading.workers import Job, WorkerPool
from trigpoint.lru_cache import LruCache
from trigpoint.markup.document import Document
from trigpoint.notes import Digest, digest_of
from trigpoint.settings import Settings

CHARACTERS = 16_000_000
"""How much rendered text is kept in memory, in characters."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A Document, the key of what it was made from, and the digests of the files beside the page that it needed."""

    key: Digest
    document: Document
    beside: tuple[Digest, ...]


@dataclass(slots=True)
class _KeyLock:
    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: int = 0


class DocumentStore:
    """Gives a page's Document; renders it where it is not kept, or where an included file changed.

    `reread` gives a page's source with its body, from the disk; it raises OSError where that cannot be had, and then
    there is no Document: an empty one is never made.
    """

    def __init__(
        self,
        workers: WorkerPool,
        settings: Settings,
        cache: Cache,
        words: WordStore,
        reread: Callable[[ContentPage], Source],
    ) -> None:
        self._workers, self._settings, self._cache, self._words, self._reread = workers, settings, cache, words, reread
        self._kept: LruCache[str, StoredDocument] = LruCache(CHARACTERS, _size)
        self._lock = threading.Lock()
        self._key_locks: dict[Digest, _KeyLock] = {}
        self._begun: list[threading.Thread] = []

    def document(self, page: ContentPage, file_digest: FileDigest) -> Document:
        """The Document of this page. `file_digest` is of the files below pages/, by path."""
        key = self.key_of(page)
        known = self._in_memory(key, page, file_digest)
        if known:
            return known
        with self._key_lock(key):
            return (
                self._in_memory(key, page, file_digest)
                or self._on_disk(key, page, file_digest)
                or self._rendered(key, page, file_digest)
            )

    def start_rendering(self, pages: Iterable[ContentPage], file_digest: FileDigest) -> None:
        """Start to render these, where the cache does not have them, in the background; `render_missing` waits."""
        for page in pages:
            # Daemons: who interrupts a freeze does not wait for them.
            thread = threading.Thread(target=self._try_to_fill, args=(page, file_digest), daemon=True)
            thread.start()
            self._begun.append(thread)

    def render_missing(self, pages: Iterable[ContentPage], file_digest: FileDigest, jobs: int) -> Iterator[str]:
        """Render what the cache does not have, `jobs` at a time; gives the path of each page when it is there."""
        with ThreadPoolExecutor(2 * jobs) as threads:  # While some wait for a worker, others keep what came of one.
            yield from threads.map(lambda page: self._filled(page, file_digest), pages)
        while self._begun:
            self._begun.pop().join()

    def _try_to_fill(self, page: ContentPage, file_digest: FileDigest) -> None:
        with suppress(OSError):  # Who fills the rest meets it too, and tells of it.
            self._filled(page, file_digest)

    def _filled(self, page: ContentPage, file_digest: FileDigest) -> str:
        key = self.key_of(page)
        with self._key_lock(key):
            if not self._on_disk(key, page, file_digest, remember=False):
                self._rendered(key, page, file_digest, remember=False)
        return page.path

    @property
    def size(self) -> int:
        """How much is kept in memory, in characters."""
        return self._kept.size

    def forget_all_but(self, paths: Container[str]) -> None:
        """Let go of what is kept in memory of pages that are gone."""
        self._kept.keep_only(paths)

    def _in_memory(self, key: Digest, page: ContentPage, file_digest: FileDigest) -> Document | None:
        kept = self._kept.get(page.path)
        if kept is None or kept.key != key:
            return None
        return kept.document if kept.beside == digests_beside(kept.document.included, page, file_digest) else None

    def _on_disk(
        self, key: Digest, page: ContentPage, file_digest: FileDigest, remember: bool = True
    ) -> Document | None:
        kept = self._cache.value("documents", key)
        if not isinstance(kept, StoredDocument):
            return None
        if kept.beside != digests_beside(kept.document.included, page, file_digest):
            return None
        if remember:
            self._kept.put(page.path, kept)
        return kept.document

    def _rendered(self, key: Digest, page: ContentPage, file_digest: FileDigest, remember: bool = True) -> Document:
        source = page.source if page.source.body is not None else self._reread(page)
        document, read, words = self._workers.rendered(self._job(page, source))
        kept = StoredDocument(key, document, digests_beside(document.included, page, file_digest))
        _check_files(page, read, kept)
        if not errors(document.faults):  # A page that was given up may only have met a busy machine.
            self._cache.keep("documents", key, kept)
        if words is not None:
            self._words.keep(page, document, words, file_digest)
        if remember:
            self._kept.put(page.path, kept)
        return document

    def _job(self, page: ContentPage, source: Source) -> Job:
        assert source.body is not None
        folder = on_disk(self._settings.pages_folder, posixpath.dirname(page.path))
        shown = f"{self._settings.pages}/{page.path}"
        counted = replace(page, source=replace(page.source, header="", body=None))
        return Job(source.body, shown, source.body_line, page.title, folder, self._settings.is_lenient, counted)

    def key_of(self, page: ContentPage) -> Digest:
        """What a Document is made from, but for the files beside the page. Its faults name the pages' folder."""
        made_from = self._settings.pages, page.path, page.source.digest, page.title
        return digest_of((made_from, maker_digest("documents")))

    @contextmanager
    def _key_lock(self, key: Digest) -> Iterator[None]:
        """Many may ask for one page at once: the first renders it, the others wait, and no worker does it twice."""
        with self._lock:
            turn = self._key_locks.setdefault(key, _KeyLock())
            turn.waiting += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._lock:
                turn.waiting -= 1
                if not turn.waiting:
                    del self._key_locks[key]


def _check_files(page: ContentPage, read: Mapping[str, Digest], kept: StoredDocument) -> None:
    """Raises UnsettledError where a file that was read for this page is not the one that the last look found."""
    for name, digest in zip(kept.document.included, kept.beside, strict=True):
        if read.get(name, digest) != digest:
            filename = posixpath.join(posixpath.dirname(page.path), name)
            raise unsettled(filename, "This has changed since it was looked at")


def _size(kept: StoredDocument) -> int:
    parts = kept.document.parts
    return sum(len(part) for part in parts if isinstance(part, str)) + len(kept.document.text)
