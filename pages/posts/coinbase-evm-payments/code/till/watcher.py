"""Follows the chain, one block and one transaction of the database at a time.

The program is `till.watch`. Here is no clock, no sleep and no printing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from till.chain import Block, Chain, Gone, Payment
from till.payments import settle_apart
from till.policy import Policy
from till.states import Cause
from till.store import counted, transaction

SPAN = 1_000  # blocks in one question while catching up
NEAR = 20  # finalized blocks that are still taken one by one


class FinalityBroken(Exception):
    """A final block is off the chain. No code can decide what that means."""


# region step
def step(connection: sqlite3.Connection, chain: Chain, policy: Policy) -> bool:
    """One block forward, or over to another branch; False where nothing is to do."""
    finalized, last = chain.block("finalized"), newest(connection)
    if finalized is None:
        return False
    following = chain.block(last.number + 1 if last else finalized.number)
    twin = chain.block(last.number) if last else None
    if last and replaced(last, following, twin):
        change_branch(connection, chain, policy, last, finalized.number)
        return True
    if last and finalized.number - last.number > NEAR:
        catch_up(connection, chain, last, finalized)
        return True
    if following:
        payments = chain.payments(following)
        with settling(
            connection, last, policy, finalized.number, Cause.CHAIN
        ) as touched:
            touched |= take(connection, following, payments)
    return following is not None


def replaced(last: Block | None, following: Block | None, twin: Block | None) -> bool:
    """Whether our newest block is off the chain. Absence proves nothing: nodes lag."""
    if last is None:
        return False
    if following:
        return following.parent != last.hash
    return twin is not None and twin.hash != last.hash


# endregion step


@contextmanager
def settling(
    connection: sqlite3.Connection,
    last: Block | None,
    policy: Policy,
    final: int,
    cause: Cause,
) -> Iterator[set[str]]:
    """A transaction that settles at its end; Gone where another watcher was faster."""
    with transaction(connection):
        if newest(connection) != last:
            raise Gone("another watcher was faster")
        touched: set[str] = set()
        yield touched
        settle_all(connection, policy, final, touched, cause)


def newest(connection: sqlite3.Connection) -> Block | None:
    row = connection.execute(
        "SELECT * FROM block ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return (
        Block(row["number"], row["hash"], row["parent"], row["time"]) if row else None
    )


# region take
def take(
    connection: sqlite3.Connection, block: Block, payments: list[Payment]
) -> set[str]:
    """Adds a block and its payments; the invoices that they are for."""
    connection.execute(
        "INSERT INTO block VALUES (?, ?, ?, ?)",
        (block.number, block.hash, block.parent, block.time),
    )
    return {
        invoice
        for payment in payments
        for invoice in arrive(connection, block, payment)
    }


def arrive(connection: sqlite3.Connection, block: Block, payment: Payment) -> list[str]:
    """Notes a payment; the same block may come back, and its payments with it."""
    rows = connection.execute(
        "SELECT id FROM invoice WHERE address = ? OR id = ?", (payment.to, payment.to)
    ).fetchall()
    for row in rows:
        connection.execute(
            "INSERT INTO arrival VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
            " ON CONFLICT (block_hash, log_index) DO UPDATE SET orphaned = 0",
            (
                block.hash,
                payment.index,
                payment.tx,
                block.number,
                block.time,
                payment.token,
                row["id"],
                payment.payer,
                str(payment.amount),
            ),
        )
    return [row["id"] for row in rows]


# endregion take


# region branch
def change_branch(
    connection: sqlite3.Connection,
    chain: Chain,
    policy: Policy,
    last: Block,
    final: int,
) -> None:
    """Leaves blocks that are gone and takes their successors, in one transaction.

    So nobody sees the moment in between, in which every payment is less deep.
    """
    fork = forked_at(connection, chain)
    if fork is None or fork.number < counted(connection, "finalized", 0):
        raise FinalityBroken(f"what was final below block {last.number} is gone")
    branch, parent = [], fork
    for height in range(fork.number + 1, last.number + 1):
        block = chain.block(height)
        if block is None:
            break  # the new branch is shorter, so far
        if block.parent != parent.hash:
            raise Gone(block.hash)
        branch.append((block, chain.payments(block)))
        parent = block
    with settling(connection, last, policy, final, Cause.REORG) as touched:
        touched |= leave(connection, fork)
        for block, payments in branch:
            touched |= take(connection, block, payments)


def forked_at(connection: sqlite3.Connection, chain: Chain) -> Block | None:
    """Our newest block that the chain still has."""
    rows = connection.execute("SELECT * FROM block ORDER BY number DESC")
    for row in rows.fetchall():
        block = chain.block(row["number"])
        if block and block.hash == row["hash"]:
            return block
    return None


# endregion branch


def leave(connection: sqlite3.Connection, fork: Block) -> set[str]:
    """Takes back the blocks above a fork; the invoices whose payments go with them."""
    touched = connection.execute(
        "UPDATE arrival SET orphaned = 1 WHERE NOT orphaned AND number > ?"
        " RETURNING invoice",
        (fork.number,),
    ).fetchall()
    gone = connection.execute("DELETE FROM block WHERE number > ?", (fork.number,))
    counted(connection, "reorganisations")
    counted(connection, "reorganised blocks", gone.rowcount)
    return {row["invoice"] for row in touched}


def catch_up(
    connection: sqlite3.Connection, chain: Chain, last: Block, finalized: Block
) -> None:
    """Takes many finalized blocks in one question, after a long time away."""
    end = chain.block(min(last.number + SPAN, finalized.number))
    if end is None:
        raise Gone(str(last.number + SPAN))
    payments = chain.payments_between(last.number + 1, end.number)
    with transaction(connection):
        if newest(connection) != last:
            raise Gone("another watcher was faster")
        for block, payment in payments:
            arrive(connection, block, payment)
        take(connection, end, [])


# region settle
def settle_all(
    connection: sqlite3.Connection,
    policy: Policy,
    final: int,
    touched: Iterable[str],
    cause: Cause,
) -> None:
    """Settles what was touched, grew deep or ran out of time, or may be open again."""
    last = newest(connection)
    now = last.time if last else 0
    before = counted(connection, "finalized", 0)
    reached = min(final, last.number) if last else 0
    counted(connection, "finalized", max(0, reached - before))
    rows = connection.execute(
        "SELECT invoice FROM arrival WHERE NOT orphaned AND number >= :before"
        " UNION SELECT id FROM invoice WHERE channel = 'chain' AND expires_at < :now"
        " AND state IN ('created', 'wrong_token', 'underpaid', 'seen')"
        " UNION SELECT id FROM invoice WHERE channel = 'chain' AND state = 'expired'"
        " AND :reorg AND expires_at >="
        " (SELECT max(time) FROM block WHERE number <= :before)",
        {"before": before, "now": now, "reorg": cause == Cause.REORG},
    )
    for invoice in sorted({*touched, *(row[0] for row in rows)}):
        settle_apart(connection, invoice, policy, cause)


# endregion settle


def follow(connection: sqlite3.Connection, chain: Chain, policy: Policy) -> None:
    """As far as the chain goes now."""
    while step(connection, chain, policy):
        pass


def changes(connection: sqlite3.Connection, after: int) -> list[dict[str, object]]:
    """The changes since one that the caller has seen, oldest first."""
    rows = connection.execute(
        "SELECT change.*, reference FROM change"
        " JOIN invoice ON invoice.id = change.invoice"
        " WHERE seq > ? ORDER BY seq LIMIT 500",
        (after,),
    )
    return [{**dict(row), "owed": json.loads(row["owed"])} for row in rows]
