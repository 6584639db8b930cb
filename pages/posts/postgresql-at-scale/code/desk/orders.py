"""Order entry: idempotent, within the account's limit, and safe to repeat."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import psycopg
from psycopg import IsolationLevel, errors


# region submit
@dataclass(frozen=True, slots=True)
class Order:
    day: date
    account: int
    instrument: int
    side: str
    quantity: int
    price: Decimal
    client_id: str

    @property
    def content(self) -> tuple[object, ...]:
        return (self.instrument, self.side, self.quantity, self.price)


def submit(connection: psycopg.Connection, order: Order) -> int:
    """The order's id; the same one when it was sent before with the same content."""
    row = connection.execute(
        """INSERT INTO orders (trade_date, account_id, client_order_id,
                               instrument_id, side, quantity, price)
           VALUES (%s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT (trade_date, account_id, client_order_id) DO NOTHING
           RETURNING order_id""",
        (order.day, order.account, order.client_id, *order.content),
    ).fetchone()
    return row[0] if row else repeated(connection, order)


# endregion submit


# region repeated
def repeated(connection: psycopg.Connection, order: Order) -> int:
    """The id under which it is stored; ValueError when that one was another order."""
    row = connection.execute(
        """SELECT order_id, instrument_id, side, quantity, price FROM orders
           WHERE trade_date = %s AND account_id = %s AND client_order_id = %s""",
        (order.day, order.account, order.client_id),
    ).fetchone()
    if row is None:
        raise LookupError(f"{order.client_id} is not visible to this snapshot")
    order_id, *content = row
    if tuple(content) != order.content:
        raise ValueError(f"{order.client_id} was another order")
    return order_id


# endregion repeated


class OverLimitError(Exception):
    """The account's open orders would exceed its limit."""


# region limit
def submit_within_limit(connection: psycopg.Connection, order: Order) -> int:
    """Inside a transaction, which the error rolls back; safe only one at a time."""
    order_id = submit(connection, order)
    limit, used = connection.execute(
        """SELECT order_limit,
                  (SELECT coalesce(sum((quantity - filled) * price), 0) FROM orders
                   WHERE trade_date = %s AND account_id = account.account_id
                     AND status = 'open')
           FROM account WHERE account_id = %s""",
        (order.day, order.account),
    ).fetchone()
    if used > limit:
        raise OverLimitError
    return order_id


# endregion limit


# region locked
def submit_behind_lock(connection: psycopg.Connection, order: Order) -> int:
    """The same, one order of an account at a time."""
    connection.execute("SELECT lock_account(%s)", (order.account,))
    return submit_within_limit(connection, order)


# endregion locked


# region retry
def serializable(
    connection: psycopg.Connection,
    act: Callable[[psycopg.Connection], int],
    attempts: int = 10,
) -> tuple[int, int]:
    """What `act` returns from a SERIALIZABLE transaction, and the number of retries."""
    before = connection.isolation_level
    connection.isolation_level = IsolationLevel.SERIALIZABLE
    try:
        for retries in range(attempts):
            try:
                with connection.transaction():
                    return act(connection), retries
            except (errors.SerializationFailure, errors.DeadlockDetected) as error:
                last = error
                time.sleep(random.uniform(0, 0.002 * 2 ** min(retries, 8)))
        raise TimeoutError(f"no success in {attempts} attempts") from last
    finally:
        connection.isolation_level = before


# endregion retry


# region execute
def execute(
    connection: psycopg.Connection, day: date, order_id: int, quantity: int,
    price: Decimal, venue_id: str,
) -> bool:
    """Book a fill and its settlement; False when this one is booked already."""
    with connection.transaction():
        row = connection.execute(
            """INSERT INTO executions (trade_date, order_id, executed_at, quantity,
                                       price, venue, venue_execution_id)
               VALUES (%s, %s, clock_timestamp(), %s, %s, 'XSIM', %s)
               ON CONFLICT (trade_date, venue, venue_execution_id) DO NOTHING
               RETURNING execution_id""",
            (day, order_id, quantity, price, venue_id),
        ).fetchone()
        if row:
            connection.execute(
                "INSERT INTO settlement_job (execution_id) VALUES (%s)", row
            )
        return row is not None


# endregion execute
