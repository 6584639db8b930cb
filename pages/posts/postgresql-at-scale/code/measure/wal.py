"""What an order costs in WAL, right after a checkpoint and later, and what a commit waits for."""

from __future__ import annotations

import psycopg

from desk.cluster import CODE, address, run
from measure.bench import Lab, number, one, pgbench, wal_of

ORDERS = 400


def measured(lab: Lab) -> dict[str, str]:
    with lab.primary.connect() as owner:
        pgbench(lab.primary.port, "order.sql", 4, 1)
        owner.execute("CHECKPOINT")
        first = wal_per_order(lab, owner)
        pgbench(lab.primary.port, "order.sql", 4, 2 * lab.scale.seconds)
        later = wal_per_order(lab, owner)
        owner.execute("ALTER DATABASE desk SET wal_compression = off")
        owner.execute("CHECKPOINT")
        plain = wal_per_order(lab, owner)
        owner.execute("ALTER DATABASE desk RESET wal_compression")
        rates = waiting(lab, owner)
        stored = stored_per_order(owner)
    assert plain > first > later
    return {
        "wal_first": number(first),
        "wal_plain": number(plain),
        "wal_later": number(later),
        "sync_1": number(rates["on", 1]),
        "sync_16": number(rates["on", 16]),
        "async_1": number(rates["off", 1]),
        "async_16": number(rates["off", 16]),
        "order_bytes": number(stored),
        "figures_for_capacity": {"wal": later, "stored": stored, "rate": rates["on", 16]},
    }


def waiting(lab: Lab, owner: psycopg.Connection) -> dict[tuple[str, int], float]:
    """Transactions a second by `synchronous_commit` and the number of clients; in turns, the best of two."""
    rates: dict[tuple[str, int], float] = {}
    for setting in ("on", "off") * 2:
        owner.execute(f"ALTER DATABASE desk SET synchronous_commit = {setting}")
        for clients in (1, 16):
            rate = pgbench(lab.primary.port, "order.sql", clients, (lab.scale.seconds + 1) // 2)
            rates[setting, clients] = max(rate, rates.get((setting, clients), 0))
    owner.execute("ALTER DATABASE desk RESET synchronous_commit")
    return rates


def wal_per_order(lab: Lab, owner: psycopg.Connection) -> float:
    return wal_of(owner, lambda: pgbench_count(lab)) / ORDERS


def pgbench_count(lab: Lab) -> None:
    run("pgbench", "-n", "-f", str(CODE / "bench/order.sql"), "-c", "1", "-t", str(ORDERS), *address(lab.primary.port)[:-2], "desk")


def stored_per_order(owner: psycopg.Connection) -> float:
    """Bytes of one order, its execution and its two events, with their indexes, from today's partitions."""
    total = one(owner, "SELECT pg_total_relation_size('orders')") / one(owner, "SELECT count(*) FROM orders")
    for table, per_order in (("executions", 1), ("order_events", 2)):
        name = f"{table}_" + one(owner, "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')")
        total += per_order * one(owner, f"SELECT pg_total_relation_size('{name}')") / one(owner, f"SELECT count(*) FROM {name}")
    return float(total)
