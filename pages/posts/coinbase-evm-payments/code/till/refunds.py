"""Money that goes back: only what is final, to an address that the customer gave.

Never to the sender of a payment by itself: that may be an exchange's common wallet, or
a contract that can do nothing with it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from till import abi
from till.payments import assessed_at, settle_apart
from till.policy import Policy
from till.rpc import number
from till.sender import Sender
from till.states import OPEN, Cause, Part
from till.store import counted, transaction

GAS = 100_000  # for a token's transfer; a plain one needs about half


class NotOwed(Exception):
    """A refund that the facts do not cover."""


@dataclass(frozen=True, slots=True)
class Refund:
    """What a person decided; `ticket` says where, and makes it happen once."""

    ticket: str
    invoice: str
    part: Part
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
        known = connection.execute(
            "SELECT id FROM outgoing WHERE purpose = ?", (purpose,)
        ).fetchone()
        if known:
            return int(known["id"])
        if refund.amount > available(connection, refund, finalized):
            raise NotOwed("that is more than what is final and not promised yet")
        outgoing = sender.queue(purpose, refund.token, data, GAS)
        connection.execute(
            "INSERT INTO refund (outgoing, invoice, token, amount, part)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                outgoing,
                refund.invoice,
                refund.token,
                str(refund.amount),
                refund.part,
            ),
        )
    return outgoing


# endregion order


# region available
def available(connection: sqlite3.Connection, refund: Refund, finalized: int) -> int:
    """What final blocks, as the watcher saw them, leave of that part; less promises."""
    row = connection.execute(
        "SELECT * FROM invoice WHERE id = ?", (refund.invoice,)
    ).fetchone()
    final = min(finalized, counted(connection, "finalized", 0))
    found = assessed_at(connection, row, final)
    if found.state in OPEN:
        raise NotOwed("the payer may still complete this invoice, or it is not final")
    sold = found.credited if refund.token == row["token"] else 0
    there = sold if refund.part == Part.SALE else found.owed.get(refund.token, 0)
    promised = connection.execute(
        "SELECT amount FROM refund WHERE invoice = ? AND token = ? AND part = ?"
        " AND NOT firm AND NOT failed",
        (refund.invoice, refund.token, refund.part),
    )
    return there - sum(int(other) for (other,) in promised)


# endregion available


def confirm(
    connection: sqlite3.Connection, sender: Sender, finalized: int, policy: Policy
) -> None:
    """Books the refunds that are final; one that reverted is promised no longer."""
    sender.confirm(finalized)
    rows = connection.execute(
        "SELECT refund.*, mined FROM refund JOIN outgoing ON id = outgoing"
        " WHERE mined IS NOT NULL AND NOT firm AND NOT failed"
    ).fetchall()
    for row in rows:
        receipt = sender.rpc("eth_getTransactionReceipt", row["mined"])
        if receipt:
            column = "firm" if number(receipt["status"]) == 1 else "failed"
            with transaction(connection):
                connection.execute(
                    f"UPDATE refund SET {column} = 1 WHERE outgoing = ?",
                    (row["outgoing"],),
                )
                settle_apart(connection, row["invoice"], policy, Cause.REFUND)
