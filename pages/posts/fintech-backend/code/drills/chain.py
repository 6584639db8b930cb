"""The chain that takes back: deposits through the EVM article's till, withdrawals through our signer."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_abi.abi import encode
from eth_utils import keccak

from backend import events, till
from backend.api import house
from backend.chain import ChainRail, Node
from backend.database import free_port
from backend.keys import open_token
from backend.ledger import Conn
from backend.money import Currency, Money
from backend.pipeline import Ask, new_customer, pay
from backend.signer import raw_of
from backend.worker import work
from drills.bank import quiet
from drills.stage import (
    EUR,
    TUSD,
    Database,
    Program,
    balances,
    call,
    customer,
    dsn,
    running,
    sound,
    wait_until,
)

USDC = Currency("USDC", 6)
KEY, SECRET = "shop-key", "whsec-drill"
CLEAR = {
    "self_hosted": True,
    "address_proven": True,
    "address_listed": False,
    "beneficiary_known": True,
}
TOKENS = 10**6


@dataclass(frozen=True, slots=True)
class World:
    """A chain with the till's contract and token on it, and the till's two programs."""

    node: Node
    about: dict[str, Any]
    till: str
    python: list[str]
    env: dict[str, str]
    db: str
    watcher: Program

    @property
    def token(self) -> str:
        return str(self.about["tokens"]["dollar"])

    def act(self, sender: str, function: str, to: str, minor: int) -> str:
        data = (
            "0x"
            + (
                keccak(text=f"{function}(address,uint256)")[:4]
                + encode(["address", "uint256"], [to, minor])
            ).hex()
        )
        fields = {"from": sender, "to": self.token, "data": data, "gas": hex(200_000)}
        return str(self.node("eth_sendTransaction", fields))

    def mine(self, blocks: int = 1) -> None:
        self.node("anvil_mine", hex(blocks))

    def owned(self, address: str) -> int:
        data = "0x70a08231" + address[2:].rjust(64, "0")  # balanceOf
        return int(
            self.node("eth_call", {"to": self.token, "data": data}, "latest"), 16
        )


@contextlib.contextmanager
def world(*watcher: str) -> Iterator[World]:
    """TILL_ENV names what the EVM article's `install` wrote: its Python, anvil and contracts."""
    env = {
        line.split("=", 1)[0].removeprefix("export "): line.split("=", 1)[1].strip("'")
        for line in Path(os.environ["TILL_ENV"]).read_text().splitlines()
    }
    home = Path(os.environ["TILL_ENV"]).parent
    python = [str(home / "venv/bin/python")]
    env |= {"PYTHONPATH": str(home / "code"), "LD_LIBRARY_PATH": ""}
    lab = subprocess.Popen(
        [*python, "-m", "lab.local"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **env},
        cwd=home / "code",
    )
    assert lab.stdin and lab.stdout
    with contextlib.ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        stack.callback(lab.wait)
        stack.callback(lab.stdin.close)  # its end is the end of its input
        about = json.loads(lab.stdout.readline())
        port, db = free_port(), f"{folder}/till.db"
        env |= {
            "TILL_DB": db,
            "TILL_XPUB": about["xpub"],
            "TILL_CONTRACT": about["contract"],
            "TILL_CHAIN_ID": str(about["chain_id"]),
            "TILL_TOKENS": about["tokens"]["dollar"],
            "TILL_KEY": KEY,
            "COINBASE_WEBHOOK_SECRETS": SECRET,
        }
        watcher = stack.enter_context(
            running(
                [
                    *python,
                    "-m",
                    "till.watch",
                    "--rpc",
                    about["rpc"],
                    "--db",
                    db,
                    "--contract",
                    about["contract"],
                    "--token",
                    about["tokens"]["dollar"],
                    "--interval",
                    "0.05",
                    *watcher,
                ],
                env,
                waits=False,
            )
        )
        stack.enter_context(
            running(
                [
                    *python,
                    "-m",
                    "flask",
                    "--app",
                    "till.app",
                    "run",
                    "--port",
                    str(port),
                ],
                env,
                waits=False,
            )
        )
        made = World(
            Node(about["rpc"]),
            about,
            f"http://127.0.0.1:{port}",
            python,
            env,
            db,
            watcher,
        )
        made.node("evm_setAutomine", True)
        wait_until(lambda: answers(made))
        yield made


