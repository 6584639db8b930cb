"""How many locks a statement takes when there are many partitions, and what that costs."""

from __future__ import annotations

import contextlib
import threading
import time

import psycopg
from psycopg import errors

from measure.bench import TODAY, Lab, number, one, pgbench, spread

HELD = """SELECT count(*), count(*) FILTER (WHERE NOT fastpath) FROM pg_locks
          WHERE pid = pg_backend_pid() AND locktype = 'relation'"""
# region statements
STATEMENTS = {
    "by both keys": "SELECT FROM orders WHERE trade_date = '{day}' AND order_id = 1",
    "by order_id": "SELECT FROM orders WHERE order_id = 1",
    "current_date":
        "SELECT FROM orders WHERE trade_date = current_date AND order_id = 1",
}
# endregion statements


def measured(lab: Lab) -> dict[str, object]:
    with lab.primary.connect() as owner:
        owner.execute("SET synchronous_commit = off")
        for n in range(2, lab.scale.days + 2):
            owner.execute("CALL add_day(%s::date + %s)", (TODAY, n))
        days = one(owner, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'orders'::regclass")
        assert one(owner, "SELECT count(*) FROM orders WHERE trade_date > %s", TODAY) == 0
    with lab.primary.connect(user="trader", autocommit=False) as trader:
        taken = {name: locks(trader, query.format(day=TODAY)) for name, query in STATEMENTS.items()}
        taken["generic"] = generic(trader)
        taken["insert"] = inserting(trader)
    assert taken["by both keys"][1] == taken["insert"][1] == 0, taken
    assert taken["insert"][0] < 64, taken
    assert min(taken[name][0] for name in ("by order_id", "current_date", "generic")) > days
    cost = {script: lab.turns(lambda s=script: reading(lab, s)) for script in ("pruned", "unpruned")}
    full = sessions_until_full(lab)
    assert full < 150 or days < 200, "the lock table did not fill"
    waits = lab.turns(lambda: lock_manager_waits(lab))
    return {
        "partitions": number(days),
        "locks_pruned": number(taken["by both keys"][0]),
        "locks_insert": number(taken["insert"][0]),
        "locks_unpruned": number(taken["by order_id"][0]),
        "locks_shared": number(taken["by order_id"][1]),
        "locks_current_date": number(taken["current_date"][0]),
        "locks_generic": number(taken["generic"][0]),
        "reads_pruned": spread(cost["pruned"]),
        "reads_unpruned": spread(cost["unpruned"]),
        "lock_waits": spread(waits),
        "lock_sessions": number(full),
    }


def locks(trader: psycopg.Connection, query: str, *parameters: object) -> tuple[int, int]:
    """Relation locks held after the statement, and how many of them in the shared table."""
    trader.execute(query, parameters or None)
    counts = trader.execute(HELD).fetchone()
    trader.rollback()
    return counts


def generic(trader: psycopg.Connection) -> tuple[int, int]:
    """Of a prepared statement whose one plan serves all parameters; made ready before."""
    trader.execute("SET plan_cache_mode = force_generic_plan")
    trader.execute("PREPARE p AS SELECT FROM orders WHERE trade_date = $1 AND order_id = $2")
    trader.execute(f"EXECUTE p ('{TODAY}', 1)")
    trader.commit()
    counts = locks(trader, f"EXECUTE p ('{TODAY}', 1)")
    trader.execute("SET plan_cache_mode = force_custom_plan")
    trader.commit()
    return counts


def inserting(trader: psycopg.Connection) -> tuple[int, int]:
    """Of an order and its execution, with triggers, constraints and foreign keys."""
    order_id = one(
        trader,
        """INSERT INTO orders (trade_date, account_id, instrument_id, side, quantity, price,
           client_order_id) VALUES (%s, 1, 1, 'buy', 1, 1, 'locks') RETURNING order_id""",
        TODAY,
    )
    execution = """INSERT INTO executions (trade_date, order_id, executed_at, quantity, price, venue,
                   venue_execution_id) VALUES (%s, %s, now(), 1, 1, 'XSIM', 'locks')"""
    return locks(trader, execution, TODAY, order_id)


def reading(lab: Lab, script: str) -> float:
    return pgbench(lab.primary.port, f"{script}.sql", 8, lab.scale.seconds)


def lock_manager_waits(lab: Lab) -> float:
    """Per cent of samples in which an active reader waits for the lock manager."""
    seconds = lab.scale.seconds
    load = threading.Thread(target=pgbench, args=(lab.primary.port, "unpruned.sql", 8, seconds))
    load.start()
    waiting = active = 0
    query = """SELECT count(*) FILTER (WHERE wait_event = 'LockManager'), count(*)
               FROM pg_stat_activity WHERE usename = 'trader' AND state = 'active'"""
    with lab.primary.connect(user="watcher") as watcher:
        while load.is_alive():
            here, all_of_them = watcher.execute(query).fetchone()
            waiting, active = waiting + here, active + all_of_them
            time.sleep(0.02)
    return 100 * waiting / max(active, 1)


# region full
def sessions_until_full(lab: Lab) -> int:
    """How many open transactions with an unpruned read the shared lock table holds."""
    query = STATEMENTS["by order_id"]
    with contextlib.ExitStack() as stack:
        for count in range(150):
            session = lab.primary.connect(user="trader", autocommit=False)
            trader = stack.enter_context(session)
            trader.execute("SET idle_in_transaction_session_timeout = 0")
            try:
                trader.execute(query)
            except errors.OutOfMemory:
                return count
    return 150


# endregion full
