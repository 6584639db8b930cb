"""Write skew: two orders, each within the limit, that break it together; and what prevents it costs."""

from __future__ import annotations

from decimal import Decimal

import psycopg
from psycopg import IsolationLevel, errors

from desk.orders import Order, OverLimitError, serializable, submit_behind_lock, submit_within_limit
from measure.bench import Lab, number, one, timed, together

THREADS, EACH = 6, 25


def measured(lab: Lab) -> dict[str, str]:
    with lab.primary.connect() as owner:
        owner.execute("INSERT INTO account VALUES (5001, 1000), (5002, 1000), (5003, 1000)")
        assert used_after(lab, owner, 5001, IsolationLevel.READ_COMMITTED) == 1200
        assert used_after(lab, owner, 5002, IsolationLevel.REPEATABLE_READ) == 1200
        assert used_after(lab, owner, 5003, IsolationLevel.SERIALIZABLE) == 600
        assert refused(lab, 5003)
        assert repeats(lab, owner, 5003)
        owner.execute("INSERT INTO account SELECT n, 1000000000 FROM generate_series(6001, 6040) AS n")
    retries, serial = contended(lab, "serializable")
    _, locked = contended(lab, "locked")
    return {
        "serial_retries": number(retries),
        "serial_orders": number(THREADS * EACH),
        "serial_rate": number(serial),
        "lock_rate": number(locked),
    }


# region skew
def used_after(lab: Lab, owner: psycopg.Connection, account: int, level: IsolationLevel) -> Decimal:
    """What two interleaved orders of 600 use of a limit of 1,000."""
    with lab.primary.connect(autocommit=False) as one_desk, lab.primary.connect(autocommit=False) as other:
        one_desk.isolation_level = other.isolation_level = level
        submit_within_limit(one_desk, Order(account, 1, 60, Decimal(10), "from one desk"))
        submit_within_limit(other, Order(account, 2, 60, Decimal(10), "from the other"))
        one_desk.commit()
        try:
            other.commit()
        except errors.SerializationFailure:
            other.rollback()
    return one(owner, "SELECT sum(quantity * price) FROM orders WHERE account_id = %s", account)
# endregion skew


def contended(lab: Lab, way: str) -> tuple[int, float]:
    """Retries, and orders a second, when six threads enter orders for the same account."""
    retries: list[int] = []
    seconds = timed(lambda: retries.extend(together(THREADS, lambda thread: enter(lab, way, thread))))
    return sum(retries), THREADS * EACH / seconds


def enter(lab: Lab, way: str, thread: int) -> int:
    total = 0
    with lab.primary.connect() as connection:
        for n in range(EACH):
            order = Order(6001 + (way == "locked"), n % 100 + 1, 1, Decimal(10), f"{way}-{thread}-{n}")
            if way == "serializable":
                total += serializable(connection, lambda c, order=order: submit_within_limit(c, order), attempts=40)[1]
            else:
                with connection.transaction():
                    submit_behind_lock(connection, order)
    return total


def repeats(lab: Lab, owner: psycopg.Connection, account: int) -> bool:
    """Whether an order that was accepted may be sent again, though a second one like it would exceed the limit."""
    order_id = one(owner, "SELECT order_id FROM orders WHERE account_id = %s AND client_order_id = 'from one desk'", account)
    with lab.primary.connect() as connection:
        again, _ = serializable(connection, lambda c: submit_within_limit(c, Order(account, 1, 60, Decimal(10), "from one desk")))
    return again == order_id


def refused(lab: Lab, account: int) -> bool:
    with lab.primary.connect() as connection:
        try:
            serializable(connection, lambda c: submit_within_limit(c, Order(account, 3, 60, Decimal(10), "again")))
        except OverLimitError:
            return True
    return False
