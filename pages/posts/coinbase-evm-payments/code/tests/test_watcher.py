"""Whatever the chain does, the database says what a fresh look at it would say."""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model import ModelChain
from till import books
from till.chain import Block, Gone, Payment
from till.payments import invoice_of, returned_of
from till.policy import Head, Policy
from till.refunds import NotOwed, Refund, confirm, order
from till.sender import Sender
from till.states import PAID, Arrival, Cause, Part, State, allowed, assess
from till.store import counted, opened, transaction
from till.watcher import FinalityBroken, changes, follow, step

POLICY = Policy(((40, 1), (100, 3)))
INVOICES = {"cheap": 40, "dear": 100, "large": 300}


def shop() -> sqlite3.Connection:
    connection = opened(":memory:")
    for name, due in INVOICES.items():
        connection.execute(
            "INSERT INTO invoice"
            " (id, reference, channel, token, due, expires_at, address)"
            " VALUES (?, ?, 'chain', 'usd', ?, 150, ?)",
            (name, name, str(due), f"at {name}"),
        )
    return connection


exact = st.sampled_from([(f"at {name}", "usd", due) for name, due in INVOICES.items()])
payment = exact | st.tuples(
    st.sampled_from([*(f"at {name}" for name in INVOICES), *INVOICES, "a stranger"]),
    st.sampled_from(["usd", "usd", "usd", "eur"]),
    st.sampled_from([1, 20, 40, 100, 300]),
)
pauses = st.sampled_from([1, 10, 10, 60])
# region acts
acts = st.lists(
    st.one_of(
        st.tuples(st.just("mine"), st.lists(payment, max_size=2), pauses),
        st.tuples(st.just("mine"), st.just([]), pauses),
        st.tuples(
            st.just("reorganise"),
            st.integers(1, 5),
            st.lists(payment, max_size=1),
            pauses,  # so its times may be earlier than those of the old branch
        ),
        st.tuples(
            st.just("refund"),
            st.sampled_from([*Part]),
            st.sampled_from([(300, 100, 40, 20, 1), (20,)]),  # as much as is owed
            st.sampled_from([1, 1, 0]),  # whether it reverts
        ),
        st.tuples(st.just("shorten"), st.integers(1, 3)),
        st.tuples(st.just("restore")),
        st.tuples(st.just("lag"), st.integers(0, 3)),
        st.tuples(st.just("look"), st.integers(1, 3)),
        st.tuples(st.just("look"), st.just(50)),
    ),
    min_size=5,
    max_size=40,
)
# endregion acts


class Desk(Sender):
    """A sender whose transactions are final at once, with a status that is drawn."""

    def __init__(self, connection: sqlite3.Connection, status: int) -> None:
        self.connection, self.status = connection, status

    def rpc(self, method: str, *parameters: object) -> Any:  # type: ignore[override]
        return {"status": hex(self.status), "blockNumber": "0x0"}


def refund(connection: sqlite3.Connection, chain: ModelChain, *what: Any) -> None:
    """Orders a refund and confirms it, unless it is not owed."""
    name, token, part, amounts, status = what
    desk, ticket = Desk(connection, status), str(counted(connection, "tickets"))
    for amount in amounts:
        wanted = Refund(ticket, name, part, token, amount, f"0x{'11' * 20}")
        with suppress(NotOwed):
            order(connection, desk, wanted, chain.final)
    connection.execute("UPDATE outgoing SET mined = id")
    confirm(connection, desk, chain.final, POLICY)


def done(
    connection: sqlite3.Connection, chain: ModelChain, act: tuple[Any, ...]
) -> None:
    if act[0] == "mine":
        chain.mine(*act[1:])
    elif act[0] == "refund":
        for _ in range(4):
            chain.mine([], pause=1)  # what came becomes final
        follow(connection, chain, POLICY)
        for name, token in itertools.product(INVOICES, ("usd", "eur")):
            refund(connection, chain, name, token, *act[1:])
    elif act[0] == "reorganise":
        before = len(chain.blocks)
        chain.drop(act[1])
        while len(chain.blocks) < before:
            chain.mine(act[2] if len(chain.blocks) == before - 1 else [], act[3])
    elif act[0] == "shorten":
        chain.drop(act[1])
    elif act[0] == "restore":
        chain.restore()
    elif act[0] == "lag":
        chain.hidden = act[1]


