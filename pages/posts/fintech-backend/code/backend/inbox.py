"""Webhooks: verified over the bytes that came, kept once, and never believed beyond a hint."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

Conn = Connection[Any]
MAX_AGE = 300  # seconds


class Forged(Exception):
    """Not from whom it says, not now, or changed on its way."""


# region verify
def verify(
    secrets: tuple[bytes, ...], headers: Mapping[str, str], body: bytes, now: float
) -> str:
    """The event's id, if one of our secrets signed this id, time and very bytes."""
    name, stamp = headers.get("x-event-id", ""), headers.get("x-event-time", "")
    content = b".".join([name.encode(), stamp.encode(), body])
    signatures = [hmac.digest(secret, content, "sha256").hex() for secret in secrets]
    given = headers.get("x-event-signature", "")
    if not any([hmac.compare_digest(each, given) for each in signatures]):
        raise Forged("signature")
    if not name or not stamp.isdecimal() or abs(now - int(stamp)) > MAX_AGE:
        raise Forged("too old, or from the future")
    return name


# endregion verify


# region accept
def accept(conn: Conn, source: str, name: str, body: bytes) -> str | None:
    """The payment that somebody should look at; None for an event that is known."""
    content = json.loads(body)
    kept = conn.execute(
        "INSERT INTO inbox (source, id, body) VALUES (%s, %s, %s)"
        " ON CONFLICT DO NOTHING RETURNING id",
        (source, name, Jsonb(content)),
    ).fetchone()
    return str(content["payment"]) if kept else None


# endregion accept
