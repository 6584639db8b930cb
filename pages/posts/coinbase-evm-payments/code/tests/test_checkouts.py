"""The payloads of the documents, in any order and any number of times."""

from __future__ import annotations

import itertools
import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till import books
from till.checkouts import receive, register
from till.store import opened
from till.watcher import changes
from till.webhooks import Refused

PAYLOADS = Path(__file__).parent / "payloads"
CHECKOUT = "69163c762331ed43dc64a6ef"
NAMES = ("expired", "failed", "success", "refunded")


def body_of(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def outcome(names: tuple[str, ...]) -> tuple[str, dict[tuple[str, str], int]]:
    """State and balances after these events in this order."""
    connection = opened(":memory:")
    register(connection, CHECKOUT, "12345", "100.00")
    for at, name in enumerate(names):
        receive(connection, body_of(name), f"event-{at}", 0)
    [state] = connection.execute("SELECT state FROM invoice").fetchone()
    return state, {key: n for key, n in books.balances(connection).items() if n}


# region orders
@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=8))
def test_order_and_repetition_make_no_difference(names: list[str]) -> None:
    assert outcome(tuple(names)) == outcome(tuple(sorted(set(names))))


@pytest.mark.parametrize(
    "order", [*itertools.permutations(("expired", "success", "refunded"))]
)
def test_all_orders_of_a_payment_that_was_refunded(order: tuple[str, ...]) -> None:
    state, balances = outcome(order)
    assert state == "refunded"
    assert balances["coinbase", "USDC"] == -1_250_000  # the fee: stays a cost
    assert balances["sales", "USDC"] + balances["refunds", "USDC"] == 0


# endregion orders


def test_a_payment_is_booked_gross_with_its_fee() -> None:
    state, balances = outcome(("success", "success"))
    assert state == "confirmed"
    assert balances == {
        ("coinbase", "USDC"): 98_750_000,
        ("fees", "USDC"): 1_250_000,
        ("sales", "USDC"): -100_000_000,
    }


def test_the_id_in_the_body_is_no_key() -> None:
    """All four payloads carry the checkout's id: as a key it would lose three."""
    assert {json.loads(body_of(name))["id"] for name in NAMES} == {CHECKOUT}


@pytest.fixture
def checkout(connection: sqlite3.Connection) -> sqlite3.Connection:
    register(connection, CHECKOUT, "12345", "100.00")
    return connection


def test_a_repetition_is_known_also_under_another_event_id(
    checkout: sqlite3.Connection,
) -> None:
    assert receive(checkout, body_of("success"), "one", 0)
    assert not receive(checkout, body_of("success"), "two", 0)
    assert len(changes(checkout, 0)) == 1


def test_a_checkout_or_amount_that_is_not_ours_is_refused(
    checkout: sqlite3.Connection,
) -> None:
    cheap = body_of("success").replace(b'"amount": "100.00"', b'"amount": "1.00"')
    strange = body_of("success").replace(CHECKOUT.encode(), b"0" * 24)
    for body in (cheap, strange):
        with pytest.raises(Refused):
            receive(checkout, body, "one", 0)
    assert changes(checkout, 0) == []


def test_a_part_that_was_refunded_leaves_the_payment_confirmed(
    checkout: sqlite3.Connection,
) -> None:
    part = body_of("refunded").replace(
        b'"refundedAmount": "100.00"', b'"refundedAmount": "40.00"'
    )
    receive(checkout, part, "one", 0)
    [state] = checkout.execute("SELECT state FROM invoice").fetchone()
    assert state == "confirmed"
    assert books.balances(checkout)["refunds", "USDC"] == 40_000_000
    receive(checkout, body_of("refunded"), "two", 0)
    assert books.balances(checkout)["refunds", "USDC"] == 100_000_000
