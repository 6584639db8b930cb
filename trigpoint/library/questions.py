"""How a method of the Library becomes a question: its answers are noted, and kept for as long as the Library."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from trigpoint.notes import QUESTIONS, DependsOn, Digest, Note, ask, declare, digest_of

Answer = TypeVar("Answer")


class Answering:
    """What has questions: it keeps their answers, and knows what stands for one now."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, tuple[Any, ...]], Any] = {}

    def digest_now(self, note: Note) -> Digest:
        """The digest of the answer that a noted question has now; "" for a page that is gone, or of no known name."""
        asked = QUESTIONS.get(note.name)
        try:
            if asked and asked.digest:
                return asked.digest(self, *note.arguments)
            return digest_of(getattr(self, note.name)(*note.arguments))
        except (KeyError, AttributeError):
            return Digest("")

    def memoised(self, answer: Callable[..., Answer], arguments: tuple[Any, ...]) -> Answer:
        """The answer to a question; made once, unless there is none."""
        key = (answer.__name__, arguments)
        if key not in self._answers:
            made = answer(self, *arguments)
            if made is None:
                return made
            self._answers[key] = made
        known: Answer = self._answers[key]
        return known


def question(
    sentence: str,
    depends_on: DependsOn = DependsOn.CONTENT,
    digest: Callable[..., Digest] | None = None,
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Declare a method as a question: its answer is noted in the open recording, and kept for as long as the Library.

    That there is none is not kept: readers may ask for any number of addresses that are not there. Nor is an answer for
    which `digest` stands, given by the Library and the arguments: a body or a file, which would fill the memory.
    """

    def declared(answer: Callable[..., Answer]) -> Callable[..., Answer]:
        asked = declare(answer.__name__, sentence, depends_on, digest)

        @wraps(answer)
        def ask_for(self: Answering, *arguments: Any) -> Answer:
            if digest:
                return ask(asked, arguments, lambda: answer(self, *arguments), lambda _: digest(self, *arguments))
            return ask(asked, arguments, lambda: self.memoised(answer, arguments))

        return ask_for

    return declared
