"""Coinbase checkouts: signed events in, a state and postings out.

An event is a fact that is stored once. The state is computed from all facts of a
checkout, so their order makes no difference.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable

from till import books
from till.amounts import parsed
from till.payments import owed_text
from till.states import Cause, State
from till.store import transaction
from till.webhooks import DECIMALS, Event, Refused, event

MEANS = {
    "checkout.payment.failed": State.EXPIRED,
    "checkout.payment.expired": State.EXPIRED,
    "checkout.payment.success": State.CONFIRMED,
    "checkout.refund.success": State.CONFIRMED,  # refunded, once it is all of it
    "checkout.refund.failed": State.CONFIRMED,
}


# region register
def register(
    connection: sqlite3.Connection, checkout: str, reference: str, amount: str
) -> None:
    """Notes a checkout that we made by the API: the amount is ours, not the event's."""
    connection.execute(
        "INSERT INTO invoice (id, reference, channel, token, due, expires_at)"
        " VALUES (?, ?, 'coinbase', 'USDC', ?, 0) ON CONFLICT DO NOTHING",
        (checkout, reference, str(parsed(amount, DECIMALS))),
    )


# endregion register


# region receive
def receive(
    connection: sqlite3.Connection, body: bytes, event_id: str, now: float
) -> bool:
    """Stores a verified event and settles its checkout; False where it was known."""
    found = event(body)
    with transaction(connection):
        row = connection.execute(
            "SELECT * FROM invoice WHERE id = ? AND channel = 'coinbase'",
            (found.checkout,),
        ).fetchone()
        if row is None:
            raise Refused("a checkout that we did not make")
        if found.currency != "USDC" or found.amount != int(row["due"]):
            raise Refused("an amount or currency that we did not ask for")
        added = connection.execute(
            "INSERT INTO delivery VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (found.key, event_id, found.checkout, body, now),
        ).rowcount
        if added:
            settle(connection, row)
    return bool(added)


# endregion receive


# region fold
def state_of(events: Iterable[Event], due: int) -> State:
    """The furthest that any event says; the same for every order of them."""
    states = [MEANS.get(one.type, State.CREATED) for one in events]
    if max((refunded(one) for one in events), default=0) >= due:
        return State.REFUNDED
    order = (State.CREATED, State.EXPIRED, State.CONFIRMED)
    return max(states, key=order.index, default=State.CREATED)


def refunded(one: Event) -> int:
    return one.refunded if one.type == "checkout.refund.success" else 0


# endregion fold


def settle(connection: sqlite3.Connection, row: sqlite3.Row) -> None:
    bodies = connection.execute(
        "SELECT body FROM delivery WHERE checkout = ?", (row["id"],)
    )
    events = [event(body) for (body,) in bodies]
    due, before = int(row["due"]), State(row["state"])
    after = state_of(events, due)
    back = max((refunded(one) for one in events), default=0)
    credited = due - back if after in (State.CONFIRMED, State.REFUNDED) else 0
    batch = books.post(connection, row["id"], target(events, after, due, back))
    if before == after and not batch:
        return
    connection.execute(
        "INSERT INTO change (invoice, before, after, cause, credited, owed)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            row["id"],
            before,
            after,
            Cause.WEBHOOK,
            str(credited),
            json.dumps(owed_text({})),
        ),
    )
    connection.execute("UPDATE invoice SET state = ? WHERE id = ?", (after, row["id"]))


def target(
    events: list[Event], state: State, due: int, back: int
) -> dict[books.Account, int]:
    """Gross sales, the fee and refunds apart, since that is how they are reported."""
    if state not in (State.CONFIRMED, State.REFUNDED):
        return {}
    fee = max((one.fee for one in events), default=0)
    accounts: Counter[books.Account] = Counter()
    accounts["coinbase", "USDC"] = due - fee - back
    accounts["fees", "USDC"] = fee
    accounts["refunds", "USDC"] = back
    accounts["sales", "USDC"] = -due
    return dict(accounts)
