"""Invoices, and the one place where facts become a state, a posting and a message."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from till import books
from till.hd import PublicKey
from till.policy import Head, Policy
from till.states import Arrival, Assessment, Cause, Invoice, State, assess
from till.store import counted, transaction


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


def returned_of(connection: sqlite3.Connection, invoice: str) -> Counter[str]:
    """What we sent back and the chain keeps, by token."""
    sums: Counter[str] = Counter()
    for token, amount in connection.execute(
        "SELECT token, amount FROM refund WHERE invoice = ? AND firm", (invoice,)
    ):
        sums[token] += int(amount)
    return sums


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
    returned = returned_of(connection, invoice)
    batch = books.post(connection, invoice, books.target(row["token"], found, returned))
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
    firm_block = policy.firm_block(int(row["due"]), head)
    [firm_time] = connection.execute(
        "SELECT max(time) FROM block WHERE number <= ?", (firm_block,)
    ).fetchone()
    arrivals = arrivals_of(connection, row["id"])
    returned = returned_of(connection, row["id"])
    return assess(invoice_of(row), arrivals, returned, firm_block, firm_time or 0)


# endregion settle


def owed_text(owed: Mapping[str, int]) -> dict[str, str]:
    """Amounts as text, since JSON's numbers end at 2**53 in many readers."""
    return {token: str(amount) for token, amount in owed.items()}
