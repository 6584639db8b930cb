"""The saga as a pure function: every order of observations, repetitions and lies included."""

from __future__ import annotations

import uuid

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.payments import ENDED, Event, Observation, Payment, decide, fold, upcast

STREAM, CUSTOMER = uuid.uuid4(), uuid.uuid4()
SAW = st.builds(
    Observation,
    st.sampled_from(["unknown", "waiting", "absent", "seen", "rejected"]),
    st.integers(0, 6),
    st.sampled_from(["", "a", "b"]),
)


def begun(way: str, needed: int) -> list[Event]:
    body = {
        "customer": str(CUSTOMER),
        "way": way,
        "rail": "chain",
        "minor": 5,
        "currency": "EUR",
        "needed": needed,
    }
    later = [Event("Held"), Event("Sent")] if way == "out" else [Event("Expected")]
    return [Event("Requested", body), *later]


# region saga
@settings(max_examples=500)
@given(st.sampled_from(["in", "out"]), st.integers(1, 4), st.lists(SAW, max_size=30))
def test_no_order_of_observations_pays_twice(
    way: str, needed: int, saws: list[Observation]
) -> None:
    story = begun(way, needed)
    for saw in saws:
        story += decide(fold(STREAM, story), saw)
    kinds = [event.kind for event in story]
    assert kinds.count("Settled") + kinds.count("Released") <= 1
    for event in story:
        if event.kind in ("Settled", "Released"):
            assert event.body["depth"] >= needed
    ends = [
        place for place, kind in enumerate(kinds) if kind in ("Settled", "Released")
    ]
    assert not ends or kinds[ends[0] + 1 :] in ([], ["Broken"])


# endregion saga


@given(st.lists(SAW, max_size=10))
def test_an_observation_twice_is_no_news(saws: list[Observation]) -> None:
    story = begun("out", 3)
    for saw in saws:
        story += decide(fold(STREAM, story), saw)
        again = decide(fold(STREAM, story), saw)
        assert (
            again == ()
            or fold(STREAM, story).state == "settled"
            and saw.kind == "absent"
        )


def test_silence_keeps_the_hold() -> None:
    story = begun("out", 1)
    story += decide(fold(STREAM, story), Observation("unknown"))
    assert (
        fold(STREAM, story).state == "unanswered"
        and fold(STREAM, story).state not in ENDED
    )
    story += decide(fold(STREAM, story), Observation("seen", 1, "x"))
    assert fold(STREAM, story).state == "settled"


def test_a_reorganisation_takes_back_what_was_seen_and_not_what_was_paid() -> None:
    story = begun("in", 3)
    for saw in (Observation("seen", 2, "a"), Observation("absent", 0, "a")):
        story += decide(fold(STREAM, story), saw)
    assert fold(STREAM, story).state == "receded"
    for saw in (Observation("seen", 3, "b"), Observation("absent", 0, "b")):
        story += decide(fold(STREAM, story), saw)
    assert [event.kind for event in story[-2:]] == ["Settled", "Broken"]


# region upcast
def test_an_event_of_schema_1_reads_like_one_of_today() -> None:
    old = Event("Requested", {"customer": str(CUSTOMER), "amount": "12.3"}, schema=1)
    payment = fold(STREAM, [old, Event("Held", {}, 1)])
    assert payment == Payment(
        STREAM, CUSTOMER, "out", "bank", 1_230, "EUR", 1, "held", version=2
    )
    assert upcast(upcast(old)) == upcast(old)


# endregion upcast
