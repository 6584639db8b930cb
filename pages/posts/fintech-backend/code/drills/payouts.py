"""Payouts on the chain: a signer that dies, no node, a fee that is too low."""

from __future__ import annotations

import contextlib
import random
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any

from backend import events
from backend.api import house
from backend.chain import ChainRail, Node, name_of, wish_dearer
from backend.keys import Token
from backend.ledger import Conn
from backend.money import Money
from backend.pipeline import Ask, pay
from backend.signer import raws_of
from backend.worker import work
from drills.softhsm import new_token
from drills.stage import (
    OUR_IBAN,
    TUSD,
    Database,
    Program,
    balances,
    customer,
    dsn,
    running,
    sound,
    wait_until,
)
from drills.world import CLEAR, TOKENS, World

GWEI = 10**9


def drilled(db: Database, conn: Conn, made: World, count: int) -> dict[str, Any]:
    made.node("evm_setAutomine", False)
    token = new_token()
    found = withdrawals(db, conn, made, token)
    stuck(db, conn, made, token)
    return found | storm(db, made, token, count)


# region withdrawals
def withdrawals(db: Database, conn: Conn, made: World, token: Token) -> dict[str, Any]:
    """Signed by a process of its own; killed, blind, reorganised; paid once."""
    rails = {"chain": ChainRail(made.node, lambda payment: raws_of(conn, payment))}
    nowhere = Node("http://127.0.0.1:9")
    blind = {"chain": ChainRail(nowhere, lambda payment: raws_of(conn, payment))}
    home, who = made.about["accounts"][5], customer(conn, 0, tokens=1_000 * TOKENS)
    with signing(db, made, token, "wallet-1") as signer:
        signer.kill()
        payment = withdraw(conn, who, home, 100 * TOKENS)
        work(conn, rails)
        assert events.load(conn, payment).state == "held"  # nobody signs: it waits
        signer.again()
        settle(conn, rails, payment, made, "seen")
        assert stepped(conn, blind, payment, "unanswered")  # no node to be reached
        assert stepped(conn, rails, payment, "seen")
        made.node("anvil_reorg", 1, [])  # its block is gone, and so is it
        wait_until(lambda: stepped(conn, rails, payment, "receded"))
        assert balances(conn, who, "TUSD") == (900 * TOKENS, 100 * TOKENS)
        settle(conn, rails, payment, made, "settled")  # the same bytes were sent again
    assert balances(conn, who, "TUSD") == (900 * TOKENS, 0)
    assert made.owned(home) == 100 * TOKENS
    return {"chain_needed": rails["chain"].needed}


# endregion withdrawals


# region stuck
def stuck(db: Database, conn: Conn, made: World, token: Token) -> None:
    """The base fee passes our offer: a dearer one at the same nonce, and one payout."""
    rails = {"chain": ChainRail(made.node, lambda payment: raws_of(conn, payment))}
    home, who = made.about["accounts"][6], customer(conn, 0, tokens=100 * TOKENS)
    with signing(db, made, token, "wallet-2"):
        payment = withdraw(conn, who, home, 100 * TOKENS)
        wait_until(lambda: sent(conn, rails, payment))
        for _ in range(3):  # blocks that are too dear for it
            made.node("anvil_setNextBlockBaseFeePerGas", hex(60 * GWEI))
            made.mine()
            work(conn, rails)
        assert made.owned(home) == 0 and balances(conn, who, "TUSD")[1] > 0
        wish_dearer(conn, made.node)
        wait_until(lambda: len(raws_of(conn, payment)) == 2)
        made.node("anvil_setNextBlockBaseFeePerGas", hex(60 * GWEI))
        settle(conn, rails, payment, made, "settled")
    first, second = raws_of(conn, payment)
    assert events.load(conn, payment).ref == name_of(second)
    for raw in (first, second):  # whoever sends either of them again
        with contextlib.suppress(ValueError):
            made.node("eth_sendRawTransaction", "0x" + raw.hex())
            raise AssertionError("the nonce was used")
    made.mine(3)
    assert made.owned(home) == 100 * TOKENS and balances(conn, who, "TUSD") == (0, 0)


