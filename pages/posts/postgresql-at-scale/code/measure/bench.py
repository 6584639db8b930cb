"""What the experiments share: the scale of a run, pgbench, and how a number is printed."""

from __future__ import annotations

import os
import re
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path

import psycopg

from desk.cluster import CODE, Server, address, run
from desk.orders import Order
from measure.capacity import number

# The business day of this run: chosen once, so that midnight changes nothing.
TODAY = datetime.now(timezone.utc).date()


@dataclass(frozen=True, slots=True)
class Scale:
    """Seconds and runs of each pgbench, rows of a day of history, partitioned days."""

    seconds: int
    runs: int
    per_day: int
    rows: int
    days: int


QUICK = Scale(seconds=1, runs=1, per_day=1_000, rows=3_000, days=60)
FULL = Scale(seconds=2, runs=5, per_day=20_000, rows=20_000, days=252)


@dataclass(frozen=True, slots=True)
class Lab:
    """Where an experiment happens; the PgBouncers' commands are empty if there are none."""

    primary: Server
    scratch: Path
    archive: Path
    scale: Scale
    old_pooler: list[str]
    pooler: list[str]

    def turns(self, act: Callable[[], float]) -> list[float]:
        return [act() for _ in range(self.scale.runs)]


def pgbench(
    port: int, script: str, clients: int, seconds: int, *options: str, user: str = "trader",
) -> float:
    """Transactions a second, with prepared statements."""
    report = run(
        "pgbench", "-n", "-M", "prepared", "-D", f"day={TODAY}",
        "-f", str(CODE / "bench" / script), "-c", str(clients), "-j", "2",
        "-T", str(seconds), *options, *address(port, user)[:-2], "desk",
    )
    if "actually processed: 0\n" in report:  # a busy machine was still connecting
        assert seconds < 60, report
        return pgbench(port, script, clients, 4 * seconds, *options, user=user)
    assert "number of failed transactions: 0 " in report, report
    return float(re.search(r"tps = ([\d.]+)", report)[1])


def order(account: int, client_id: str, **changes: object) -> Order:
    """An order of today for ten of instrument 1 at 10, unless it is changed."""
    content = {"instrument": 1, "side": "buy", "quantity": 10, "price": Decimal(10)}
    return Order(day=TODAY, account=account, client_id=client_id, **{**content, **changes})


def together(count: int, act: Callable[[int], object]) -> list[object]:
    """What each of `count` threads returned."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(act, range(count)))


def timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def spread(values: list[float], digits: int = 0) -> str:
    """The median with the lowest and highest in brackets, or one number where all agree."""
    low, middle, high = (number(each, digits) for each in (min(values), statistics.median(values), max(values)))
    return middle if low == high else f"{middle} ({low}–{high})"


def one(connection: psycopg.Connection, query: str, *parameters: object) -> object:
    return connection.execute(query, parameters or None).fetchone()[0]


def wal_of(connection: psycopg.Connection, act: Callable[[], object]) -> float:
    """Bytes of WAL that were written meanwhile."""
    before = one(connection, "SELECT pg_current_wal_insert_lsn()")
    act()
    return float(one(connection, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)", before))


def checkpoint(lab: Lab) -> None:
    with lab.primary.connect(user="postgres") as superuser:
        superuser.execute("CHECKPOINT")
