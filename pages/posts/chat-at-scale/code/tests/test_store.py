"""No message of a room is lost, doubled or out of its sender's order, however often it comes."""

import json
import sqlite3
from dataclasses import asdict
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.store import Refused, Sent, Store, Stored, event

CONTRACT = json.loads(
    (Path(__file__).parents[1] / "contracts/message.stored.v1.json").read_text()
)


@pytest.fixture
def store():
    store = Store(":memory:")
    for user in ("alice", "bob"):
        store.join("lobby", user)
    yield store
    store.close()


def sent(n, text="hello", sender="alice", room="lobby", device="phone"):
    return Sent(room, sender, device, n, text)


# region property
@given(st.data())
def test_a_room_is_whole_however_its_messages_come(data):
    store = Store(":memory:")
    for user in ("alice", "bob"):
        store.join("lobby", user)
    wanted = [
        sent(n, f"{who}{n}", who) for who in ("alice", "bob") for n in range(1, 6)
    ]
    coming = st.lists(st.lists(st.sampled_from(wanted), max_size=6), max_size=12)
    for batch in data.draw(coming):
        store.accept(batch, at=1)
    for message in wanted:  # a client repeats, in its order, what it was not told of
        [answer] = store.accept([message], at=2)
        assert isinstance(answer, Stored)
    _, kept = store.history("lobby", "alice", 0)
    assert [each.seq for each in kept] == list(range(1, 11))
    for who in ("alice", "bob"):
        assert [each.text for each in kept if each.sender == who] == [
            f"{who}{n}" for n in range(1, 6)
        ]
    assert len(store.pending()) == 10
    store.close()


# endregion property


def test_a_repetition_gets_its_first_answer(store):
    first, again = store.accept([sent(1), sent(1)], at=5)
    assert first == again and first.seq == 1


def test_another_text_under_the_same_number_is_refused(store):
    store.accept([sent(1)], at=5)
    assert store.accept([sent(1, "changed")], at=6) == [
        Refused("lobby", 1, "another text under the same number")
    ]


def test_a_gap_is_refused_with_the_number_that_is_expected(store):
    assert store.accept([sent(3)], at=5) == [Refused("lobby", 3, "gap", 1)]


def test_who_is_no_member_neither_writes_nor_reads(store):
    store.accept([sent(1)], at=5)
    assert store.accept([sent(1, sender="eve")], at=5) == [
        Refused("lobby", 1, "not a member")
    ]
    assert store.history("lobby", "eve", 0) == (0, [])


def test_who_joins_later_does_not_see_what_was_said_before(store):
    store.accept([sent(1, "before")], at=5)
    store.join("lobby", "carol")
    store.accept([sent(2, "after")], at=6)
    start, seen = store.history("lobby", "carol", 0)
    assert (start, [each.text for each in seen]) == (1, ["after"])


def test_the_schema_itself_refuses_a_second_message_at_a_place(store):
    store.accept([sent(1)], at=5)
    for seq, n in ((1, 2), (2, 1)):
        with pytest.raises(sqlite3.IntegrityError):
            store.connection.execute(
                "INSERT INTO message VALUES ('lobby', ?, 'alice', 'phone', ?, 'x', 1)",
                (seq, n),
            )


def test_a_failed_batch_leaves_neither_messages_nor_events(store):
    with pytest.raises(AttributeError):
        store.accept([sent(1), None], at=5)
    assert store.head("lobby") == 0 and store.pending() == []


@given(st.lists(st.integers(-5, 50)))
def test_a_mark_moves_forward_and_never_past_the_head(marks):
    store = Store(":memory:")
    store.join("lobby", "alice")
    store.accept([sent(n, str(n)) for n in range(1, 21)], at=1)
    highest = 0
    for mark in marks:
        highest = max(highest, min(mark, 20))
        assert store.read("lobby", "alice", mark) == highest
    assert store.readers("lobby", 20) == (1 if highest == 20 else 0)
    store.close()


def test_the_event_of_a_stored_message_fits_the_contract(store):
    [stored] = store.accept([sent(1)], at=5)
    jsonschema.validate(event(stored), CONTRACT)
    assert asdict(stored)["text"] == "hello"
