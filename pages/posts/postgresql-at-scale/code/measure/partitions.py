"""Pruning, and how a day of history goes: by DELETE, by DETACH, by DETACH CONCURRENTLY."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import psycopg
from psycopg import errors

from desk.cluster import CODE, wait_until
from measure.bench import TODAY, Lab, number, one, timed, wal_of

DAY = "SELECT count(*) FROM executions WHERE trade_date = '2026-01-07'"
HOURS = """SELECT count(*) FROM executions
           WHERE executed_at BETWEEN '2026-01-07 09:00' AND '2026-01-07 10:00'"""
WEAK_TO_STRONG = (
    "none", "AccessShareLock", "RowShareLock", "RowExclusiveLock",
    "ShareUpdateExclusiveLock", "ShareRowExclusiveLock", "AccessExclusiveLock",
)


def measured(lab: Lab) -> dict[str, object]:
    with lab.primary.connect() as owner:
        pruned, unpruned = scanned(owner, DAY), scanned(owner, HOURS)
        assert pruned == 1 and unpruned > 20
        costs = [removed(owner, n) for n in (1, 4)]
        lock_strengths(lab, owner)
        blocked(lab)
        detach = (CODE / "sql/partitions.sql").read_text().split("-- region detach")[1]
        for statement in detach.split("-- endregion")[0].strip().split(";")[:3]:
            owner.execute(statement)
    figures = {"scanned_by_time": number(unpruned), "day_rows": number(lab.scale.per_day)}
    for n, cost in zip((1, 4), costs, strict=True):
        figures |= {f"{name}_{n}": value for name, value in cost.items()}
    return figures


def removed(owner: psycopg.Connection, n: int) -> dict[str, str]:
    """What it costs to remove `n` days of executions from one table, and `n` partitions."""
    last = f"2026-01-{4 + n:02d} 23:59:59Z"
    owner.execute("CREATE TABLE single AS SELECT * FROM executions_flat")
    owner.execute("ALTER TABLE single ADD PRIMARY KEY (execution_id)")
    owner.execute("CREATE INDEX ON single (order_id)")
    delete = cost(owner, lambda: erase(owner, last))
    days = [f"202601{10 + 2 * n + k}" for k in range(n)]
    drop = cost(owner, lambda: [leave(owner, day) for day in days])
    owner.execute("DROP TABLE single")
    return {
        "delete_ms": number(1000 * delete[0]), "delete_wal_kb": number(delete[1] / 1e3),
        "detach_ms": number(1000 * drop[0]), "detach_wal_kb": number(drop[1] / 1e3),
    }


def cost(owner: psycopg.Connection, act: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and bytes of WAL."""
    seconds: list[float] = []
    wal = wal_of(owner, lambda: seconds.append(timed(act)))
    return seconds[0], wal


def erase(owner: psycopg.Connection, last: str) -> None:
    owner.execute("DELETE FROM single WHERE executed_at <= %s", (last,))
    owner.execute("VACUUM single")


def leave(owner: psycopg.Connection, day: str) -> None:
    owner.execute(f"ALTER TABLE executions DETACH PARTITION executions_{day} CONCURRENTLY")
    owner.execute(f"DROP TABLE executions_{day}")


# region strengths
def lock_strengths(lab: Lab, owner: psycopg.Connection) -> None:
    """The strongest lock that each statement takes on the parent and on `orders`."""
    create = """CREATE TABLE later PARTITION OF executions
                FOR VALUES FROM ('2030-01-01') TO ('2030-01-02')"""
    assert locks(lab, create) == ("AccessExclusiveLock", "none")
    owner.execute("CREATE TABLE aside (LIKE executions INCLUDING ALL"
                  " EXCLUDING IDENTITY)")
    attach = """ALTER TABLE executions ATTACH PARTITION aside
                FOR VALUES FROM ('2030-01-01') TO ('2030-01-02')"""
    assert locks(lab, attach) == ("ShareUpdateExclusiveLock", "none")
    reference = """ALTER TABLE aside ADD FOREIGN KEY (trade_date, order_id)
                   REFERENCES orders_{}"""
    assert locks(lab, reference.format(TODAY.strftime("%Y%m%d"))) == ("none", "none")
    whole = reference.format("X").replace("orders_X", "orders")
    assert locks(lab, whole) == ("none", "ShareRowExclusiveLock")


# endregion strengths


def locks(lab: Lab, statement: str) -> tuple[str, str]:
    """The strongest locks on `executions` and on `orders`; the statement is rolled back."""
    with lab.primary.connect(autocommit=False) as connection:
        connection.execute(statement)
        strongest = held(connection, "executions"), held(connection, "orders")
        connection.rollback()
    return strongest


def held(connection: psycopg.Connection, table: str) -> str:
    rows = connection.execute(
        "SELECT mode FROM pg_locks WHERE relation = %s::regclass AND pid = pg_backend_pid()", (table,)
    )
    return max((mode for mode, in rows), key=WEAK_TO_STRONG.index, default="none")


def scanned(owner: psycopg.Connection, query: str) -> int:
    """How many partitions the plan reads."""
    return json.dumps(one(owner, f"EXPLAIN (FORMAT JSON) {query}")).count('"Relation Name"')


def blocked(lab: Lab) -> None:
    """Behind an old reader a plain DETACH locks out new readers; CONCURRENTLY lets them pass."""
    plain = "ALTER TABLE executions DETACH PARTITION executions_20260108"
    assert new_reader_waits(lab, plain)
    assert not new_reader_waits(lab, plain.replace("08", "09") + " CONCURRENTLY")


def new_reader_waits(lab: Lab, detach: str) -> bool:
    with (
        lab.primary.connect(autocommit=False, user="auditor") as old,
        lab.primary.connect(user="auditor") as new,
        lab.primary.connect() as owner,
    ):
        old.execute("SELECT count(*) FROM executions")
        detaching = threading.Thread(target=owner.execute, args=(detach,))
        detaching.start()
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid = %s"
        with lab.primary.connect(user="watcher") as watcher:
            wait_until(lambda: one(watcher, waiting, owner.info.backend_pid))
        new.execute("SET lock_timeout = '300ms'")
        try:
            new.execute("SELECT count(*) FROM executions")
            return False
        except errors.LockNotAvailable:
            return True
        finally:
            old.rollback()
            detaching.join()
