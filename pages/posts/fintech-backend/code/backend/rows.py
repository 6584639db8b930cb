"""The one row of a query that always has one."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

Conn = Connection[Any]


def one(conn: Conn, query: str, parameters: object = ()) -> tuple[Any, ...]:
    """LookupError where there is none."""
    row = conn.execute(query, parameters).fetchone()  # type: ignore[call-overload]
    if row is None:
        raise LookupError("there is no such row")
    return tuple(row)
