"""The chain that takes back: deposits through the EVM article's till, and Coinbase's events."""

from __future__ import annotations

import json
import os
import subprocess
import uuid
from pathlib import Path
from typing import Any

from backend import events, till
from backend.api import house
from backend.ledger import Conn
from backend.money import Currency, Money
from backend.pipeline import new_customer
from drills import payouts
from drills.bank import quiet
from drills.stage import (
    EUR,
    TUSD,
    Database,
    balances,
    call,
    customer,
    sound,
    wait_until,
)
from drills.world import CLEAR, KEY, SECRET, TOKENS, World, world

USDC = Currency("USDC", 6)


def drilled(db: Database, count: int) -> dict[str, Any]:
    with db.connect(autocommit=True) as conn:
        quiet(conn)
        with world("--steps", "50:1,1000:3") as made:
            found = deposits(conn, made)
            found |= webhooks(conn, made)
            sound(conn)
            found |= payouts.drilled(db, conn, made, count)
    return found


class Feed:
    """Follows the till's changes and carries them to the ledger."""

    def __init__(self, conn: Conn, made: World) -> None:
        self.conn, self.made, self.last = conn, made, 0
        self.payments: dict[str, uuid.UUID] = {}

    def follow(self) -> None:
        facts = {**CLEAR, "eur_cents": 20_000}  # stands for address data and a quote
        for change in till.changes(self.made.till, KEY, self.last):
            till.carry(self.conn, house(), self.payments, change, facts)
            self.last = change["seq"]

    def until(self, payment: uuid.UUID, state: str) -> None:
        def reached() -> bool:
            assert self.made.watcher.process.poll() is None, "the watcher has ended"
            self.follow()
            return events.load(self.conn, payment).state == state

        wait_until(reached)


# region deposits
def deposits(conn: Conn, made: World) -> dict[str, Any]:
    """One that a reorganisation takes back in time, and one, too late."""
    payer, feed, before = made.about["accounts"][1], Feed(conn, made), lost(conn)
    made.act(payer, "mint", payer, 10_000 * TOKENS)
    who, payment, address = new_deposit(conn, made, feed, 200 * TOKENS)  # three blocks
    made.act(payer, "transfer", address, 200 * TOKENS)
    feed.until(payment, "seen")
    made.node("anvil_reorg", 1, [])  # the block is replaced: no payment
    made.mine()
    feed.until(payment, "receded")
    assert balances(conn, who, "TUSD") == (0, 0)
    made.watcher.kill()  # what happens now, it reads later
    made.act(payer, "transfer", address, 200 * TOKENS)
    made.mine(3)
    made.watcher.again()
    feed.until(payment, "settled")
    assert balances(conn, who, "TUSD") == (200 * TOKENS, 0)

    other, payment, address = new_deposit(conn, made, feed, 20 * TOKENS)  # one block
    made.act(payer, "transfer", address, 20 * TOKENS)
    feed.until(payment, "settled")
    made.node("anvil_reorg", 1, [])
    made.mine()
    feed.until(payment, "broken")
    assert balances(conn, other, "TUSD") == (20 * TOKENS, 0)
    assert lost(conn) - before == 20 * TOKENS
    return {"chain_lost": 20}


# endregion deposits


def new_deposit(
    conn: Conn, made: World, feed: Feed, minor: int
) -> tuple[uuid.UUID, uuid.UUID, str]:
    """The customer, the payment that we expect, and where it is to be paid."""
    who, money = customer(conn, 0), Money(minor, TUSD)
    asked = till.invoice(made.till, KEY, made.token, money, f"deposit-{uuid.uuid4()}")
    payment = till.expected(conn, who, "chain", money, asked["id"])
    feed.payments[asked["id"]] = payment
    return who, payment, asked["address"]


def lost(conn: Conn) -> int:
    [total] = conn.execute(
        "SELECT coalesce(sum(e.amount), 0) FROM entry e JOIN account a ON a.id = e.account"
        " WHERE a.code = 'loss:finality:TUSD'"
    ).fetchone()
    return int(total)


# region webhooks
def webhooks(conn: Conn, made: World) -> dict[str, Any]:
    """Coinbase's events: forged, out of order, twice; credited once."""
    success, expired = documented(made, "success"), documented(made, "expired")
    checkout, who, feed = json.loads(success)["id"], uuid.uuid4(), Feed(conn, made)
    register(made, checkout)
    with conn.transaction():
        new_customer(conn, who, (EUR, USDC), 10**9)
    money = Money(100 * TOKENS, USDC)
    payment = till.expected(conn, who, "coinbase", money, checkout)
    feed.payments[checkout] = payment
    tampered = success.replace(b'"100.00"', b'"900.00"')
    refused = [
        deliver(made, success, "e0", "wrong secret"),
        deliver(made, tampered, "e0", SECRET, signed=success),
    ]
    assert refused == [400, 400]
    late = [
        deliver(made, body, f"e{n}", SECRET)
        for n, body in enumerate((success, expired, success, success))
    ]
    assert late == [204] * 4
    feed.until(payment, "settled")
    feed.follow()
    assert balances(conn, who, "USDC") == (money.minor, 0)
    return {"webhooks_refused": len(refused), "webhooks_taken": len(late)}


# endregion webhooks


def documented(made: World, name: str) -> bytes:
    """An event's body, as Coinbase's documents print it; the till's tests keep them."""
    return Path(made.env["PYTHONPATH"], f"tests/payloads/{name}.json").read_bytes()


def register(made: World, checkout: str) -> None:
    code = (
        "import sys\nfrom till.checkouts import register\nfrom till.store import opened\n"
        "register(opened(sys.argv[1]), sys.argv[2], 'order-12345', '100.00')"
    )
    subprocess.run(
        [*made.python, "-c", code, made.db, checkout],
        env={**os.environ, **made.env},
        check=True,
    )


def deliver(
    made: World, body: bytes, name: str, secret: str, signed: bytes = b""
) -> int:
    """Signed by the till's own test helper, which follows Coinbase's documents."""
    code = (
        "import sys, json, time\nfrom till.webhooks import signed\n"
        "print(json.dumps(signed(sys.argv[1].encode(), sys.stdin.buffer.read(), sys.argv[2], time.time())))"
    )
    headers = json.loads(
        subprocess.run(
            [*made.python, "-c", code, secret, name],
            input=signed or body,
            stdout=subprocess.PIPE,
            env={**os.environ, **made.env},
            check=True,
        ).stdout
    )
    return call(f"{made.till}/webhooks/coinbase", body, headers)[0]
