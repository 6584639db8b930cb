"""Sagas on the real database, with rails in memory that misbehave at the worst moment."""

from __future__ import annotations

import os
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend import events, ledger, settlement
from backend.ledger import Conn
from backend.payments import Observation
from backend.pipeline import Conflict, pay, receive
from backend.settlement import advance, expect, let_in, relay, watch
from tests.conftest import (
    CLEAR,
    EUR,
    HOUSE,
    TUSD,
    Money,
    ask,
    customer,
    free,
    held,
    key,
    sound,
)
from tests.memory import MemoryRail


def work(conn: Conn, rails: dict[str, MemoryRail]) -> None:
    while relay(conn, rails):
        pass
    while events.project(conn):
        pass
    watch(conn, rails)


@pytest.fixture(autouse=True)
def quiet(conn: Conn) -> None:
    """Orders of other tests are none of ours."""
    conn.execute("UPDATE outbox SET done_at = clock_timestamp() WHERE done_at IS NULL")
    while events.project(conn):
        pass


def test_a_payout_settles_once_the_bank_says_so(conn: Conn) -> None:
    who, bank = customer(conn, 1_000), MemoryRail("bank", 1, final=False)
    payment = pay(conn, HOUSE, "shop", key(), ask(who, 400))
    work(conn, {"bank": bank})
    assert events.load(conn, payment).state == "seen" and held(conn, who) == 400
    bank.final = True
    work(conn, {"bank": bank})
    assert events.load(conn, payment).state == "settled"
    assert (free(conn, who), held(conn, who)) == (600, 0)


def test_a_refusal_gives_the_money_back_once(conn: Conn) -> None:
    who, bank = customer(conn, 1_000), MemoryRail("bank", 1, mood="refuses")
    payment = pay(conn, HOUSE, "shop", key(), ask(who, 400))
    work(conn, {"bank": bank})
    for _ in range(3):
        advance(conn, payment, Observation("rejected", 1))
    assert events.load(conn, payment).state == "released"
    assert (free(conn, who), held(conn, who)) == (1_000, 0)


# region silence
@pytest.mark.parametrize(
    "mood, names",
    [
        ("loses the first name", 2),
        ("loses the commit", 1),
        ("loses the answer", 1),
    ],
)
def test_silence_at_any_step_moves_the_money_once(
    conn: Conn, mood: str, names: int
) -> None:
    who, bank = customer(conn, 1_000), MemoryRail("bank", 1, mood)
    payment = pay(conn, HOUSE, "shop", key(), ask(who, 400))
    work(conn, {"bank": bank})
    assert held(conn, who) == 400 or events.load(conn, payment).state == "settled"
    conn.execute(
        "UPDATE outbox SET due = clock_timestamp() WHERE payment = %s", (payment,)
    )
    for _ in range(3):
        work(conn, {"bank": bank})
    assert events.load(conn, payment).state == "settled"
    assert len(bank.prepared) == names and list(bank.moved.values()) == [payment]
    assert (free(conn, who), held(conn, who)) == (600, 0)


# endregion silence


class Slow(MemoryRail):
    """While it prepares, the lease ends and another worker does the whole work."""

    meanwhile: object = None

    def prepare(self, order: object) -> str:
        ref = super().prepare(order)  # type: ignore[arg-type]
        if act := self.meanwhile:
            self.meanwhile = None
            act()  # type: ignore[operator]
        return ref


# region slow
def test_a_slow_worker_commits_the_name_that_was_written_down(conn: Conn) -> None:
    who, bank = customer(conn, 1_000), Slow("bank", 1)
    payment = pay(conn, HOUSE, "shop", key(), ask(who, 400))

    def another_worker() -> None:
        conn.execute(
            "UPDATE outbox SET due = clock_timestamp() WHERE payment = %s", (payment,)
        )
        relay(conn, {"bank": bank})

    bank.meanwhile = another_worker
    work(conn, {"bank": bank})
    assert len(bank.prepared) == 2 and list(bank.moved.values()) == [payment]
    assert events.load(conn, payment).state == "settled"


# endregion slow


def test_a_deposit_is_credited_at_its_depth_and_once(conn: Conn) -> None:
    who, chain = customer(conn), MemoryRail("chain", 3)
    payment = expect(conn, who, chain, Money(5_000_000, TUSD), "0xabc")
    receive(conn, HOUSE, payment, {**CLEAR["chain"], "eur_cents": 500})
    assert expect(conn, who, chain, Money(5_000_000, TUSD), "0xabc") == payment
    for depth, credited in ((1, 0), (2, 0), (3, 5_000_000), (4, 5_000_000)):
        advance(conn, payment, Observation("seen", depth, "0xabc"))
        assert free(conn, who, TUSD) == credited


def test_a_deposit_that_vanishes_before_its_depth_was_never_money(conn: Conn) -> None:
    who, chain = customer(conn), MemoryRail("chain", 3)
    payment = expect(conn, who, chain, Money(5_000_000, TUSD), "0xdef")
    for saw in (Observation("seen", 2, "0xdef"), Observation("absent", 0, "0xdef")):
        advance(conn, payment, saw)
    assert events.load(conn, payment).state == "receded" and free(conn, who, TUSD) == 0


