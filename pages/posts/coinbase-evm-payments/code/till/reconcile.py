"""Compares what we wrote down with the chain, and our tables with each other.

    python -m till.reconcile --rpc URL --db FILE --holder ADDRESS … --token ADDRESS …

`--holder` names the treasury, and each hot key that pays refunds. Prints each
difference, and stores their number for /metrics. Exit: 0 none, 1 some.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator

from till import abi, books
from till.payments import assessed
from till.policy import EXAMPLE, Policy
from till.rpc import Rpc, number
from till.store import counted, opened


# region chain
def against_chain(
    connection: sqlite3.Connection, rpc: Rpc, ours: Iterable[str], tokens: Iterable[str]
) -> Iterator[str]:
    """Balances of `ours` and all deposits, where the watcher stands, against notes."""
    [height] = connection.execute("SELECT max(number) FROM block").fetchone()
    at = hex(height)
    addresses = [
        row[0]
        for row in connection.execute(
            "SELECT address FROM invoice WHERE channel = 'chain'"
        )
    ]
    for token in tokens:
        there = sum(balance(rpc, token, holder, at) for holder in (*addresses, *ours))
        noted = expected(connection, token)
        if there != noted:
            yield f"{token}: the chain holds {there}, we noted {noted}"
    for holder in addresses:
        if coins := number(rpc("eth_getBalance", holder, at)):
            yield f"{holder}: holds {coins} wei that no log told of"


def expected(connection: sqlite3.Connection, token: str) -> int:
    arrived = connection.execute(
        "SELECT amount FROM arrival WHERE token = ? AND NOT orphaned", (token,)
    )
    returned = connection.execute(
        "SELECT amount FROM refund WHERE token = ? AND firm", (token,)
    )
    return sum(int(n) for (n,) in arrived) - sum(int(n) for (n,) in returned)


def balance(rpc: Rpc, token: str, holder: str, at: str) -> int:
    data = abi.call("balanceOf(address)", holder)
    return number(rpc("eth_call", {"to": token, "data": data}, at))


# endregion chain


# region within
def within(connection: sqlite3.Connection, policy: Policy) -> Iterator[str]:
    """The books add up, invoices stand as their facts say, states have changes."""
    sums: Counter[str] = Counter()
    for (_, token), amount in books.balances(connection).items():
        sums[token] += amount
    for token, amount in sums.items():
        if amount:
            yield f"{token}: the books are {amount} out of balance"
    invoices = "SELECT * FROM invoice WHERE channel = 'chain'"
    for row in connection.execute(invoices).fetchall():
        found = assessed(connection, row, policy)
        wanted = books.target(row["token"], found)
        posted = books.balances(connection, row["id"])
        if any(posted[at] != wanted.get(at, 0) for at in posted.keys() | wanted.keys()):
            yield f"{row['reference']}: posted {dict(posted)}, wanted {wanted}"
        last = connection.execute(
            "SELECT after FROM change WHERE invoice = ? ORDER BY seq DESC LIMIT 1",
            (row["id"],),
        ).fetchone()
        if row["state"] != (last["after"] if last else "created"):
            yield f"{row['reference']}: is {row['state']}, and no change says so"


# endregion within


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="till.reconcile")
    parser.add_argument("--rpc", required=True)
    parser.add_argument("--db", required=True)
    parser.add_argument("--holder", action="append", required=True)
    parser.add_argument("--token", action="append", required=True)
    options = parser.parse_args(arguments)
    connection = opened(options.db)
    found = list(within(connection, EXAMPLE))
    found += list(
        against_chain(connection, Rpc(options.rpc), options.holder, options.token)
    )
    counted(
        connection,
        "open differences",
        len(found) - counted(connection, "open differences", 0),
    )
    print("\n".join(found) or "no difference")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
