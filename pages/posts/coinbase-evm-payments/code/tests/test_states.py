"""What the facts mean: each state, and that the order of states holds."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.policy import Head, Policy
from till.states import Arrival, Cause, Invoice, Returned, State, allowed, assess

INVOICE = Invoice("order", "usd", due=100, expires_at=1_000)


def came(amount: int, block: int = 5, token: str = "usd", time: int = 500) -> Arrival:
    return Arrival(token, amount, block, time)


LATE = [came(100), came(50, time=1_001)]


# region table
@pytest.mark.parametrize(
    ("arrivals", "returned", "firm_time", "state", "credited", "owed"),
    [
        ([], Returned(), 500, "created", 0, {}),
        ([came(100, block=9)], Returned(), 500, "seen", 0, {}),
        ([came(100)], Returned(), 500, "confirmed", 100, {}),
        ([came(60), came(40, block=6)], Returned(), 500, "confirmed", 100, {}),
        ([came(60)], Returned(), 500, "underpaid", 0, {"usd": 60}),
        ([came(60)], Returned(), 1_001, "expired", 0, {"usd": 60}),
        ([came(130)], Returned(), 500, "overpaid", 100, {"usd": 30}),
        ([came(130)], Returned(0, {"usd": 30}), 500, "confirmed", 100, {}),
        ([came(100, token="eur")], Returned(), 500, "wrong_token", 0, {"eur": 100}),
        ([came(9, token="eur")], Returned(0, {"eur": 9}), 1_001, "expired", 0, {}),
        ([], Returned(), 1_001, "expired", 0, {}),
        ([came(100, time=1_001)], Returned(), 1_001, "expired", 0, {"usd": 100}),
        (LATE, Returned(0, {"usd": 50}), 1_001, "confirmed", 100, {}),
        (LATE, Returned(50), 1_001, "confirmed", 50, {"usd": 50}),
        ([came(100)], Returned(100), 1_001, "refunded", 0, {}),
        (LATE, Returned(100), 1_001, "refunded", 0, {"usd": 50}),
        ([], Returned(100), 1_001, "refunded", 0, {"usd": -100}),
    ],
)
# endregion table
def test_each_state(
    arrivals: list[Arrival],
    returned: Returned,
    firm_time: int,
    state: str,
    credited: int,
    owed: dict[str, int],
) -> None:
    found = assess(INVOICE, arrivals, returned, 7, firm_time)
    assert (found.state, found.credited, found.owed) == (state, credited, owed)


amounts = st.builds(
    came,
    st.integers(1, 150),
    st.integers(1, 12),
    st.sampled_from(["usd", "eur"]),
    st.integers(0, 1_500),
)


returns = st.builds(
    Returned,
    st.integers(0, 100),
    st.dictionaries(st.sampled_from(["usd", "eur"]), st.integers(1, 150)),
)


@given(
    st.lists(amounts, max_size=6), returns, st.integers(0, 12), st.integers(0, 1_500)
)
def test_every_token_that_counts_is_credited_owed_or_returned(
    arrivals: list[Arrival], returned: Returned, firm_block: int, firm_time: int
) -> None:
    found = assess(INVOICE, arrivals, returned, firm_block, firm_time)
    for token in ("usd", "eur"):
        there = [a for a in arrivals if a.token == token and a.block <= firm_block]
        sold = found.credited + returned.sale if token == "usd" else 0
        back = found.owed.get(token, 0) + returned.owed.get(token, 0)
        assert sum(a.amount for a in there) == sold + back


@given(st.lists(amounts, max_size=6), returns, st.integers(0, 12))
def test_more_blocks_never_lead_back(
    arrivals: list[Arrival], returned: Returned, firm_block: int
) -> None:
    """Blocks have times that grow: block n has time 100 n."""
    arrivals = [Arrival(a.token, a.amount, a.block, a.block * 100) for a in arrivals]
    states = []
    for head in range(firm_block, 14):
        on_chain = [a for a in arrivals if a.block <= head]
        firm = max(0, head - 2)
        states.append(assess(INVOICE, on_chain, returned, firm, firm * 100).state)
    for before, after in itertools.pairwise(states):
        assert before == after or allowed(before, after, Cause.CHAIN)


def test_what_was_refunded_never_comes_back() -> None:
    assert not any(
        allowed(State.REFUNDED, state, cause)
        for state in State
        for cause in (Cause.CHAIN, Cause.REORG)
    )


# region depth
def test_depth_grows_with_the_amount_and_ends_at_finality() -> None:
    policy, head = Policy(((50, 1), (1_000, 12))), Head(latest=100, finalized=36)
    assert policy.firm_block(50, head) == 100
    assert policy.firm_block(51, head) == 89
    assert policy.firm_block(1_001, head) == 36
    assert policy.firm_block(51, Head(latest=100, finalized=95)) == 95


# endregion depth
