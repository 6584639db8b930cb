"""What the experiments share: the scale of a run, pgbench, and how a number is printed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from concurrent.futures import ThreadPoolExecutor

import psycopg

from desk.cluster import CODE, Server, address, run


@dataclass(frozen=True, slots=True)
class Scale:
    """How long each pgbench runs, in seconds, and how much history there is."""

    seconds: int
    orders: int
    per_day: int
    rows: int


QUICK = Scale(seconds=1, orders=20_000, per_day=2_000, rows=3_000)
FULL = Scale(seconds=4, orders=60_000, per_day=20_000, rows=20_000)


@dataclass(frozen=True, slots=True)
class Lab:
    """Where an experiment happens."""

    primary: Server
    scratch: Path
    archive: Path
    scale: Scale
    bouncer: list[str]
    newer_bouncer: list[str]


def pgbench(port: int, script: str, clients: int, seconds: int, *options: str, user: str = "postgres") -> float:
    """Transactions a second."""
    report = run(
        "pgbench", "-n", "-f", str(CODE / "bench" / script), "-c", str(clients), "-j", "2", "-T", str(seconds), *options, *address(port, user)[:-2], "desk"
    )
    assert "number of failed transactions: 0 " in report, report
    return float(re.search(r"tps = ([\d.]+)", report)[1])


def together(count: int, act: Callable[[int], object]) -> list[object]:
    """What each of `count` threads returned."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(act, range(count)))


def timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def number(value: float, digits: int = 0) -> str:
    return f"{value:,.{digits}f}"


def one(connection: psycopg.Connection, query: str, *parameters: object) -> object:
    return connection.execute(query, parameters or None).fetchone()[0]


def wal_of(connection: psycopg.Connection, act: Callable[[], object]) -> float:
    """Bytes of WAL that were written meanwhile."""
    before = one(connection, "SELECT pg_current_wal_insert_lsn()")
    act()
    return float(one(connection, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)", before))
