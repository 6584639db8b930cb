"""The rendered bodies, kept while they are true: a bounded memory in front of the Workers."""

from __future__ import annotations

import posixpath
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from blog.content import Page as ContentPage
from blog.folder import Stamp
from blog.markup import Document
from blog.rendering import Job, Workers

CHARACTERS = 64_000_000
"""How much rendered text is kept in memory, in characters."""

Key = tuple[str, str, str]
Beside = tuple[Stamp | None, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A Document, and the stamps of the files beside the page that it was made with."""

    document: Document
    beside: Beside
    size: int


@dataclass(slots=True)
class _Turn:
    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: int = 0


class Documents:
    """Gives a page's Document; renders it where it is not kept, or where an included file changed."""

    def __init__(self, workers: Workers, root: Path, name: str) -> None:
        self._workers, self._root, self._name = workers, root, name
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._turns: dict[Key, _Turn] = {}

    def document(self, page: ContentPage, stamps: Mapping[str, Stamp]) -> Document:
        """The Document of this page. `stamps` are of the files below pages/, by path."""
        key = (page.path, page.source.digest, page.title)
        folder = posixpath.dirname(page.path)
        known = self._known(key, folder, stamps)
        if known:
            return known
        with self._turn(key):
            return self._known(key, folder, stamps) or self._rendered(key, page, folder, stamps)

    def _known(self, key: Key, folder: str, stamps: Mapping[str, Stamp]) -> Document | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.beside != _beside(kept.document, folder, stamps):
                return None
            self._kept.move_to_end(key)
            return kept.document

    def _rendered(self, key: Key, page: ContentPage, folder: str, stamps: Mapping[str, Stamp]) -> Document:
        document = self._workers.document(self._job(page, folder))
        self._keep(key, Kept(document, _beside(document, folder, stamps), _size(document)))
        return document

    @contextmanager
    def _turn(self, key: Key) -> Iterator[None]:
        """Many may ask for one page at once: the first renders it, the others wait, and no worker does it twice."""
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.waiting += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._lock:
                turn.waiting -= 1
                if not turn.waiting:
                    del self._turns[key]

    def _job(self, page: ContentPage, folder: str) -> Job:
        return Job(
            page.source.body, f"{self._name}/{page.path}", page.source.body_line, page.title, str(self._root / folder)
        )

    def _keep(self, key: Key, kept: Kept) -> None:
        with self._lock:
            replaced = self._kept.pop(key, None)
            self._size += kept.size - (replaced.size if replaced else 0)
            self._kept[key] = kept
            while self._size > CHARACTERS and len(self._kept) > 1:
                self._size -= self._kept.popitem(last=False)[1].size


def _beside(document: Document, folder: str, stamps: Mapping[str, Stamp]) -> Beside:
    return tuple(stamps.get(posixpath.normpath(posixpath.join(folder, name))) for name in document.included)


def _size(document: Document) -> int:
    return sum(len(part) for part in document.parts if isinstance(part, str)) + len(document.text)