def test_finality_that_breaks_is_a_loss_on_the_books_and_not_the_customers(
    conn: Conn,
) -> None:
    who, chain = customer(conn), MemoryRail("chain", 3)
    payment = expect(conn, who, chain, Money(5_000_000, TUSD), "0x123")
    receive(conn, HOUSE, payment, {**CLEAR["chain"], "eur_cents": 500})
    advance(conn, payment, Observation("seen", 3, "0x123"))
    for _ in range(2):
        advance(conn, payment, Observation("absent", 0, "0x123"))
    assert events.load(conn, payment).state == "broken"
    lost = ledger.balance(conn, ledger.account(conn, "loss:finality:TUSD")).minor
    assert free(conn, who, TUSD) == 5_000_000 and lost % 5_000_000 == 0 and lost > 0


# region suspense
@pytest.mark.parametrize(
    "facts", [{"address_listed": True}, {"address_listed": False}, {}]
)
def test_money_of_a_listed_sender_is_nobodys_until_a_person_lets_it_in(
    conn: Conn, facts: dict[str, bool]
) -> None:
    who, chain = customer(conn), MemoryRail("chain", 3)
    payment = expect(conn, who, chain, Money(5_000_000, TUSD), "0x456")
    if facts:  # with none, nobody has judged it
        receive(conn, HOUSE, payment, {**CLEAR["chain"], "eur_cents": 500, **facts})
    advance(conn, payment, Observation("seen", 3, "0x456"))
    clear = facts == {"address_listed": False}
    assert free(conn, who, TUSD) == (5_000_000 if clear else 0)
    if clear:
        with pytest.raises(Conflict):
            let_in(conn, HOUSE, payment, "vera")
    else:
        let_in(conn, HOUSE, payment, "vera")
    assert free(conn, who, TUSD) == 5_000_000


# endregion suspense


class Crash(Exception):
    """The process ends here."""


# region crash
@settings(
    max_examples=int(os.environ.get("EXAMPLES", "20")),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    st.lists(st.integers(1, 400), min_size=1, max_size=4),
    st.lists(st.booleans(), min_size=40, max_size=40),
)
def test_a_crash_between_any_two_statements_loses_and_doubles_nothing(
    conn: Conn, amounts: list[int], crashes: list[bool]
) -> None:
    who, bank, coins = customer(conn, 2_000), MemoryRail("bank", 1), iter(crashes)
    fragile = Fragile(conn, coins)
    names = [key() for _ in amounts]
    for _ in range(50):  # the client and the workers start again until all is done
        try:
            made = [
                pay(fragile, HOUSE, "shop", name, ask(who, minor))
                for name, minor in zip(names, amounts, strict=True)
            ]
            conn.execute(
                "UPDATE outbox SET due = clock_timestamp() WHERE done_at IS NULL"
            )
            work(fragile, {"bank": bank})
            if all(events.load(conn, payment).state == "settled" for payment in made):
                break
        except Crash:
            continue
    assert free(conn, who) == 2_000 - sum(amounts) and held(conn, who) == 0
    assert sorted(bank.moved.values()) == sorted(made)
    sound(conn)


# endregion crash


class Fragile:
    """A connection whose owner dies before a statement, whenever the next coin says so."""

    def __init__(self, conn: Conn, coins: object) -> None:
        self.conn, self.coins, self.count = conn, coins, 0

    def execute(self, *arguments: object) -> object:
        self.count += 1
        if self.count % 7 == 0 and next(self.coins, False):  # type: ignore[call-overload]
            raise Crash
        return self.conn.execute(*arguments)  # type: ignore[arg-type]

    def transaction(self) -> object:
        return self.conn.transaction()


def test_two_relays_take_different_orders(conn: Conn, db: object) -> None:
    who, bank = customer(conn, 10_000), MemoryRail("bank", 1)
    for _ in range(6):
        pay(conn, HOUSE, "shop", key(), ask(who, 100))
    with db.connect(autocommit=True) as other:  # type: ignore[attr-defined]
        taken = [settlement.claim(each, {"bank": bank}) for each in (conn, other) * 4]
    orders = [found[1].payment for found in taken if found]
    assert len(orders) == len(set(orders)) == 6


def test_a_lease_ends_and_the_order_is_due_again(conn: Conn) -> None:
    who, bank = customer(conn, 1_000), MemoryRail("bank", 1)
    payment = pay(conn, HOUSE, "shop", key(), ask(who, 400))
    assert (
        settlement.claim(conn, {"bank": bank})
        and settlement.claim(conn, {"bank": bank}) is None
    )
    conn.execute(
        "UPDATE outbox SET due = clock_timestamp() WHERE payment = %s", (payment,)
    )
    assert settlement.claim(conn, {"bank": bank})


def test_an_unknown_payment_is_an_error(conn: Conn) -> None:
    with pytest.raises(LookupError):
        advance(conn, uuid.uuid4(), Observation("seen", 1))
    assert EUR.code == "EUR"
