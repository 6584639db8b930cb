"""Money that goes back: only what is final, to an address that the customer gave.

Never to the sender of a payment by itself: that may be an exchange's common wallet, or
a contract that can do nothing with it.
"""

from __future__ import annotations

import sqlite3

from till import abi
from till.payments import arrivals_of, settle
from till.rpc import number
from till.sender import Sender
from till.states import OPEN, Cause, State

GAS = 100_000  # for a token's transfer; a plain one needs about half


class NotOwed(Exception):
    """A refund that the facts do not cover."""


# region order
def order(
    connection: sqlite3.Connection,
    sender: Sender,
    ticket: str,
    invoice: str,
    token: str,
    amount: int,
    to: str,
    finalized: int,
) -> int:
    """Queues a refund once per ticket; NotOwed where there is less to give back."""
    purpose = f"refund/{ticket}"
    row = connection.execute(
        "SELECT state FROM invoice WHERE id = ?", (invoice,)
    ).fetchone()
    if State(row["state"]) in OPEN:
        raise NotOwed("the payer may still complete this invoice")
    there = sum(
        a.amount
        for a in arrivals_of(connection, invoice)
        if a.token == token and a.block <= finalized
    )
    promised = connection.execute(
        "SELECT amount FROM refund JOIN outgoing ON id = outgoing"
        " WHERE invoice = ? AND token = ? AND purpose <> ?",
        (invoice, token, purpose),
    )
    if amount > there - sum(int(other) for (other,) in promised):
        raise NotOwed(f"{amount} is more than what is final and not promised yet")
    outgoing = sender.queue(
        purpose, token, abi.call("transfer(address,uint256)", to, amount), GAS
    )
    connection.execute(
        "INSERT INTO refund (outgoing, invoice, token, amount) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (outgoing, invoice, token, str(amount)),
    )
    return outgoing


# endregion order


def confirm(
    connection: sqlite3.Connection, sender: Sender, finalized: int, time: int
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
            connection.execute(
                "UPDATE refund SET firm = 1 WHERE outgoing = ?", (row["outgoing"],)
            )
            settle(connection, row["invoice"], finalized, time, Cause.REFUND)
