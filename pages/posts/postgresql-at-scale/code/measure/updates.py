"""HOT updates with and without room in the page, and a reader that holds vacuum back."""

from __future__ import annotations

import re

import psycopg

from desk.cluster import wait_until
from measure.bench import Lab, number, one

ROWS = 5_000
OPEN_INDEX = "CREATE INDEX ON churn (account_id) WHERE status = 'open'"


def measured(lab: Lab) -> dict[str, str]:
    with lab.primary.connect() as owner:
        full, roomy = churned(owner, "fillfactor = 100"), churned(owner, "fillfactor = 80")
        indexed = churned(owner, "fillfactor = 80", OPEN_INDEX, "status = 'cancelled'")
        partial = churned(owner, "fillfactor = 80", OPEN_INDEX)
        assert roomy > full and indexed == 0 and partial > 50
        kept = held_back(lab, owner)
        assert kept >= ROWS
        age = one(owner, "SELECT max(age(datfrozenxid)) FROM pg_database")
    return {
        "hot_full": number(full),
        "hot_roomy": number(roomy),
        "hot_indexed": number(indexed),
        "kept_dead": number(kept),
        "xid_age": number(age),
    }


def churned(owner: psycopg.Connection, storage: str, index: str = "", change: str = "filled = filled + 1") -> float:
    """Percent of HOT updates when each row of a fresh table changes once, in ten statements."""
    owner.execute("DROP TABLE IF EXISTS churn")
    owner.execute(f"CREATE TABLE churn (LIKE orders) WITH ({storage}, autovacuum_enabled = off)")
    owner.execute(f"INSERT INTO churn SELECT * FROM orders WHERE trade_date < '2026-02-01' LIMIT {ROWS}")
    owner.execute("ALTER TABLE churn ADD PRIMARY KEY (order_id)")
    if index:
        owner.execute(index)
    for part in range(10):
        owner.execute(f"UPDATE churn SET {change} WHERE order_id %% 10 = %s", (part,))
    hot, updates = updated(owner)
    return 100 * hot / updates


def updated(owner: psycopg.Connection) -> tuple[int, int]:
    counts = (0, 0)

    def arrived() -> bool:
        nonlocal counts
        counts = owner.execute(
            "SELECT n_tup_hot_upd, n_tup_upd FROM pg_stat_user_tables WHERE relname = 'churn'"
        ).fetchone()
        return counts[1] >= ROWS

    wait_until(arrived)
    return counts


def held_back(lab: Lab, owner: psycopg.Connection) -> int:
    """Dead rows that VACUUM must keep while an old snapshot is open; afterwards it keeps none."""
    with lab.primary.connect(user="auditor", autocommit=False) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM account")
        owner.execute("UPDATE churn SET filled = filled + 1")
        kept = unremovable(owner)
        reader.rollback()
    # Another process, such as autovacuum's ANALYZE, may hold a snapshot for a moment more.
    wait_until(lambda: unremovable(owner) == 0)
    return kept


def unremovable(owner: psycopg.Connection) -> int:
    notices: list[str] = []

    def hear(notice: psycopg.errors.Diagnostic) -> None:
        notices.append(notice.message_primary)

    owner.add_notice_handler(hear)
    owner.execute("VACUUM (VERBOSE) churn")
    owner.remove_notice_handler(hear)
    return int(re.search(r"(\d+) are dead but not yet removable", "\n".join(notices))[1])
