"""The ledger's verbs: post, hold, capture, release. The rules are the database's (sql/ledger.sql)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, errors

from backend.money import Currency, Money
from backend.rows import one

Conn = Connection[Any]


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    code: str
    currency: Currency


def open_account(
    conn: Conn,
    code: str,
    currency: Currency,
    *,
    side: int,
    floored: bool,
    holds: bool = False,
) -> Account:
    [made] = one(
        conn,
        "INSERT INTO account (code, currency, side, floored, holds)"
        " VALUES (%s, %s, %s, %s, %s) RETURNING id",
        (code, currency.code, side, floored, holds),
    )
    return Account(made, code, currency)


def account(conn: Conn, code: str) -> Account:
    row = conn.execute(
        "SELECT a.id, c.code, c.scale FROM account a JOIN currency c ON c.code = a.currency"
        " WHERE a.code = %s",
        (code,),
    ).fetchone()
    if row is None:
        raise LookupError(f"there is no account {code!r}")
    return Account(row[0], code, Currency(row[1], row[2]))


# region post
def post(conn: Conn, cause: str, moves: Mapping[Account, int]) -> uuid.UUID:
    """Book the moves (debits positive), once for each cause; the caller commits."""
    posting = uuid.uuid4()
    conn.execute("INSERT INTO posting (id, cause) VALUES (%s, %s)", (posting, cause))
    for account in sorted(moves, key=lambda account: account.id):  # one order of locks
        conn.execute(
            "INSERT INTO entry (posting, account, currency, amount) VALUES (%s, %s, %s, %s)",
            (posting, account.id, account.currency.code, moves[account]),
        )
    return posting


# endregion post


# region hold
@dataclass(frozen=True, slots=True)
class Hold:
    payment: uuid.UUID
    customer: uuid.UUID
    free: Account  # what the customer can spend
    held: Account  # what is promised away, and still the customer's
    amount: Money


def place(conn: Conn, hold: Hold, eur_cents: int, decision: uuid.UUID) -> None:
    minor = hold.amount.minor
    posting = post(conn, f"hold:{hold.payment}", {hold.free: minor, hold.held: -minor})
    conn.execute(
        "INSERT INTO hold (id, customer, held, amount, posting, eur_cents, decision)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (
            hold.payment,
            hold.customer,
            hold.held.id,
            minor,
            posting,
            eur_cents,
            decision,
        ),
    )


def capture(conn: Conn, hold: Hold, into: Account) -> None:
    """The money has left: take it from what is held, out of `into` (bank or wallet)."""
    minor = hold.amount.minor
    _end(conn, hold, "captured", {hold.held: minor, into: -minor})


def release(conn: Conn, hold: Hold) -> None:
    minor = hold.amount.minor
    _end(conn, hold, "released", {hold.held: minor, hold.free: -minor})


def _end(conn: Conn, hold: Hold, how: str, moves: Mapping[Account, int]) -> None:
    posting = post(conn, f"{how}:{hold.payment}", moves)
    conn.execute(
        "INSERT INTO hold_end (hold, how, posting) VALUES (%s, %s, %s)",
        (hold.payment, how, posting),
    )


# endregion hold


def balance(conn: Conn, account: Account) -> Money:
    """In the account's own direction; of house accounts as the sum of their entries."""
    kept = conn.execute(
        "SELECT amount FROM balance WHERE account = %s", (account.id,)
    ).fetchone()
    if kept:
        return Money(int(kept[0]), account.currency)
    [total] = one(
        conn,
        "SELECT coalesce(sum(e.amount), 0) * a.side FROM account a"
        " LEFT JOIN entry e ON e.account = a.id WHERE a.id = %s GROUP BY a.side",
        (account.id,),
    )
    return Money(int(total), account.currency)


REFUSALS = (errors.CheckViolation, errors.UniqueViolation, errors.ForeignKeyViolation)


def currency(conn: Conn, code: str) -> Currency:
    [scale] = one(conn, "SELECT scale FROM currency WHERE code = %s", (code,))
    return Currency(code, scale)
