"""Double entry by invoice and token. Nothing is changed: what was wrong is reversed."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping

from till.states import Assessment
from till.store import counted

Account = tuple[str, str]  # name, token


# region target
def target(token: str, found: Assessment) -> dict[Account, int]:
    """What the accounts of an invoice have to show; positive is a debit."""
    accounts: Counter[Account] = Counter()
    for name, amount in found.held.items():
        accounts["wallet", name] += amount
    for name, amount in found.owed.items():
        accounts["owed to payers", name] -= amount
    accounts["sales", token] -= found.credited
    return dict(accounts)


# endregion target


# region post
def post(
    connection: sqlite3.Connection, invoice: str, wanted: Mapping[Account, int]
) -> int:
    """Posts the difference between what stands there and what has to; its batch, or 0.

    Called twice, it posts nothing the second time. Called after a reorganisation, the
    difference is the reversal.
    """
    standing = balances(connection, invoice)
    steps = {
        account: wanted.get(account, 0) - standing.get(account, 0)
        for account in sorted(wanted.keys() | standing.keys())
    }
    steps = {account: amount for account, amount in steps.items() if amount}
    for token in {token for _, token in steps}:
        if sum(amount for (_, of), amount in steps.items() if of == token):
            raise AssertionError(f"a posting of {invoice} does not add up")
    if not steps:
        return 0
    batch = counted(connection, "batch")
    connection.executemany(
        "INSERT INTO entry (batch, invoice, account, token, amount)"
        " VALUES (?, ?, ?, ?, ?)",
        [(batch, invoice, name, token, str(n)) for (name, token), n in steps.items()],
    )
    return batch


# endregion post


def balances(
    connection: sqlite3.Connection, invoice: str | None = None
) -> Counter[Account]:
    """The sums by account and token, of one invoice or of all."""
    sums: Counter[Account] = Counter()
    query = "SELECT account, token, amount FROM entry WHERE ? IS NULL OR invoice = ?"
    for name, token, amount in connection.execute(query, (invoice, invoice)):
        sums[name, token] += int(amount)
    return sums