def checked(connection: sqlite3.Connection, chain: ModelChain) -> None:
    """Compares the database with an assessment of the chain as it is, from nothing."""
    head = Head(len(chain.blocks) - 1, chain.final)
    for name, due in INVOICES.items():
        arrivals = [
            Arrival(one.token, one.amount, block.number, block.time)
            for block, payments in chain.blocks
            for one in payments
            if one.to in (name, f"at {name}")
        ]
        firm = POLICY.firm_block(due, head)
        row = connection.execute(
            "SELECT * FROM invoice WHERE id = ?", (name,)
        ).fetchone()
        returned, firm_time = returned_of(connection, name), chain.blocks[firm][0].time
        found = assess(invoice_of(row), arrivals, returned, firm, firm_time)
        assert row["state"] == found.state
        balances = books.balances(connection, name)
        assert balances["sales", "usd"] == -found.credited
        assert balances["wallet", "usd"] == found.held.get("usd", 0)
        assert balances["wallet", "eur"] == found.held.get("eur", 0)
        assert all(amount > 0 for amount in found.owed.values())  # no loss
        if found.state in PAID:  # whatever else came
            assert found.credited == due - returned.sale
    assert counted(connection, "refused settlements", 0) == 0


# region property
@settings(max_examples=1_500)
@given(acts)
def test_after_any_history_the_till_says_what_the_chain_says(
    history: list[tuple[Any, ...]],
) -> None:
    connection, chain = shop(), ModelChain(finality=3)
    follow(connection, chain, POLICY)
    for act in history:
        done(connection, chain, act)
        for _ in range(act[1] if act[0] == "look" else 0):
            step(connection, chain, POLICY)
    chain.hidden = 0
    chain.mine([])  # a shorter chain is believed once it has grown past us
    while (
        len(chain.blocks)
        <= (connection.execute("SELECT max(number) FROM block").fetchone()[0] or 0) + 1
    ):
        chain.mine([])
    follow(connection, chain, POLICY)
    checked(connection, chain)
    steps = [
        (State(c["before"]), State(c["after"]), Cause(c["cause"]))
        for c in every_change(connection)
    ]
    assert all(
        before == after or allowed(before, after, cause)
        for before, after, cause in steps
    )
    assert_credited_once(connection)


# endregion property


def every_change(connection: sqlite3.Connection) -> list[Any]:
    return connection.execute("SELECT * FROM change ORDER BY seq").fetchall()


# region once
def assert_credited_once(connection: sqlite3.Connection) -> None:
    """At no point of the history did the postings of an invoice exceed what it asks."""
    running: Counter[str] = Counter()
    rows = connection.execute(
        "SELECT * FROM entry WHERE account = 'sales' ORDER BY seq"
    )
    for row in rows:
        running[row["invoice"]] -= int(row["amount"])
        assert 0 <= running[row["invoice"]] <= INVOICES[row["invoice"]]


# endregion once


@dataclass
class Failing:
    """A chain whose node stops answering after some calls."""

    chain: ModelChain
    calls: int

    def call(self) -> None:
        self.calls -= 1
        if self.calls < 0:
            raise Gone("the node went away")

    def block(self, at: int | str) -> Block | None:
        self.call()
        return self.chain.block(at)

    def payments(self, block: Block) -> list[Payment]:
        self.call()
        return self.chain.payments(block)

    def payments_between(self, first: int, last: int) -> list[tuple[Block, Payment]]:
        self.call()
        return self.chain.payments_between(first, last)


@given(acts, st.lists(st.integers(0, 30), max_size=10))
def test_a_node_that_goes_away_at_any_call_costs_nothing(
    history: list[tuple[Any, ...]], calls: list[int]
) -> None:
    connection, chain = shop(), ModelChain(finality=3)
    follow(connection, chain, POLICY)
    for at, act in enumerate(history):
        done(connection, chain, act)
        with suppress(Gone):
            follow(
                connection,
                Failing(chain, calls[at % len(calls)] if calls else 0),
                POLICY,
            )
    chain.hidden = 0
    while (
        len(chain.blocks)
        <= (connection.execute("SELECT max(number) FROM block").fetchone()[0] or 0) + 1
    ):
        chain.mine([])
    follow(connection, chain, POLICY)
    checked(connection, chain)


