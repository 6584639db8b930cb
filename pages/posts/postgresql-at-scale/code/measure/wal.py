"""What an order costs in WAL, right after a checkpoint and later; what a commit waits for."""

from __future__ import annotations

import re
import subprocess

import psycopg

from desk.cluster import BIN, CODE, address, run
from measure.bench import TODAY, Lab, checkpoint, number, one, pgbench, spread, wal_of

ORDERS = 400


def measured(lab: Lab) -> dict[str, object]:
    with lab.primary.connect() as owner, lab.primary.connect(user="postgres") as superuser:
        pgbench(lab.primary.port, "order.sql", 4, 1)
        cost: dict[str, list[float]] = {"first": [], "later": [], "plain": []}
        for _ in range(lab.scale.runs):
            checkpoint(lab)
            cost["first"].append(wal_per_order(lab, owner))
            pgbench(lab.primary.port, "order.sql", 4, 2 * lab.scale.seconds)
            cost["later"].append(wal_per_order(lab, owner))
            superuser.execute("ALTER DATABASE desk SET wal_compression = off")
            checkpoint(lab)
            cost["plain"].append(wal_per_order(lab, owner))
            superuser.execute("ALTER DATABASE desk RESET wal_compression")
        rates = waiting(lab, owner)
        stored = stored_per_order(owner)
    every = [each for values in cost.values() for each in values]
    assert 500 < min(every) and max(every) < 200_000, cost
    assert 300 < stored < 20_000, stored
    return {
        "wal_first": spread(cost["first"]),
        "wal_plain": spread(cost["plain"]),
        "wal_later": spread(cost["later"]),
        "sync_1": spread(rates["on", 1]),
        "sync_16": spread(rates["on", 16]),
        "async_1": spread(rates["off", 1]),
        "async_16": spread(rates["off", 16]),
        "order_bytes": number(stored),
        "flush_ms": spread(lab.turns(lambda: flush_ms(lab)), 1),
    }


def waiting(lab: Lab, owner: psycopg.Connection) -> dict[tuple[str, int], list[float]]:
    """Transactions a second by `synchronous_commit` and the number of clients, in turns."""
    rates: dict[tuple[str, int], list[float]] = {}
    for setting in ("on", "off") * lab.scale.runs:
        owner.execute(f"ALTER DATABASE desk SET synchronous_commit = {setting}")
        for clients in (1, 16):
            rate = pgbench(lab.primary.port, "order.sql", clients, lab.scale.seconds)
            rates.setdefault((setting, clients), []).append(rate)
    owner.execute("ALTER DATABASE desk RESET synchronous_commit")
    return rates


def wal_per_order(lab: Lab, owner: psycopg.Connection) -> float:
    return wal_of(owner, lambda: enter(lab)) / ORDERS


def enter(lab: Lab) -> None:
    run("pgbench", "-n", "-M", "prepared", "-D", f"day={TODAY}", "-f", str(CODE / "bench/order.sql"),
        "-c", "1", "-t", str(ORDERS), *address(lab.primary.port, "trader")[:-2], "desk")


def stored_per_order(owner: psycopg.Connection) -> float:
    """Bytes of one order, its execution and its two events, with their indexes, without free space."""
    owner.execute("VACUUM FULL orders_" + TODAY.strftime("%Y%m%d"))
    total = 0.0
    for table, per_order in (("orders", 1), ("executions", 1), ("order_events", 2)):
        name = f"{table}_{TODAY:%Y%m%d}"
        rows = one(owner, f"SELECT count(*) FROM {name}")
        total += per_order * one(owner, f"SELECT pg_total_relation_size('{name}')") / rows
    return float(total)


def flush_ms(lab: Lab) -> float:
    """Milliseconds that this disk needs to flush 8 kB, by PostgreSQL's own tool."""
    command = [BIN / "pg_test_fsync", "-s", "1", "-f", lab.scratch / "flush"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as tool:
        rates = (re.search(r"\bfdatasync\s.*\s(\d+) usecs/op", line) for line in tool.stdout)
        micros = next(rate[1] for rate in rates if rate)
        tool.terminate()  # its other tests take a quarter of a minute
    return int(micros) / 1000
