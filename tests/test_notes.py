"""Only the outermost question is noted; equal values have equal digests, other values others."""

from __future__ import annotations

import copy
import datetime as dt
import subprocess
import sys
import threading
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from trigpoint.notes import (
    QUESTIONS,
    Digest,
    Note,
    Question,
    ask,
    digest_of,
    digest_of_bytes,
    first_stale,
    recording,
    sentence_of,
)

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@dataclass(frozen=True)
class Pair:
    left: object
    right: object


@dataclass(frozen=True)
class Summed:
    """Stood for by a digest of its own."""

    shown: str
    unseen: str

    @property
    def digest(self) -> str:
        return self.shown


@given(PLAIN)
def test_equal_values_have_equal_digests(value: object) -> None:
    assert digest_of(value) == digest_of(copy.deepcopy(value))


def test_the_order_of_a_mapping_is_in_its_digest() -> None:
    """A template may show `extra` in the order in which its author wrote it."""
    assert digest_of({"step": "one", "result": "two"}) != digest_of({"result": "two", "step": "one"})
    assert digest_of({"a": 1}) != digest_of((("a", 1),))


@pytest.mark.parametrize("argument", [("a", "b"), dt.date(2026, 1, 2), b"x"])
def test_a_question_is_asked_of_what_can_be_written_down(argument: object) -> None:
    question = Question("of_something", "what {0} says")
    with recording(), pytest.raises(TypeError, match=r'"of_something" is asked of .*: give it texts and numbers'):
        ask(question, (argument,), lambda: 1)


def test_a_sentence_for_arguments_that_a_question_has_not_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(QUESTIONS, "of_two", Question("of_two", "what {0} and {1} say"))
    assert sentence_of(Note("of_two", ("a",), Digest(""))) == "of_two('a')"


@given(st.text(), st.text())
def test_other_values_have_other_digests(one: str, other: str) -> None:
    assert (digest_of(one) == digest_of(other)) == (one == other)
    assert (digest_of((one, other)) == digest_of((other, one))) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, "1"),
        (0, False),
        (None, ""),
        (("ab", "c"), ("a", "bc")),
        ((), ((),)),
        (Pair(1, 2), Pair(2, 1)),
        (Pair(1, 2), (1, 2)),
        ({"a": 1}, {"a": 2}),
        (dt.date(2026, 1, 2), dt.datetime(2026, 1, 2, tzinfo=dt.UTC)),
    ],
)
def test_what_is_alike_is_not_the_same(one: object, other: object) -> None:
    assert digest_of(one) != digest_of(other)


def test_a_value_with_a_digest_of_its_own_is_stood_for_by_that() -> None:
    assert digest_of(Summed("a", "b")) == digest_of(Summed("a", "c"))
    assert digest_of(Summed("a", "b")) != digest_of(Summed("b", "b"))


def test_a_value_without_an_order_has_no_digest() -> None:
    with pytest.raises(TypeError, match="no digest for a set"):
        digest_of({"a"})


def test_the_hash_seed_does_not_matter() -> None:
    program = "from trigpoint.notes import digest_of; print(digest_of({'b': (1, 'ü'), 'a': None}))"
    seen = {
        subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def test_a_file_is_known_by_its_bytes() -> None:
    assert digest_of_bytes(b"a") == digest_of_bytes(b"a") != digest_of_bytes(b"b")


def test_only_the_outermost_question_is_noted() -> None:
    with recording() as record:
        ask(Question("outer", ""), (1,), lambda: ask("inner", (), lambda: "answer"))
        ask(Question("second", ""), (), lambda: "other")
    assert [str(note) for note in record.notes] == ["outer(1)", "second()"]
    assert record.notes[0].digest == digest_of("answer")


def test_a_question_that_fails_is_not_noted_and_leaves_the_recording_usable() -> None:
    def fail() -> None:
        raise LookupError

    with recording() as record:
        with pytest.raises(LookupError):
            ask(Question("bad", ""), (), fail)
        ask(Question("good", ""), (), lambda: 1)
    assert [note.name for note in record.notes] == ["good"]


def test_a_recording_inside_an_answer_is_its_own() -> None:
    def inner_page() -> tuple[Note, ...]:
        with recording() as inner:
            ask(Question("inside", ""), (), lambda: 1)
        return inner.notes

    with recording() as outer:
        inside = ask(Question("page", ""), (), lambda: [note.name for note in inner_page()])
        ask(Question("after", ""), (), lambda: 2)
    assert inside == ["inside"]
    assert [note.name for note in outer.notes] == ["page", "after"]


def test_nothing_is_noted_outside_a_recording_or_in_another_thread() -> None:
    with recording() as record:
        thread = threading.Thread(target=lambda: ask(Question("elsewhere", ""), (), lambda: 1))
        thread.start()
        thread.join()
    ask(Question("too late", ""), (), lambda: 1)
    assert record.notes == ()


def test_a_question_asked_twice_is_noted_once_with_its_first_answer() -> None:
    answers = iter((1, 2))
    with recording() as record:
        for _ in range(2):
            ask(Question("again", ""), (), lambda: next(answers))
    assert record.notes == (Note("again", (), digest_of(1)),)


def test_the_first_stale_note_is_told_and_nothing_after_it_is_asked() -> None:
    notes = tuple(Note(name, (), digest_of(name)) for name in ("a", "b", "c"))
    asked = []

    def again(note: Note) -> str:
        asked.append(note.name)
        return "other" if note.name == "b" else note.digest

    assert first_stale(notes, again) == notes[1]  # type: ignore[arg-type]
    assert asked == ["a", "b"]
    assert first_stale(notes[:1], again) is None  # type: ignore[arg-type]
