"""Five ways to store the same rows, as one connection."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import datetime, timezone
from decimal import Decimal

import psycopg

from measure.bench import Lab, number, one, spread, timed

INSERT = """INSERT INTO intake (trade_date, order_id, executed_at, quantity, price,
            venue, venue_execution_id) VALUES (%s, %s, %s, %s, %s, %s, %s)"""
Rows = list[tuple[object, ...]]


def measured(lab: Lab) -> dict[str, object]:
    rows = executions(lab.scale.rows)
    rates: dict[str, list[float]] = {name: [] for name in WAYS}
    with lab.primary.connect() as owner:
        owner.execute("CREATE TABLE intake (LIKE executions INCLUDING ALL)")
        for name, way in [*WAYS.items()] * lab.scale.runs:
            few = rows[: len(rows) // 20] if name in ("commit_each", "one_by_one") else rows
            owner.execute("TRUNCATE intake")
            rates[name].append(len(few) / timed(lambda: way(owner, few)))
            assert one(owner, "SELECT count(*) FROM intake") == len(few)
    middle = {name: statistics.median(each) for name, each in rates.items()}
    assert middle["copy"] > middle["one_by_one"]
    return {f"rows_{name}": spread(each) for name, each in rates.items()} | {
        "copy_times": number(middle["copy"] / middle["commit_each"]),
        "series": {"batches": {name: round(rate) for name, rate in middle.items()}},
    }


def executions(count: int) -> Rows:
    now = datetime(2026, 1, 30, 9, tzinfo=timezone.utc)
    return [(now.date(), n, now, 100, Decimal("10.25"), "XSIM", str(n)) for n in range(count)]


def commit_each(connection: psycopg.Connection, rows: Rows) -> None:
    for row in rows:
        connection.execute(INSERT, row)


def one_by_one(connection: psycopg.Connection, rows: Rows) -> None:
    with connection.transaction():
        commit_each(connection, rows)


# region batches
def pipelined(connection: psycopg.Connection, rows: Rows) -> None:
    """Statements sent without waiting for each answer: so does executemany."""
    with connection.transaction():
        connection.cursor().executemany(INSERT, rows)


def unnested(connection: psycopg.Connection, rows: Rows) -> None:
    """One statement with one array per column: one parse, one plan, many rows."""
    connection.execute(
        """INSERT INTO intake (trade_date, order_id, executed_at, quantity, price,
                               venue, venue_execution_id)
           SELECT * FROM unnest(%s::date[], %s::bigint[], %s::timestamptz[],
                                %s::bigint[], %s::numeric[], %s::text[], %s::text[])""",
        [list(column) for column in zip(*rows, strict=True)],
    )


def copied(connection: psycopg.Connection, rows: Rows) -> None:
    into = """COPY intake (trade_date, order_id, executed_at, quantity, price,
                           venue, venue_execution_id) FROM STDIN"""
    with connection.cursor().copy(into) as copy:
        for row in rows:
            copy.write_row(row)


# endregion batches


WAYS: dict[str, Callable[[psycopg.Connection, Rows], None]] = {
    "commit_each": commit_each,
    "one_by_one": one_by_one,
    "pipeline": pipelined,
    "unnest": unnested,
    "copy": copied,
}
