"""Deposits: the change feed of the EVM article's till, carried to the ledger's observations."""

from __future__ import annotations

import json
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from backend import pipeline, settlement
from backend.money import Money
from backend.payments import Observation
from backend.pipeline import House

Conn = Connection[Any]


# region feed
@dataclass(frozen=True, slots=True)
class TillRail:
    """Its watcher decides how deep is deep enough; so its `confirmed` is 1 of 1."""

    name: str = "chain"
    needed: int = 1


def observation(change: dict[str, Any]) -> Observation:
    state, ref = change["after"], change["invoice"]
    if state in ("confirmed", "overpaid"):
        return Observation("seen", 1, ref)
    if state in ("seen", "underpaid"):
        return Observation("seen", 0, ref)
    return Observation("absent", 0, ref)


def carry(
    conn: Conn,
    house: House,
    payments: Mapping[str, uuid.UUID],
    change: dict[str, Any],
    facts: Mapping[str, Any],
) -> None:
    """One change of the feed: judged when it is first seen, then carried on."""
    payment, saw = payments.get(change["invoice"]), observation(change)
    if payment is None:
        return
    if saw.kind == "seen":
        pipeline.receive(conn, house, payment, facts)
    settlement.advance(conn, payment, saw)


# endregion feed


def invoice(
    url: str, key: str, token: str, money: Money, reference: str
) -> dict[str, Any]:
    body = {
        "reference": reference,
        "token": token,
        "due": str(money.minor),
        "seconds": 900,
    }
    return call(url + "/invoices", key, body)


def changes(url: str, key: str, after: int) -> list[dict[str, Any]]:
    found: Any = call(f"{url}/changes?after={after}", key)
    return list(found["changes"] if isinstance(found, dict) else found)


def call(url: str, key: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    content = json.dumps(body).encode() if body else None
    with urllib.request.urlopen(
        urllib.request.Request(url, content, headers), timeout=10
    ) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def expected(
    conn: Conn, customer: uuid.UUID, rail: str, money: Money, invoice: str
) -> uuid.UUID:
    return settlement.expect(conn, customer, TillRail(rail), money, invoice)