# endregion stuck


def sent(conn: Conn, rails: dict[str, Any], payment: uuid.UUID) -> bool:
    due_now(conn, payment)
    work(conn, rails)
    return events.load(conn, payment).state in ("sent", "unanswered")


NONCES = "SELECT value FROM nonce WHERE wallet = %s ORDER BY value"


# region storm
def storm(db: Database, made: World, token: Token, count: int) -> dict[str, Any]:
    """Customers withdraw while the signer, two workers and PostgreSQL are killed."""
    home, dice = made.about["accounts"][7], random.Random(5)
    bank = ["--bank", "http://127.0.0.1:9", "--iban", OUR_IBAN]
    worker = [sys.executable, "-m", "backend.worker", *bank, "--node", made.node.url]
    env = {"DSN": dsn(db), "LEASE": "1 second"}
    with contextlib.ExitStack() as stack:
        signer = stack.enter_context(signing(db, made, token, "wallet-3"))
        workers = [
            stack.enter_context(running(worker, env, waits=False)) for _ in range(2)
        ]
        with db.connect(autocommit=True) as conn:
            who = customer(conn, 0, tokens=count * TOKENS)
        paid = []
        for n in range(count):
            with db.connect(autocommit=True) as conn:
                paid.append(withdraw(conn, who, home, TOKENS))
            victim = (signer, workers[n % 2], None)[n % 3]
            time.sleep(dice.uniform(0, 0.3))
            restarted(db, victim)
            made.mine()
        with db.connect(autocommit=True) as conn:
            wait_until(lambda: all_settled(conn, made, paid), 240)
            assert balances(conn, who, "TUSD") == (0, 0)
            sound(conn)
            given = conn.execute(NONCES, ("wallet-3",)).fetchall()
    assert made.owned(home) == count * TOKENS, "each was received once"
    assert given == [(n,) for n in range(count)]
    return {"storm_kills": count, "storm_payouts": count}


# endregion storm


def restarted(db: Database, victim: Program | None) -> None:
    """SIGKILL to a program, or an immediate stop of PostgreSQL; then a new start."""
    if victim:
        victim.kill()
        victim.again()
    else:
        db.stop("immediate")
        db.start()


def all_settled(conn: Conn, made: World, paid: list[uuid.UUID]) -> bool:
    made.mine()
    return all(events.load(conn, payment).state == "settled" for payment in paid)


@contextlib.contextmanager
def signing(db: Database, made: World, token: Token, label: str) -> Iterator[Program]:
    """A funded wallet in the token, and the signer's process."""
    wallet = token.new_wallet(label)
    made.act(made.about["accounts"][0], "mint", wallet, 10_000 * TOKENS)
    made.mine()
    made.node("anvil_setBalance", wallet, hex(10**18))
    chain = ["--chain", str(made.about["chain_id"]), "--token", made.token]
    command = [sys.executable, "-m", "backend.signer", "--wallet", label, *chain]
    with running(command, {"SIGNER_DSN": dsn(db, "signer")}) as signer:
        yield signer


def withdraw(conn: Conn, who: uuid.UUID, address: str, minor: int) -> uuid.UUID:
    ask = Ask(
        who,
        "chain",
        Money(minor, TUSD),
        minor * 100 // TOKENS,
        {"address": address},
        CLEAR,
    )
    return pay(conn, house(), "drill", uuid.uuid4().hex, ask)


def settle(
    conn: Conn, rails: dict[str, Any], payment: uuid.UUID, made: World, state: str
) -> None:
    def reached() -> bool:
        due_now(conn, payment)
        made.mine()
        return stepped(conn, rails, payment, state)

    wait_until(reached)


def stepped(conn: Conn, rails: dict[str, Any], payment: uuid.UUID, state: str) -> bool:
    work(conn, rails)
    return events.load(conn, payment).state == state


def due_now(conn: Conn, payment: uuid.UUID) -> None:
    conn.execute(
        "UPDATE outbox SET due = clock_timestamp() WHERE payment = %s", (payment,)
    )