def answers(made: World) -> bool:
    with contextlib.suppress(OSError):
        till.changes(made.till, KEY, 0)
        return True
    return False


def drilled(db: Database) -> dict[str, Any]:
    with db.connect(autocommit=True) as conn:
        quiet(conn)
        with world("--steps", "50:1,1000:3") as made:
            found = deposits(conn, made)
            found |= webhooks(conn, made)
            found |= withdrawals(db, conn, made)
        sound(conn)
    return found


class Feed:
    """Follows the till's changes and carries them to the ledger."""

    def __init__(self, conn: Conn, made: World) -> None:
        self.conn, self.made, self.last = conn, made, 0
        self.payments: dict[str, uuid.UUID] = {}

    def follow(self) -> None:
        facts = {**CLEAR, "eur_cents": 20_000}  # stands for address data and a quote
        for change in till.changes(self.made.till, KEY, self.last):
            till.carry(self.conn, house(), self.payments, change, facts)
            self.last = change["seq"]

    def until(self, payment: uuid.UUID, state: str) -> None:
        def reached() -> bool:
            assert self.made.watcher.process.poll() is None, "the watcher has ended"
            self.follow()
            return events.load(self.conn, payment).state == state

        wait_until(reached)


# region deposits
def deposits(conn: Conn, made: World) -> dict[str, Any]:
    """One that a reorganisation takes back in time, and one, too late."""
    payer, feed, before = made.about["accounts"][1], Feed(conn, made), lost(conn)
    made.act(payer, "mint", payer, 10_000 * TOKENS)
    who, payment, address = new_deposit(conn, made, feed, 200 * TOKENS)  # three blocks
    made.act(payer, "transfer", address, 200 * TOKENS)
    feed.until(payment, "seen")
    made.node("anvil_reorg", 1, [])  # the block is replaced: no payment
    made.mine()
    feed.until(payment, "receded")
    assert balances(conn, who, "TUSD") == (0, 0)
    made.watcher.kill()  # what happens now, it reads later
    made.act(payer, "transfer", address, 200 * TOKENS)
    made.mine(3)
    made.watcher.again()
    feed.until(payment, "settled")
    assert balances(conn, who, "TUSD") == (200 * TOKENS, 0)

    other, payment, address = new_deposit(conn, made, feed, 20 * TOKENS)  # one block
    made.act(payer, "transfer", address, 20 * TOKENS)
    feed.until(payment, "settled")
    made.node("anvil_reorg", 1, [])
    made.mine()
    feed.until(payment, "broken")
    assert balances(conn, other, "TUSD") == (20 * TOKENS, 0)
    assert lost(conn) - before == 20 * TOKENS
    return {"chain_lost": 20}


# endregion deposits


def new_deposit(
    conn: Conn, made: World, feed: Feed, minor: int
) -> tuple[uuid.UUID, uuid.UUID, str]:
    """The customer, the payment that we expect, and where it is to be paid."""
    who, money = customer(conn, 0), Money(minor, TUSD)
    asked = till.invoice(made.till, KEY, made.token, money, f"deposit-{uuid.uuid4()}")
    payment = till.expected(conn, who, "chain", money, asked["id"])
    feed.payments[asked["id"]] = payment
    return who, payment, asked["address"]


def lost(conn: Conn) -> int:
    [total] = conn.execute(
        "SELECT coalesce(sum(e.amount), 0) FROM entry e JOIN account a ON a.id = e.account"
        " WHERE a.code = 'loss:finality:TUSD'"
    ).fetchone()
    return int(total)


# region webhooks
def webhooks(conn: Conn, made: World) -> dict[str, Any]:
    """Coinbase's events: forged, out of order, twice; credited once."""
    success, expired = documented(made, "success"), documented(made, "expired")
    checkout, who, feed = json.loads(success)["id"], uuid.uuid4(), Feed(conn, made)
    register(made, checkout)
    with conn.transaction():
        new_customer(conn, who, (EUR, USDC), 10**9)
    money = Money(100 * TOKENS, USDC)
    payment = till.expected(conn, who, "coinbase", money, checkout)
    feed.payments[checkout] = payment
    tampered = success.replace(b'"100.00"', b'"900.00"')
    refused = [
        deliver(made, success, "e0", "wrong secret"),
        deliver(made, tampered, "e0", SECRET, signed=success),
    ]
    assert refused == [400, 400]
    late = [
        deliver(made, body, f"e{n}", SECRET)
        for n, body in enumerate((success, expired, success, success))
    ]
    assert late == [204] * 4
    feed.until(payment, "settled")
    feed.follow()
    assert balances(conn, who, "USDC") == (money.minor, 0)
    return {"webhooks_refused": len(refused), "webhooks_taken": len(late)}


