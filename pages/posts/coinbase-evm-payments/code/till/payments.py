"""Invoices, and the one place where facts become a state, a posting and a message."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from till import books
from till.hd import PublicKey
from till.policy import Head, Policy
from till.states import (
    Arrival,
    Assessment,
    Cause,
    Invoice,
    Part,
    Returned,
    State,
    assess,
)
from till.store import counted, transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shop:
    """What makes an invoice's id and address: chain, contract and public key."""

    chain_id: int
    contract: str
    key: PublicKey


# region invoice
def terms_hash(shop: Shop, token: str, due: int, expires_at: int, salt: bytes) -> str:
    """What `Checkout.invoiceId` computes, without asking a node."""
    types = ["uint256", "address", "(address,uint256,uint64,bytes32)"]
    values = [shop.chain_id, shop.contract, (token, due, expires_at, salt)]
    return "0x" + keccak(encode(types, values)).hex()


def create(
    connection: sqlite3.Connection,
    shop: Shop,
    reference: str,
    token: str,
    due: int,
    expires_at: int,
    salt: bytes,
) -> sqlite3.Row:
    """A new invoice; the one that is there, where the reference was used before."""
    if due <= 0:
        raise ValueError("An invoice of nothing would be paid by nobody.")
    with transaction(connection):
        known = connection.execute(
            "SELECT * FROM invoice WHERE reference = ?", (reference,)
        ).fetchone()
        if known:
            if (known["token"], known["due"]) != (token, str(due)):
                raise ValueError(
                    f"“{reference}” is an invoice of another amount or token."
                )
            return known  # type: ignore[no-any-return]
        position = counted(connection, "address") - 1
        connection.execute(
            "INSERT INTO invoice (id, reference, channel, token, due, expires_at, salt,"
            " position, address) VALUES (?, ?, 'chain', ?, ?, ?, ?, ?, ?)",
            (
                terms_hash(shop, token, due, expires_at, salt),
                reference,
                token,
                str(due),
                expires_at,
                salt.hex(),
                position,
                shop.key.child(position).address,
            ),
        )
        return connection.execute(  # type: ignore[no-any-return]
            "SELECT * FROM invoice WHERE reference = ?", (reference,)
        ).fetchone()


# endregion invoice


def invoice_of(row: sqlite3.Row) -> Invoice:
    return Invoice(row["id"], row["token"], int(row["due"]), row["expires_at"])


def arrivals_of(connection: sqlite3.Connection, invoice: str) -> list[Arrival]:
    """What the chain still holds of it."""
    return [
        Arrival(row["token"], int(row["amount"]), row["number"], row["time"])
        for row in connection.execute(
            "SELECT * FROM arrival WHERE invoice = ? AND NOT orphaned", (invoice,)
        )
    ]


def returned_of(connection: sqlite3.Connection, invoice: str) -> Returned:
    """What we sent back and the chain keeps."""
    sale, owed = 0, Counter[str]()
    for row in connection.execute(
        "SELECT * FROM refund WHERE invoice = ? AND firm", (invoice,)
    ):
        if row["part"] == Part.SALE:
            sale += int(row["amount"])
        else:
            owed[row["token"]] += int(row["amount"])
    return Returned(sale, owed)


# region settle
def settle(
    connection: sqlite3.Connection, invoice: str, policy: Policy, cause: Cause
) -> None:
    """Makes state, books and feed say what the facts say; in the caller's transaction.

    It may be called at any time and any number of times.
    """
    row = connection.execute(
        "SELECT * FROM invoice WHERE id = ?", (invoice,)
    ).fetchone()
    before = State(row["state"])
    found = assessed(connection, row, policy)
    batch = books.post(connection, invoice, books.target(row["token"], found))
    if before == found.state and not batch:
        return
    owed = json.dumps(owed_text(found.owed))
    connection.execute(
        "INSERT INTO change (invoice, before, after, cause, credited, owed, block)"
        " VALUES (?, ?, ?, ?, ?, ?, (SELECT max(number) FROM block))",
        (invoice, before, found.state, cause, str(found.credited), owed),
    )
    connection.execute(
        "UPDATE invoice SET state = ? WHERE id = ?", (found.state, invoice)
    )


def assessed(
    connection: sqlite3.Connection, row: sqlite3.Row, policy: Policy
) -> Assessment:
    """The invoice by its facts, as far as the watcher has come."""
    [height] = connection.execute("SELECT max(number) FROM block").fetchone()
    head = Head(height or 0, counted(connection, "finalized", 0))
    return assessed_at(connection, row, policy.firm_block(int(row["due"]), head))


# endregion settle


def assessed_at(
    connection: sqlite3.Connection, row: sqlite3.Row, firm_block: int
) -> Assessment:
    """The invoice, if all up to this block counts."""
    [firm_time] = connection.execute(
        "SELECT max(time) FROM block WHERE number <= ?", (firm_block,)
    ).fetchone()
    arrivals = arrivals_of(connection, row["id"])
    returned = returned_of(connection, row["id"])
    return assess(invoice_of(row), arrivals, returned, firm_block, firm_time or 0)


# region apart
def settle_apart(
    connection: sqlite3.Connection, invoice: str, policy: Policy, cause: Cause
) -> None:
    """Settles, or leaves this one invoice as it was: its facts stay, and it is told."""
    connection.execute("SAVEPOINT apart")
    try:
        settle(connection, invoice, policy, cause)
    except (sqlite3.IntegrityError, AssertionError) as error:
        connection.execute("ROLLBACK TO apart")
        counted(connection, "refused settlements")
        log.error("invoice %s was not settled: %s", invoice, error)
    connection.execute("RELEASE apart")


# endregion apart


def owed_text(owed: Mapping[str, int]) -> dict[str, str]:
    """Amounts as text, since JSON's numbers end at 2**53 in many readers."""
    return {token: str(amount) for token, amount in owed.items()}
