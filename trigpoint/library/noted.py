"""The Library as views see it: what is read of it without a question is noted too.

A view may read `library.posts`, which no question is about. The page is then
made from the whole Library, and that is what is noted: it is rendered more
often than it need be, and is never out of date.
"""

from __future__ import annotations

from typing import Any

from trigpoint.library.library import Library
from trigpoint.notes import ask, declare, digest_of

WHOLE = declare(
    "library", "what was read of the Library past its questions", digest=lambda library: digest_of(library.whole)
)
MADE_OF_QUESTIONS = frozenset(("document", "shown_document"))
"""Methods that note what they ask, without being questions."""


class NotedLibrary:
    """Passes questions on, and notes the whole Library for everything else."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __getattr__(self, name: str) -> Any:
        library = self._library
        if name in MADE_OF_QUESTIONS or hasattr(getattr(Library, name, None), "__wrapped__"):
            return getattr(library, name)
        return ask(WHOLE, (), lambda: getattr(library, name), lambda _: digest_of(library.whole))