# endregion webhooks


def documented(made: World, name: str) -> bytes:
    """An event's body, as Coinbase's documents print it; the till's tests keep them."""
    return Path(made.env["PYTHONPATH"], f"tests/payloads/{name}.json").read_bytes()


def register(made: World, checkout: str) -> None:
    code = (
        "import sys\nfrom till.checkouts import register\nfrom till.store import opened\n"
        "register(opened(sys.argv[1]), sys.argv[2], 'order-12345', '100.00')"
    )
    subprocess.run(
        [*made.python, "-c", code, made.db, checkout],
        env={**os.environ, **made.env},
        check=True,
    )


def deliver(
    made: World, body: bytes, name: str, secret: str, signed: bytes = b""
) -> int:
    """Signed by the till's own test helper, which follows Coinbase's documents."""
    code = (
        "import sys, json, time\nfrom till.webhooks import signed\n"
        "print(json.dumps(signed(sys.argv[1].encode(), sys.stdin.buffer.read(), sys.argv[2], time.time())))"
    )
    headers = json.loads(
        subprocess.run(
            [*made.python, "-c", code, secret, name],
            input=signed or body,
            stdout=subprocess.PIPE,
            env={**os.environ, **made.env},
            check=True,
        ).stdout
    )
    return call(f"{made.till}/webhooks/coinbase", body, headers)[0]


# region withdrawals
def withdrawals(db: Database, conn: Conn, made: World) -> dict[str, Any]:
    """Signed by a process of its own; killed, blind, reorganised; paid once."""
    rails = {"chain": ChainRail(made.node, lambda payment: raw_of(conn, payment))}
    blind = {"chain": ChainRail(Node("http://127.0.0.1:9"), lambda payment: None)}
    home, who = made.about["accounts"][5], customer(conn, 0, tokens=1_000 * TOKENS)
    with signing(db, made) as signer:
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


@contextlib.contextmanager
def signing(db: Database, made: World) -> Iterator[Program]:
    """A funded wallet in a token, and the signer's process."""
    wallet = new_token().new_wallet("wallet-1")
    made.act(made.about["accounts"][0], "mint", wallet, 10_000 * TOKENS)
    made.node("anvil_setBalance", wallet, hex(10**18))
    made.node("evm_setAutomine", False)
    with running(
        [
            sys.executable,
            "-m",
            "backend.signer",
            "--wallet",
            "wallet-1",
            "--chain",
            str(made.about["chain_id"]),
            "--token",
            made.token,
        ],
        {"SIGNER_DSN": dsn(db, "signer")},
    ) as signer:
        yield signer


def new_token() -> Any:
    """A token of SoftHSM in a folder of its own, which the signer's process finds by the environment."""
    home = Path(tempfile.mkdtemp(prefix="hsm-", dir=os.environ.get("SCRATCH")))
    (home / "tokens").mkdir()
    (home / "conf").write_text(
        f"directories.tokendir = {home}/tokens\nlog.level = ERROR\n"
    )
    os.environ |= {
        "SOFTHSM2_CONF": str(home / "conf"),
        "HSM_TOKEN": "house",
        "HSM_PIN": "1234",
    }
    subprocess.run(
        [
            os.environ["HSM_UTIL"],
            "--module",
            os.environ["HSM_MODULE"],
            "--init-token",
            "--free",
            "--label",
            "house",
            "--pin",
            "1234",
            "--so-pin",
            "5678",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return open_token(os.environ["HSM_MODULE"], "house", "1234")


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
        conn.execute(
            "UPDATE outbox SET due = clock_timestamp() WHERE payment = %s", (payment,)
        )
        made.mine()
        return stepped(conn, rails, payment, state)

    wait_until(reached)


def stepped(conn: Conn, rails: dict[str, Any], payment: uuid.UUID, state: str) -> bool:
    work(conn, rails)
    return events.load(conn, payment).state == state
