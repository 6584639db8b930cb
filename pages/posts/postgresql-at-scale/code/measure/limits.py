"""Write skew: two orders, each within the limit, break it together; what prevention costs."""

from __future__ import annotations

from decimal import Decimal

import psycopg
from psycopg import IsolationLevel, errors

from desk.orders import OverLimitError, serializable, submit_behind_lock, submit_within_limit
from measure.bench import TODAY, Lab, number, one, order, spread, timed, together

THREADS, EACH = 6, 25


def measured(lab: Lab) -> dict[str, str]:
    with lab.primary.connect() as owner:
        owner.execute("INSERT INTO account SELECT n, 1000 FROM generate_series(5001, 5004) AS n")
        assert used_after(lab, owner, 5001, IsolationLevel.READ_COMMITTED) == 1200
        assert used_after(lab, owner, 5002, IsolationLevel.REPEATABLE_READ) == 1200
        assert used_after(lab, owner, 5003, IsolationLevel.SERIALIZABLE) == 600
        assert refused(lab, 5003)
        assert repeats(lab, owner, 5003)
        assert sorted(together(4, lambda n: behind_lock(lab, 5004, n))) == [False, False, False, True]
        owner.execute("INSERT INTO account SELECT n, 1000000000 FROM generate_series(6001, 6040) AS n")
    turns = range(lab.scale.runs)
    serial = [contended(lab, "serializable", turn) for turn in turns]
    locked = [contended(lab, "locked", turn) for turn in turns]
    return {
        "serial_retries": spread([retries for retries, _ in serial]),
        "serial_orders": number(THREADS * EACH),
        "serial_rate": spread([rate for _, rate in serial]),
        "lock_rate": spread([rate for _, rate in locked]),
    }


# region skew
def used_after(
    lab: Lab, owner: psycopg.Connection, account: int, level: IsolationLevel
) -> Decimal:
    """What two interleaved orders of 600 use of a limit of 1,000."""
    session = {"user": "trader", "autocommit": False}
    with (
        lab.primary.connect(**session) as desk,
        lab.primary.connect(**session) as other,
    ):
        desk.isolation_level = other.isolation_level = level
        submit_within_limit(desk, order(account, "from one desk", quantity=60))
        submit_within_limit(other, order(account, "from the other", quantity=60))
        desk.commit()
        try:
            other.commit()
        except errors.SerializationFailure:
            other.rollback()
    return one(
        owner, "SELECT sum(quantity * price) FROM orders WHERE account_id = %s", account
    )


# endregion skew


def behind_lock(lab: Lab, account: int, thread: int) -> bool:
    """Whether one of several simultaneous orders of 600 was accepted behind the lock."""
    with lab.primary.connect(user="trader") as trader:
        try:
            with trader.transaction():
                submit_behind_lock(trader, order(account, f"desk {thread}", quantity=60))
            return True
        except OverLimitError:
            return False


def contended(lab: Lab, way: str, turn: int) -> tuple[int, float]:
    """Retries, and orders a second, when six threads enter orders for the same account."""
    retries: list[int] = []
    seconds = timed(lambda: retries.extend(together(THREADS, lambda thread: enter(lab, way, turn, thread))))
    return sum(retries), THREADS * EACH / seconds


def enter(lab: Lab, way: str, turn: int, thread: int) -> int:
    total = 0
    with lab.primary.connect(user="trader") as trader:
        for n in range(EACH):
            account = 6001 + 2 * turn + (way == "locked")
            wanted = order(account, f"{thread}-{n}", quantity=1)
            if way == "serializable":
                total += serializable(trader, lambda c, w=wanted: submit_within_limit(c, w), attempts=60)[1]
            else:
                with trader.transaction():
                    submit_behind_lock(trader, wanted)
    return total


def repeats(lab: Lab, owner: psycopg.Connection, account: int) -> bool:
    """Whether an accepted order may be sent again, though a second one like it would be too much."""
    order_id = one(
        owner,
        "SELECT order_id FROM orders WHERE trade_date = %s AND account_id = %s AND client_order_id = 'from one desk'",
        TODAY, account,
    )
    wanted = order(account, "from one desk", quantity=60)
    with lab.primary.connect(user="trader") as trader:
        return serializable(trader, lambda c: submit_within_limit(c, wanted))[0] == order_id


def refused(lab: Lab, account: int) -> bool:
    wanted = order(account, "again", quantity=60)
    with lab.primary.connect(user="trader") as trader:
        try:
            serializable(trader, lambda c: submit_within_limit(c, wanted))
        except OverLimitError:
            return True
    return False
