"""Responses are remembered by their addresses, with the notes of what they were made from, and given again while these
hold."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import ReferenceType

from flask import Response

from trigpoint.library.library import Library
from trigpoint.lru_cache import LruCache
from trigpoint.notes import Note

BYTES = 64_000_000
"""How much of response bodies is remembered."""


@dataclass(slots=True)
class Remembered:
    """An answer with its notes; `library` is the last one in which they were seen to hold (and is not kept alive).

    One that `is_unwatched` has notes that may cease to hold in that same Library.
    """

    body: bytes
    content_type: str
    etag: str
    notes: tuple[Note, ...]
    library: ReferenceType[Library]
    is_unwatched: bool = False

    def response(self) -> Response:
        response = Response(self.body, content_type=self.content_type)
        response.set_etag(self.etag)
        return response


def response_cache() -> LruCache[str, Remembered]:
    """An empty cache of responses by their addresses."""
    return LruCache(BYTES, lambda answer: len(answer.body))
