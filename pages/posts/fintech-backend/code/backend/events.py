"""The event store: append with a version, load through a snapshot, project in a safe order."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from backend import payments
from backend.payments import Event, Payment, fold
from backend.rows import one

Conn = Connection[Any]
CODE = hashlib.sha256(Path(payments.__file__).read_bytes()).hexdigest()[:12]
SNAPSHOT_EVERY = 20


# region append
def append(conn: Conn, stream: uuid.UUID, after: int, events: Iterable[Event]) -> None:
    """After that version, or UniqueViolation: somebody else has moved the payment."""
    for version, event in enumerate(events, after + 1):
        conn.execute(
            "INSERT INTO event (stream, version, kind, schema, body)"
            " VALUES (%s, %s, %s, %s, %s)",
            (stream, version, event.kind, event.schema, Jsonb(dict(event.body))),
        )


# endregion append


# region load
def load(conn: Conn, stream: uuid.UUID) -> Payment:
    """The payment now: the snapshot that this very code made, and what came after."""
    kept = conn.execute(
        "SELECT state FROM snapshot WHERE stream = %s AND code = %s", (stream, CODE)
    ).fetchone()
    start = thawed(kept[0]) if kept else None
    rows = conn.execute(
        "SELECT kind, body, schema FROM event WHERE stream = %s AND version > %s"
        " ORDER BY version",
        (stream, start.version if start else 0),
    ).fetchall()
    payment = fold(stream, (Event(*row) for row in rows), start)
    if len(rows) >= SNAPSHOT_EVERY:
        keep(conn, payment)
    return payment


# endregion load


def keep(conn: Conn, payment: Payment) -> None:
    frozen = {
        name: str(value) if isinstance(value, uuid.UUID) else value
        for name, value in asdict(payment).items()
    }
    conn.execute(
        "INSERT INTO snapshot (stream, version, code, state) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (stream, code) DO UPDATE SET version = excluded.version, state = excluded.state"
        " WHERE snapshot.version < excluded.version",
        (payment.id, payment.version, CODE, Jsonb(frozen)),
    )


def thawed(frozen: dict[str, Any]) -> Payment:
    ids = {name: uuid.UUID(frozen[name]) for name in ("id", "customer")}
    return Payment(**{**frozen, **ids})


NAIVE = """SELECT stream, version, kind, body, schema, made_in::text, place, at FROM event
WHERE place > %(place)s ORDER BY place LIMIT 500"""

# region order
SAFE = """SELECT stream, version, kind, body, schema, made_in::text, place, at
FROM event
WHERE (made_in, place) > (%(made_in)s::xid8, %(place)s)
  AND made_in < pg_snapshot_xmin(pg_current_snapshot())  -- nobody can add before these
ORDER BY made_in, place LIMIT 500"""
# endregion order


# region project
def project(conn: Conn, name: str = "payment_view", query: str = SAFE) -> int:
    """Carry new events into the view, with the position in the same transaction."""
    with conn.transaction():
        conn.execute(
            "INSERT INTO projection (name) VALUES (%s) ON CONFLICT DO NOTHING", (name,)
        )
        made_in, place = one(
            conn,
            "SELECT made_in::text, place FROM projection WHERE name = %s FOR UPDATE",
            (name,),
        )
        rows = conn.execute(query, {"made_in": made_in, "place": place}).fetchall()
        for stream, version, kind, body, schema, made_in, place, at in rows:
            show(conn, stream, version, Event(kind, body, schema), at)
        conn.execute(
            "UPDATE projection SET made_in = %s, place = %s WHERE name = %s",
            (made_in, place, name),
        )
    return len(rows)


# endregion project


def show(conn: Conn, stream: uuid.UUID, version: int, event: Event, at: Any) -> None:
    if version == 1:
        new = fold(stream, [event])
        conn.execute(
            "INSERT INTO payment_view VALUES (%s, %s, %s, %s, %s, %s, %s, 0, 1, %s)"
            " ON CONFLICT DO NOTHING",
            (
                stream,
                new.customer,
                new.state,
                new.rail,
                new.way,
                new.minor,
                new.currency,
                at,
            ),
        )
        return
    conn.execute(
        "UPDATE payment_view SET state = %s, depth = coalesce(%s, depth), version = %s, since = %s"
        " WHERE payment = %s AND version < %s",
        (
            payments.BECOMES[event.kind],
            event.body.get("depth"),
            version,
            at,
            stream,
            version,
        ),
    )


def rebuild(conn: Conn) -> None:
    """Throw the view away and make it again from the first event."""
    with conn.transaction():
        conn.execute("DELETE FROM payment_view")
        conn.execute("DELETE FROM projection WHERE name = 'payment_view'")
    while project(conn):
        pass
