"""Each constraint earns its place: without it, the attack that it stops succeeds."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from backend import ledger
from backend.database import Database
from backend.ledger import Conn, Hold, place, post
from backend.money import Money
from tests.conftest import EUR, customer
from tests.test_ledger import account, allowed, cause, end, raw, tried


def after_the_check(conn: Conn) -> bool:
    bank, fx = (
        ledger.account(conn, "bank:safeguarding:EUR"),
        ledger.account(conn, "fx:EUR"),
    )
    tusd = ledger.account(conn, "fx:TUSD")

    def act() -> None:
        posting = raw(conn, (bank, 5), (fx, -5))
        conn.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # the posting's own check runs now
        conn.execute("INSERT INTO entry VALUES (%s, %s, 'TUSD', 7)", (posting, tusd.id))

    return tried(conn, act)


def empty(conn: Conn) -> bool:
    return tried(conn, lambda: raw(conn))


def overdrawn(conn: Conn) -> bool:
    bank, mine = (
        ledger.account(conn, "bank:safeguarding:EUR"),
        account(conn, customer(conn, 10)),
    )
    return tried(conn, lambda: post(conn, cause(), {mine: 11, bank: -11}))


def half_a_cent(conn: Conn) -> bool:
    bank, fx = (
        ledger.account(conn, "bank:safeguarding:EUR"),
        ledger.account(conn, "fx:EUR"),
    )
    return tried(conn, lambda: raw(conn, (bank, "0.5"), (fx, "-0.5")))


def later(conn: Conn) -> bool:
    customer(conn, 10)
    old = conn.execute(
        "SELECT id FROM posting ORDER BY booked_at DESC LIMIT 1"
    ).fetchone()[0]
    tusd, fx = (
        ledger.account(conn, "chain:wallet:TUSD"),
        ledger.account(conn, "fx:TUSD"),
    )

    def add() -> None:
        for where, amount in ((tusd, 7), (fx, -7)):
            conn.execute(
                "INSERT INTO entry VALUES (%s, %s, 'TUSD', %s)", (old, where.id, amount)
            )

    return tried(conn, add)


def wrong_currency(conn: Conn) -> bool:
    bank, fx = (
        ledger.account(conn, "bank:safeguarding:EUR"),
        ledger.account(conn, "fx:TUSD"),
    )

    def act() -> None:
        posting = raw(conn)
        for where, amount in ((bank, 5), (fx, -5)):
            conn.execute(
                "INSERT INTO entry VALUES (%s, %s, 'EUR', %s)",
                (posting, where.id, amount),
            )

    return tried(conn, act)


def twice(conn: Conn) -> bool:
    bank, fx, why = (
        ledger.account(conn, "bank:safeguarding:EUR"),
        ledger.account(conn, "fx:EUR"),
        cause(),
    )

    def act() -> None:
        for _ in range(2):
            post(conn, why, {bank: 5, fx: -5})

    return tried(conn, act)


def unheld(conn: Conn) -> bool:
    who = customer(conn, 10)
    return tried(
        conn,
        lambda: post(
            conn, cause(), {account(conn, who): 5, account(conn, who, ":held"): -5}
        ),
    )


def hold_of(conn: Conn, minor: int) -> Hold:
    who = customer(conn, 10 * minor)
    return Hold(
        uuid.uuid4(),
        who,
        account(conn, who),
        account(conn, who, ":held"),
        Money(minor, EUR),
    )


def without_permission(conn: Conn) -> bool:
    hold = hold_of(conn, 5)
    return tried(
        conn, lambda: place(conn, hold, 5, allowed(conn, hold.payment, "refuse"))
    )


def ended_twice(conn: Conn) -> bool:
    hold = hold_of(conn, 5)
    with conn.transaction():
        place(conn, hold, 5, allowed(conn, hold.payment))
        place(
            conn,
            other := replace(hold, payment=uuid.uuid4()),
            5,
            allowed(conn, other.payment),
        )

    def act() -> None:
        end(conn, hold, captured=True)
        end(conn, hold, captured=False)

    return tried(conn, act)


@contextlib.contextmanager
def copy_of(db: Database) -> Iterator[Database]:
    """The schema alone, in a database of its own, with the house's accounts."""
    name = f"copy_{uuid.uuid4().hex[:8]}"
    admin = replace(db, name="postgres")
    with admin.connect("postgres", autocommit=True) as superuser:
        superuser.execute(f"CREATE DATABASE {name} TEMPLATE bare OWNER books")
        try:
            yield replace(db, name=name)
        finally:
            superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")


# region earns
CONSTRAINTS: list[tuple[str, Callable[[Conn], bool]]] = [
    ("DROP TRIGGER balanced ON entry", after_the_check),
    ("DROP TRIGGER has_entries ON posting", empty),
    ("ALTER TABLE balance DROP CONSTRAINT enough", overdrawn),
    ("ALTER DOMAIN minor_units DROP CONSTRAINT minor_units_check", half_a_cent),
    ("ALTER TABLE entry DROP CONSTRAINT entry_account_currency_fkey", wrong_currency),
    ("ALTER TABLE posting DROP CONSTRAINT posting_cause_key", twice),
    (
        "ALTER TABLE posting ALTER made_in SET DEFAULT NULL;"
        "ALTER TABLE posting ALTER made_in DROP NOT NULL",
        later,
    ),
    ("DROP TRIGGER held ON entry", unheld),
    (
        "ALTER TABLE hold DROP CONSTRAINT hold_decision_id_outcome_fkey",
        without_permission,
    ),
    ("ALTER TABLE hold_end DROP CONSTRAINT hold_end_pkey", ended_twice),
]


@pytest.mark.parametrize("drop, attack", CONSTRAINTS)
def test_each_constraint_earns_its_place(
    db: Database, drop: str, attack: Callable[[Conn], bool]
) -> None:
    with copy_of(db) as copied:
        with copied.connect(autocommit=True) as conn:
            assert not attack(conn)
        with copied.connect("books", autocommit=True) as owner:
            owner.execute(drop)
        with copied.connect(autocommit=True) as conn:
            assert attack(conn)


# endregion earns
