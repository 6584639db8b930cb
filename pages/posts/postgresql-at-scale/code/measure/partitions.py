"""Pruning, and how a day of history leaves: by DELETE, by DETACH behind a reader, and by DETACH CONCURRENTLY."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import psycopg
from psycopg import errors

from desk.cluster import CODE, wait_until
from measure.bench import Lab, number, one, timed, wal_of

STRENGTH = ["none", "AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareRowExclusiveLock", "AccessExclusiveLock"]
DAY = "SELECT count(*) FROM executions WHERE trade_date = '2026-01-07'"
HOURS = "SELECT count(*) FROM executions WHERE executed_at BETWEEN '2026-01-07 09:00' AND '2026-01-07 10:00'"


def measured(lab: Lab) -> dict[str, str]:
    with lab.primary.connect() as owner:
        pruned, unpruned = scanned(owner, DAY), scanned(owner, HOURS)
        assert (pruned, unpruned > 20) == (1, True)
        delete_seconds, delete_wal = cost(owner, lambda: erase(owner, "executions_20260112"))
        seconds, drop_wal = cost(owner, lambda: leave(owner, "executions_20260113"))
        create = "CREATE TABLE later PARTITION OF executions FOR VALUES FROM ('2030-01-01') TO ('2030-01-02')"
        assert locks(lab, create) == ("AccessExclusiveLock", "ShareRowExclusiveLock")
        owner.execute("CREATE TABLE aside (LIKE executions INCLUDING ALL)")
        attach = "ALTER TABLE executions ATTACH PARTITION aside FOR VALUES FROM ('2030-01-01') TO ('2030-01-02')"
        assert locks(lab, attach) == ("ShareUpdateExclusiveLock", "ShareRowExclusiveLock")
        # A detached partition keeps its foreign key, and dropping that locks `orders` against everybody.
        owner.execute("ALTER TABLE executions DETACH PARTITION executions_20260116 CONCURRENTLY")
        assert locks(lab, "DROP TABLE executions_20260116")[1] == "AccessExclusiveLock"
        blocked(lab)
        owner.execute((CODE / "sql/partitions.sql").read_text().split("-- region detach")[1].strip().split(";")[0])
    return {
        "scanned_by_time": number(unpruned),
        "delete_ms": number(1000 * delete_seconds),
        "delete_wal_mb": number(delete_wal / 1e6, 1),
        "detach_ms": number(1000 * seconds),
        "detach_wal_kb": number(drop_wal / 1e3),
        "day_rows": number(lab.scale.per_day),
    }


def cost(owner: psycopg.Connection, act: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and bytes of WAL."""
    seconds: list[float] = []
    wal = wal_of(owner, lambda: seconds.append(timed(act)))
    return seconds[0], wal


def erase(owner: psycopg.Connection, partition: str) -> None:
    owner.execute(f"DELETE FROM {partition}")
    owner.execute(f"VACUUM {partition}")


def leave(owner: psycopg.Connection, partition: str) -> None:
    owner.execute(f"ALTER TABLE executions DETACH PARTITION {partition} CONCURRENTLY")
    owner.execute(f"DROP TABLE {partition}")


def locks(lab: Lab, statement: str) -> tuple[str, str]:
    """The strongest locks on `executions` and on `orders` that the statement takes; it is rolled back."""
    with lab.primary.connect(autocommit=False) as connection:
        connection.execute(statement)
        strongest = held(connection, "executions"), held(connection, "orders")
        connection.rollback()
    return strongest


def held(connection: psycopg.Connection, table: str) -> str:
    rows = connection.execute("SELECT mode FROM pg_locks WHERE relation = %s::regclass AND pid = pg_backend_pid()", (table,))
    return max((mode for mode, in rows), key=STRENGTH.index, default="none")


def scanned(owner: psycopg.Connection, query: str) -> int:
    """How many partitions the plan reads."""
    return json.dumps(one(owner, f"EXPLAIN (FORMAT JSON) {query}")).count('"Relation Name"')


def blocked(lab: Lab) -> None:
    """While an old reader is at it, a plain DETACH locks out new readers; CONCURRENTLY lets them pass."""
    assert new_reader_waits(lab, "ALTER TABLE executions DETACH PARTITION executions_20260114")
    assert not new_reader_waits(lab, "ALTER TABLE executions DETACH PARTITION executions_20260115 CONCURRENTLY")


def new_reader_waits(lab: Lab, detach: str) -> bool:
    with lab.primary.connect(autocommit=False) as old, lab.primary.connect() as new, lab.primary.connect() as owner:
        old.execute("SELECT count(*) FROM executions")
        detaching = threading.Thread(target=owner.execute, args=(detach,))
        detaching.start()
        wait_until(lambda: one(new, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))
        new.execute("SET lock_timeout = '300ms'")
        try:
            new.execute("SELECT count(*) FROM executions")
            return False
        except errors.LockNotAvailable:
            return True
        finally:
            old.rollback()
            detaching.join()
