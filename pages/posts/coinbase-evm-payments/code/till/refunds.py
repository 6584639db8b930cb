"""Money that goes back: only what is final, to an address that the customer gave.

Never to the sender of a payment by itself: that may be an exchange's common wallet, or
a contract that can do nothing with it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from till import abi
from till.payments import arrivals_of, settle
from till.policy import Policy
from till.rpc import number
from till.sender import Sender
from till.states import OPEN, Cause, State
from till.store import transaction

GAS = 100_000  # for a token's transfer; a plain one needs about half


class NotOwed(Exception):
    """A refund that the facts do not cover."""


@dataclass(frozen=True, slots=True)
class Refund:
    """What a person decided; `ticket` says where, and makes it happen once."""

    ticket: str
    invoice: str
    token: str
    amount: int
    to: str


# region order
def order(
    connection: sqlite3.Connection, sender: Sender, refund: Refund, finalized: int
) -> int:
    """Queues a refund once per ticket; NotOwed where there is less to give back."""
    purpose = f"refund/{refund.ticket}"
    data = abi.call("transfer(address,uint256)", refund.to, refund.amount)
    with transaction(connection):
        if refund.amount > available(connection, refund, purpose, finalized):
            raise NotOwed("that is more than what is final and not promised yet")
        outgoing = sender.queue(purpose, refund.token, data, GAS)
        connection.execute(
            "INSERT INTO refund (outgoing, invoice, token, amount) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (outgoing, refund.invoice, refund.token, str(refund.amount)),
        )
    return outgoing


# endregion order


def available(
    connection: sqlite3.Connection, refund: Refund, purpose: str, finalized: int
) -> int:
    """What came in final blocks, less all other promises."""
    there = sum(
        arrival.amount
        for arrival in arrivals_of(connection, refund.invoice)
        if arrival.token == refund.token and arrival.block <= finalized
    )
    promised = connection.execute(
        "SELECT amount FROM refund JOIN outgoing ON id = outgoing"
        " WHERE invoice = ? AND token = ? AND purpose <> ?",
        (refund.invoice, refund.token, purpose),
    )
    row = connection.execute(
        "SELECT state FROM invoice WHERE id = ?", (refund.invoice,)
    )
    if State(row.fetchone()["state"]) in OPEN:
        raise NotOwed("the payer may still complete this invoice")
    return there - sum(int(other) for (other,) in promised)


def confirm(
    connection: sqlite3.Connection, sender: Sender, finalized: int, policy: Policy
) -> None:
    """Books the refunds that are final and did not revert."""
    sender.confirm(finalized)
    rows = connection.execute(
        "SELECT refund.*, mined FROM refund JOIN outgoing ON id = outgoing"
        " WHERE mined IS NOT NULL AND NOT firm"
    ).fetchall()
    for row in rows:
        receipt = sender.rpc("eth_getTransactionReceipt", row["mined"])
        if receipt and number(receipt["status"]) == 1:
            with transaction(connection):
                connection.execute(
                    "UPDATE refund SET firm = 1 WHERE outgoing = ?", (row["outgoing"],)
                )
                settle(connection, row["invoice"], policy, Cause.REFUND)
