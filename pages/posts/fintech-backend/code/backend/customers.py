"""Envelope encryption of what identifies a customer, rotation, and the daily run."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from backend import compliance, pipeline
from backend.keys import Token, seal, unseal
from backend.money import Currency
from backend.rows import one
from backend.screening import Listed, best_match

Conn = Connection[Any]


# region envelope
def enrol(
    conn: Conn,
    token: Token,
    kek: str,
    name: str,
    currencies: tuple[Currency, ...],
    limit: int,
) -> uuid.UUID:
    customer, key = uuid.uuid4(), os.urandom(32)
    owner = customer.bytes
    sealed = (seal(key, name, owner), token.wrap(kek, key, owner), kek)
    with conn.transaction():
        pipeline.new_customer(conn, customer, currencies, limit, sealed)
    return customer


def name_of(conn: Conn, token: Token, customer: uuid.UUID) -> str:
    sealed, wrapped, kek = one(
        conn,
        "SELECT name, key, kek FROM customer WHERE id = %s AND kek <> ''",
        (customer,),
    )
    return unseal(token.unwrap(kek, wrapped, customer.bytes), sealed, customer.bytes)


def rotate(conn: Conn, token: Token, old: str, new: str) -> int:
    """Wrap each key anew: 60 bytes a customer, and no name is decrypted."""
    rows = conn.execute(
        "SELECT id, key FROM customer WHERE kek = %s", (old,)
    ).fetchall()
    for customer, wrapped in rows:
        key = token.unwrap(old, wrapped, customer.bytes)
        conn.execute(
            "UPDATE customer SET key = %s, kek = %s WHERE id = %s AND kek = %s",
            (token.wrap(new, key, customer.bytes), new, customer, old),
        )
    return len(rows)


# endregion envelope


# region daily
def screen_everyone(
    conn: Conn, house: pipeline.House, token: Token, listing: Sequence[Listed]
) -> int:
    """Each customer against the list, each day; how many wait for a person now."""
    found = 0
    for (who,) in conn.execute("SELECT id FROM customer WHERE kek <> ''").fetchall():
        match = best_match(name_of(conn, token, who), None, listing)
        if settled_by_a_person(conn, who, match.listed):
            continue
        facts = {"list_score": match.score, "listed": match.listed}
        with conn.transaction():
            _, verdict = pipeline.decide(conn, house, who, "daily", facts)
        found += verdict.outcome != "allow"
    return found


def settled_by_a_person(conn: Conn, who: uuid.UUID, listed: str) -> bool:
    """No run lifts a person's block, or asks again about a match that was cleared."""
    last = conn.execute(
        "SELECT outcome, facts ->> 'listed' FROM decision"
        " WHERE subject = %s AND stage = 'daily' AND by <> 'rules'"
        " ORDER BY at DESC LIMIT 1",
        (who,),
    ).fetchone()
    return last is not None and (last[0] == "refuse" or last[1] == listed)


# endregion daily


def answer(
    conn: Conn, house: pipeline.House, who: uuid.UUID, person: str, outcome: str
) -> None:
    """A person's word on the match that the last run found."""
    [facts] = one(
        conn,
        "SELECT facts FROM decision WHERE subject = %s AND stage = 'daily'"
        " ORDER BY at DESC LIMIT 1",
        (who,),
    )
    verdict = compliance.Verdict(outcome, ("a person",))
    with conn.transaction():
        pipeline.record(conn, house, who, "daily", facts, verdict, person)