def test_a_node_that_lags_is_no_reorganisation() -> None:
    connection, chain = shop(), ModelChain()
    chain.mine([("cheap", "usd", 40)])
    follow(connection, chain, POLICY)
    chain.hidden = 1
    follow(connection, chain, POLICY)
    assert [c["after"] for c in changes(connection, 0)] == ["confirmed"]


# region flap
def test_a_block_replaced_above_a_payment_is_no_news() -> None:
    connection, chain = shop(), ModelChain()
    chain.mine([("dear", "usd", 100)])
    chain.mine([])
    chain.mine([])
    follow(connection, chain, POLICY)
    chain.drop(1)
    chain.mine([])
    follow(connection, chain, POLICY)
    assert [c["after"] for c in changes(connection, 0)] == ["seen", "confirmed"]


# endregion flap


def test_a_branch_that_comes_back_brings_its_payments_back() -> None:
    connection, chain = shop(), ModelChain()
    chain.mine([])
    chain.mine([("cheap", "usd", 40)])
    follow(connection, chain, POLICY)
    chain.drop(1)
    chain.mine([])
    follow(connection, chain, POLICY)
    chain.restore()
    follow(connection, chain, POLICY)
    checked(connection, chain)
    states = [c["after"] for c in changes(connection, 0)]
    assert states == ["confirmed", "created", "confirmed"]


def test_a_payment_that_lost_its_depth_is_seen_again() -> None:
    connection, chain = shop(), ModelChain()
    chain.mine([])
    chain.mine([("dear", "usd", 100)])
    chain.mine([])
    chain.mine([])
    follow(connection, chain, POLICY)
    chain.drop(3)
    chain.mine([])
    chain.mine([("dear", "usd", 100)])
    chain.mine([])
    follow(connection, chain, POLICY)
    assert [c["after"] for c in changes(connection, 0)] == ["seen", "confirmed", "seen"]


def test_one_unit_after_a_full_refund_is_owed_and_stops_nothing() -> None:
    connection, chain = shop(), ModelChain(finality=1)
    follow(connection, chain, POLICY)
    chain.mine([("cheap", "usd", 40)])
    chain.mine([])
    follow(connection, chain, POLICY)
    refund(connection, chain, "cheap", "usd", Part.SALE, (40,), 1)
    chain.mine([("cheap", "usd", 1), ("cheap", "eur", 1)])
    follow(connection, chain, POLICY)
    checked(connection, chain)
    seen = changes(connection, 0)
    assert [c["after"] for c in seen] == ["confirmed", "refunded", "refunded"]
    assert seen[-1]["owed"] == {"usd": "1", "eur": "1"}


def test_what_comes_late_after_a_partial_refund_is_owed() -> None:
    connection, chain = shop(), ModelChain(finality=1)
    follow(connection, chain, POLICY)
    chain.mine([("dear", "usd", 100)])
    chain.mine([])
    chain.mine([], pause=200)
    follow(connection, chain, POLICY)
    refund(connection, chain, "dear", "usd", Part.SALE, (40,), 1)
    chain.mine([("dear", "usd", 40)])
    chain.mine([])
    chain.mine([])
    follow(connection, chain, POLICY)
    assert books.balances(connection, "dear")["sales", "usd"] == -60
    assert books.balances(connection, "dear")["owed to payers", "usd"] == -40


def test_a_block_with_an_earlier_time_opens_an_expired_invoice_again() -> None:
    connection, chain = shop(), ModelChain()
    chain.mine([])
    chain.mine([], pause=200)
    follow(connection, chain, POLICY)
    chain.drop(1)
    chain.mine([])
    follow(connection, chain, POLICY)
    chain.mine([("cheap", "usd", 40)])
    follow(connection, chain, POLICY)
    checked(connection, chain)
    seen = [c for c in changes(connection, 0) if c["invoice"] == "cheap"]
    assert [(c["after"], c["cause"]) for c in seen] == [
        ("expired", "chain"),
        ("created", "reorg"),
        ("confirmed", "chain"),
    ]


