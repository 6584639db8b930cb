"""What an answer was made from: questions, each with the digest of its answer.

A page is made by asking questions: of the Library, of the templates, of the
settings. While a page is being made a recording is open, and every outermost
question is noted in it with the digest of its answer. The page is true for as
long as each of its notes, asked again, has the same digest. This module knows
how to note, and nothing of what the questions are about (decision 0001).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from hashlib import blake2b
from typing import NamedTuple, NewType, TypeVar

Digest = NewType("Digest", str)
"""32 hexadecimal digits that stand for a value, and for the order in what has one: a mapping, too."""

Answer = TypeVar("Answer")


class DependsOn(Enum):
    """What the answers to a question depend on, which says when it must be asked again."""

    LISTS = "lists"
    """What lists and links show of the pages: known to be as it was while `Library.lists_digest` is."""
    CONTENT = "content"
    """Bodies and files. The safe default: such a question is always asked again."""
    OUTSIDE = "outside"
    """Something besides the Library: templates, assets, settings, the program."""
    UNWATCHED = "unwatched"
    """What shows in no stamp that is watched: asked again for each request, and by each freeze."""


@dataclass(frozen=True, slots=True)
class Question:
    """All that is known of a question, declared once, where it is asked.

    `sentence` says to an author what it is about, with {0} for its first argument: "the text of pages/{0}". `digest`
    gives the digest of the answer that it has now; it is called with the Library (or with the Site, where it depends on
    what is OUTSIDE or UNWATCHED) and the arguments. Without it the method of the Library that has its name is asked.
    """

    name: str
    sentence: str
    depends_on: DependsOn = DependsOn.CONTENT
    digest: Callable[..., Digest] | None = None


QUESTIONS: dict[str, Question] = {}
"""Every question that the program has declared, by its name."""


def declare(
    name: str,
    sentence: str,
    depends_on: DependsOn = DependsOn.CONTENT,
    digest: Callable[..., Digest] | None = None,
) -> Question:
    """Declare a question. Who forgets what it depends on loses time, not truth. Raises ValueError for a taken name."""
    declared = Question(name, sentence, depends_on, digest)
    if QUESTIONS.setdefault(name, declared).sentence != sentence:
        raise ValueError(f"there is another question {name!r} already")
    return declared


class Note(NamedTuple):
    """A question that was asked, and the digest of the answer it had.

    A tuple, because a large ledger has a hundred thousand of them to compare.
    """

    name: str
    arguments: tuple[object, ...]
    digest: Digest

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(repr, self.arguments))})"


class Recording:
    """The questions that were asked while it was open, each noted once."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, tuple[object, ...]], Digest] = {}
        self.inside_an_answer = False

    def note(self, question: Question, arguments: tuple[object, ...], digest: Callable[[], Digest]) -> None:
        """Note the digest of the answer, if the question was not asked before: it is not made twice.

        Raises TypeError for an argument that a ledger could not hold.
        """
        asked = question.name, arguments
        if asked not in self._answers:
            if strange := [each for each in arguments if not isinstance(each, str | int | float | None)]:
                raise TypeError(f'the question "{question.name}" is asked of {strange[0]!r}: give it texts and numbers')
            self._answers[asked] = digest()

    @property
    def notes(self) -> tuple[Note, ...]:
        """In the order of asking: the cheap and telling questions come first."""
        return tuple(Note(*asked, digest) for asked, digest in self._answers.items())


_open: ContextVar[Recording | None] = ContextVar("recording", default=None)


@contextmanager
def recording() -> Iterator[Recording]:
    """Open a recording: while it is open, what is asked is noted in it."""
    fresh = Recording()
    token = _open.set(fresh)
    try:
        yield fresh
    finally:
        _open.reset(token)


def ask(
    question: Question,
    arguments: tuple[object, ...],
    answer: Callable[[], Answer],
    digest: Callable[[Answer], Digest] | None = None,
) -> Answer:
    """The answer, noted in the open recording unless it is part of another answer.

    Only the outermost question counts: what its answer was made of is covered
    by the digest of that answer. `digest` stands in for `digest_of` where what
    an answer is made from says as much as the answer, and is known without it.
    """
    record = _open.get()
    if record is None or record.inside_an_answer:
        return answer()
    record.inside_an_answer = True
    try:
        found = answer()
    finally:
        record.inside_an_answer = False
    record.note(question, arguments, lambda: (digest or digest_of)(found))
    return found


def is_unwatched(note: Note) -> bool:
    """Whether the answer may be another one while all that is watched stays as it was."""
    question = QUESTIONS.get(note.name)
    return question is not None and question.depends_on is DependsOn.UNWATCHED


def sentence_of(note: Note) -> str:
    """What a note is about, in the words of an author."""
    question = QUESTIONS.get(note.name)
    try:
        return question.sentence.format(*note.arguments) if question else str(note)
    except (LookupError, ValueError):  # A site's own, with an argument that it has not.
        return str(note)


def first_stale(notes: tuple[Note, ...], digest_now: Callable[[Note], Digest]) -> Note | None:
    """The first note whose question has another answer now, or None: all hold."""
    return next((note for note in notes if digest_now(note) != note.digest), None)


_as_json = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def digest_of(value: object) -> Digest:
    """The digest of a value made of texts, numbers, dates, tuples, mappings and dataclasses.

    A value that has a `digest` of its own (a Post, whose body no list shows)
    is stood for by that.
    """
    text = _as_json(_plain(value))
    return Digest(blake2b(text.encode(), digest_size=16).hexdigest())


def digest_of_bytes(content: bytes) -> Digest:
    """The digest of the bytes of a file."""
    return Digest(blake2b(content, digest_size=16).hexdigest())


def _plain(value: object) -> object:
    """The value as JSON can write it, whatever the hash seed."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(digest := getattr(value, "digest", None), str):
        return [type(value).__name__, digest]
    if is_dataclass(value):
        return [type(value).__name__, *(_plain(getattr(value, field.name)) for field in fields(value))]
    if isinstance(value, Mapping):
        return {
            "": [[str(key), _plain(item)] for key, item in value.items()]
        }  # A template may show them in their order.
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    raise TypeError(f"no digest for a {type(value).__name__}: {value!r}")
