"""Order entry: idempotent, within the account's limit, and safe to repeat."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import psycopg
from psycopg import IsolationLevel, errors


@dataclass(frozen=True, slots=True)
class Order:
    account: int
    instrument: int
    quantity: int
    price: Decimal
    client_id: str


class OverLimitError(Exception):
    """The account's open orders would exceed its limit."""


# region submit
def submit(connection: psycopg.Connection, order: Order) -> int:
    """The order's id; the same one when it was sent before with the same content."""
    row = connection.execute(
        """INSERT INTO orders (account_id, instrument_id, side, quantity, price, client_order_id)
           VALUES (%s, %s, 'buy', %s, %s, %s)
           ON CONFLICT (account_id, client_order_id) DO NOTHING RETURNING order_id""",
        (order.account, order.instrument, order.quantity, order.price, order.client_id),
    ).fetchone()
    return row[0] if row else repeated(connection, order)


def repeated(connection: psycopg.Connection, order: Order) -> int:
    """The id under which the order is stored already; ValueError when that one was another order."""
    order_id, *stored = connection.execute(
        """SELECT order_id, instrument_id, quantity, price FROM orders
           WHERE account_id = %s AND client_order_id = %s""",
        (order.account, order.client_id),
    ).fetchone()
    if stored != [order.instrument, order.quantity, order.price]:
        raise ValueError(f"{order.client_id} was another order")
    return order_id
# endregion submit


# region limit
def submit_within_limit(connection: psycopg.Connection, order: Order) -> int:
    """Inside a transaction, which the error rolls back: right only if nobody else does the same."""
    order_id = submit(connection, order)
    limit, used = connection.execute(
        """SELECT order_limit, coalesce((SELECT sum((quantity - filled) * price) FROM orders
                  WHERE orders.account_id = account.account_id AND status = 'open'), 0)
           FROM account WHERE account_id = %s""",
        (order.account,),
    ).fetchone()
    if used > limit:
        raise OverLimitError
    return order_id
# endregion limit


# region locked
def submit_behind_lock(connection: psycopg.Connection, order: Order) -> int:
    """The same, one order of an account at a time."""
    connection.execute(
        "SELECT 1 FROM account WHERE account_id = %s FOR NO KEY UPDATE", (order.account,)
    )
    return submit_within_limit(connection, order)
# endregion locked


# region retry
def serializable(
    connection: psycopg.Connection, act: Callable[[psycopg.Connection], int], attempts: int = 10
) -> tuple[int, int]:
    """What `act` returns from a SERIALIZABLE transaction, and how often it had to be repeated."""
    connection.isolation_level = IsolationLevel.SERIALIZABLE
    for retries in range(attempts):
        try:
            with connection.transaction():
                return act(connection), retries
        except (errors.SerializationFailure, errors.DeadlockDetected):
            time.sleep(random.uniform(0, min(0.1, 0.002 * 2**retries)))
    raise TimeoutError(f"no success in {attempts} attempts")
# endregion retry
