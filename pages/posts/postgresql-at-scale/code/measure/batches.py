"""Five ways to store the same executions; in turns, the best of two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from decimal import Decimal

import psycopg

from measure.bench import Lab, number, one, timed

INSERT = "INSERT INTO intake (trade_date, order_id, executed_at, quantity, price, venue, venue_execution_id) VALUES (%s, %s, %s, %s, %s, %s, %s)"
Rows = list[tuple[object, ...]]


def measured(lab: Lab) -> dict[str, object]:
    rows = executions(lab.scale.rows)
    rates = dict.fromkeys(WAYS, 0.0)
    with lab.primary.connect() as owner:
        owner.execute("CREATE TABLE intake (LIKE executions INCLUDING ALL)")
        for name, way in [*WAYS.items()] * 2:
            few = rows[: len(rows) // 10] if name in ("commit_each", "one_by_one") else rows
            owner.execute("TRUNCATE intake")
            rates[name] = max(rates[name], len(few) / timed(lambda: way(owner, few)))
            assert one(owner, "SELECT count(*) FROM intake") == len(few)
    assert rates["copy"] > rates["one_by_one"] > rates["commit_each"]
    return {f"rows_{name}": number(rate, 0) for name, rate in rates.items()} | {
        "copy_times": number(rates["copy"] / rates["commit_each"]), "series": {"batches": {name: round(rate) for name, rate in rates.items()}}
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
    """Statements sent without waiting for each answer: executemany does so since psycopg 3.1."""
    with connection.transaction():
        connection.cursor().executemany(INSERT, rows)


def unnested(connection: psycopg.Connection, rows: Rows) -> None:
    """One statement with one array per column: one parse, one plan, any number of rows."""
    connection.execute(
        """INSERT INTO intake (trade_date, order_id, executed_at, quantity, price, venue, venue_execution_id)
           SELECT * FROM unnest(%s::date[], %s::bigint[], %s::timestamptz[], %s::bigint[],
                                %s::numeric[], %s::text[], %s::text[])""",
        [list(column) for column in zip(*rows, strict=True)],
    )


def copied(connection: psycopg.Connection, rows: Rows) -> None:
    into = """COPY intake (trade_date, order_id, executed_at, quantity, price, venue, venue_execution_id)
              FROM STDIN"""
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