def test_a_refusal_by_the_database_costs_one_invoice_and_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    connection, chain = shop(), ModelChain()
    connection.execute("DELETE FROM allowed WHERE after = 'underpaid'")
    chain.mine([("cheap", "usd", 20), ("dear", "usd", 100)])
    for _ in range(3):
        chain.mine([])
    follow(connection, chain, POLICY)
    states = dict(connection.execute("SELECT id, state FROM invoice").fetchall())
    assert states == {"cheap": "created", "dear": "confirmed", "large": "created"}
    assert "invoice cheap was not settled: no such step" in caplog.text
    assert counted(connection, "refused settlements", 0) > 0
    assert not books.balances(connection, "cheap")


def test_what_a_stale_branch_brought_is_not_refunded() -> None:
    connection, chain = shop(), ModelChain(finality=1)
    follow(connection, chain, POLICY)
    chain.mine([("cheap", "usd", 40)])
    follow(connection, chain, POLICY)
    del chain.blocks[-1]
    for _ in range(4):
        chain.mine([])
    refund(connection, chain, "cheap", "usd", Part.SALE, (40,), 1)
    follow(connection, chain, POLICY)
    checked(connection, chain)


def test_a_final_block_that_is_replaced_stops_the_watcher() -> None:
    connection, chain = shop(), ModelChain(finality=2)
    for _ in range(6):
        chain.mine([])
    follow(connection, chain, POLICY)
    chain.blocks = chain.blocks[:2]
    chain.highest = 0
    for _ in range(8):
        chain.mine([])
    with pytest.raises(FinalityBroken):
        follow(connection, chain, POLICY)


def test_a_long_absence_is_caught_up_in_few_questions() -> None:
    connection, chain = shop(), ModelChain()
    follow(connection, chain, POLICY)
    for height in range(3_000):
        chain.mine([("cheap", "usd", 40)] if height == 7 else [])
    counting = Failing(chain, 200)
    follow(connection, counting, POLICY)
    checked(connection, chain)
    assert counting.calls > 0


def test_a_long_absence_during_which_our_newest_block_was_replaced() -> None:
    connection, chain = shop(), ModelChain()
    chain.mine([])
    chain.mine([("cheap", "usd", 40)])
    follow(connection, chain, POLICY)
    chain.drop(1)
    for _ in range(100):
        chain.mine([])
    follow(connection, chain, POLICY)
    checked(connection, chain)
    states = [c["after"] for c in changes(connection, 0) if c["invoice"] == "cheap"]
    assert states == ["confirmed", "created", "expired"]


def test_the_database_refuses_a_step_back_and_any_rewriting(
    connection: sqlite3.Connection,
) -> None:
    connection.execute(
        "INSERT INTO invoice (id, reference, channel, token, due, expires_at, state)"
        " VALUES ('one', 'one', 'chain', 'usd', '100', 150, 'confirmed')"
    )
    add = (
        "INSERT INTO change (invoice, before, after, cause, credited, owed)"
        " VALUES ('one', ?, ?, ?, '0', '{}')"
    )
    for step_back in [
        ("confirmed", "seen", "chain"),
        ("refunded", "confirmed", "reorg"),
        ("confirmed", "created", "webhook"),
        ("confirmed", "seen", "a whim"),
    ]:
        with pytest.raises(sqlite3.IntegrityError, match="no such step"):
            connection.execute(add, step_back)
    connection.execute(add, ("confirmed", "seen", "reorg"))
    with transaction(connection):
        books.post(connection, "one", {("sales", "usd"): -1, ("wallet", "usd"): 1})
    for table in ("change", "entry"):
        for act in (f"DELETE FROM {table}", f"UPDATE {table} SET invoice = 'two'"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(act)
    with pytest.raises(AssertionError, match="add up"):
        books.post(connection, "one", {("sales", "usd"): -5, ("wallet", "usd"): 1})
