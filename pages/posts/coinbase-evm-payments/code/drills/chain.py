"""The watcher, killed over and over beside a chain that reorganises; a stalled node."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
from collections import Counter
from pathlib import Path

from drills.programs import ending, until, watcher
from lab.local import SHOP_MNEMONIC, Local, deployed, running
from lab.vault import account
from till import payments, reconcile
from till.hd import from_xpub
from till.payments import Shop
from till.policy import EXAMPLE
from till.rpc import number
from till.store import counted, opened

DUES = (20 * 10**6, 200 * 10**6, 2_000 * 10**6)  # by one block, by three, by finality


def shop(local: Local) -> Shop:
    key = from_xpub(account(SHOP_MNEMONIC).xpub)
    return Shop(local.chain_id, local.contract, key)


# region storm
def storm(local: Local, folder: Path, rounds: int, seed: int) -> dict[str, int]:
    """Payments, reorganisations and kills at random; then the books against it."""
    chance, done = random.Random(seed), Counter[str]()
    database, dollar = opened(folder / "till.db"), local.tokens["dollar"]
    customer = local.accounts[3]
    local.mint(dollar, customer, 10**15)
    local.approve(customer, dollar, 10**15)
    local.mine(5)
    programs = [watcher(local, folder), watcher(local, folder)]
    with ending(*programs):
        for program in programs:
            program.start()
        until(lambda: database.execute("SELECT 1 FROM block").fetchone())
        for at in range(rounds):
            due = chance.choice(DUES)
            until_time = local.now() + 3_600
            row = payments.create(
                database,
                shop(local),
                f"order {at}",
                dollar,
                due,
                until_time,
                at.to_bytes(32, "big"),
            )
            act(local, customer, row, chance, done)
            if chance.random() < 0.6:
                until(
                    lambda: height_of(database) == number(local.rpc("eth_blockNumber"))
                )
            if chance.random() < 0.35:
                local.reorganise(chance.randint(1, 3))
                done["reorganisations"] += 1
            if chance.random() < 0.3:
                program = chance.choice(programs)
                program.kill()
                program.start()
                done["kills"] += 1
    local.mine(10)
    return judged(local, folder, database, done)


# endregion storm


def act(
    local: Local,
    customer: str,
    row: sqlite3.Row,
    chance: random.Random,
    done: Counter[str],
) -> None:
    """What a payer does: by contract, by address, in parts, too much, or nothing."""
    due, dollar = int(row["due"]), local.tokens["dollar"]
    way = chance.choice(
        ["contract", "address", "address", "parts", "too much", "nothing"]
    )
    done[way] += 1
    if way == "contract":
        salt = bytes.fromhex(row["salt"])
        local.pay(customer, (dollar, due, row["expires_at"], salt))
    parts = {
        "address": [due],
        "parts": [due // 2, due - due // 2],
        "too much": [due + 7],
    }
    for amount in parts.get(way, []):
        local.transfer(customer, dollar, row["address"], amount)


# region judged
def judged(
    local: Local, folder: Path, database: sqlite3.Connection, done: Counter[str]
) -> dict[str, int]:
    """One more watcher goes to the head; then nothing may differ from the chain."""
    last = watcher(local, folder, "--until-head")
    last.start()
    assert last.ended() == 0, last.output.read_text()[-500:]
    tokens = (local.tokens["dollar"],)
    found = [*reconcile.against_chain(database, local.rpc, (local.treasury,), tokens)]
    found += reconcile.within(database, EXAMPLE)
    assert found == [], found
    credited: Counter[str] = Counter()
    for row in database.execute(
        "SELECT * FROM entry WHERE account = 'sales' ORDER BY seq"
    ):
        credited[row["invoice"]] -= int(row["amount"])
        due = database.execute(
            "SELECT due FROM invoice WHERE id = ?", (row["invoice"],)
        ).fetchone()
        assert 0 <= credited[row["invoice"]] <= int(due[0]), "credited twice"
    done["blocks taken back"] = counted(database, "reorganised blocks", 0)
    done["payments taken back"] = count(
        database, "SELECT count(*) FROM arrival WHERE orphaned"
    )
    done["credits taken back"] = count(
        database,
        "SELECT count(*) FROM change WHERE cause = 'reorg' AND before IN"
        " ('confirmed', 'overpaid') AND after NOT IN ('confirmed', 'overpaid')",
    )
    done["credited"] = count(
        database,
        "SELECT count(*) FROM invoice WHERE state IN ('confirmed', 'overpaid')",
    )
    return dict(done)


# endregion judged


def count(database: sqlite3.Connection, query: str) -> int:
    [found] = database.execute(query).fetchone()
    return int(found)


# region frozen
def frozen(folder: Path) -> dict[str, object]:
    """A node that hangs, then one that has forgotten everything."""
    with running(2) as rpc:
        local = deployed(rpc)
        database = opened(folder / "till.db")
        program = watcher(local, folder, "--timeout", "0.5")
        with ending(program):
            program.start()
            until(lambda: height_of(database) == number(rpc("eth_blockNumber")))
            pid = anvil_at(rpc.url)
            os.kill(pid, signal.SIGSTOP)  # silent, as behind a cut cable
            until(lambda: "timed out" in program.output.read_text())
            assert program.running, "a silent node must not end the watcher"
            os.kill(pid, signal.SIGCONT)
            local.mine(3)
            until(lambda: height_of(database) == number(rpc("eth_blockNumber")))
            rpc("anvil_reset")
            rpc("anvil_mine", hex(40))
            status = program.ended()
            assert status == 4, "it must not go on"
            return {"exit after a reset": status}


# endregion frozen


def height_of(database: sqlite3.Connection) -> int:
    return count(database, "SELECT coalesce(max(number), -1) FROM block")


def anvil_at(url: str) -> int:
    """The process that listens at an address, by its command line."""
    port = url.rpartition(":")[2]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            command = (entry / "cmdline").read_bytes().split(b"\0")
            if b"--port" in command and port.encode() in command:
                return int(entry.name)
    raise LookupError(port)
