"""How fast the watcher follows, block by block and in ranges of final blocks."""

from __future__ import annotations

import sqlite3
import time

from lab.local import SHOP_MNEMONIC, Local
from lab.vault import account
from till import payments
from till.chain import NodeChain
from till.hd import from_xpub
from till.policy import EXAMPLE
from till.store import opened
from till.watcher import follow

SINGLE, RANGE = 100, 2_000  # blocks


def measured(local: Local, folder: str) -> dict[str, float]:
    """Blocks a second: `single` each with a payment for us, `range` far behind."""
    chain = NodeChain(local.rpc, local.contract, tuple(local.tokens.values()))
    database = opened(f"{folder}/pace.db")
    local.mine(10)
    follow(database, chain, EXAMPLE)
    address, spent = invoice(local, database), 0.0
    for _ in range(SINGLE):
        local.transfer(local.accounts[0], local.tokens["dollar"], address, 1)
        begun = time.perf_counter()
        follow(database, chain, EXAMPLE)
        spent += time.perf_counter() - begun
    for _ in range(10):
        local.mine(RANGE // 10)
    begun = time.perf_counter()
    follow(database, chain, EXAMPLE)
    behind = time.perf_counter() - begun
    database.close()
    return {"single": SINGLE / spent, "range": RANGE / behind}


def invoice(local: Local, database: sqlite3.Connection) -> str:
    local.mint(local.tokens["dollar"], local.accounts[0], 10**9)
    shop = payments.Shop(
        local.chain_id, local.contract, from_xpub(account(SHOP_MNEMONIC).xpub)
    )
    row = payments.create(
        database,
        shop,
        "order",
        local.tokens["dollar"],
        10**9,
        local.now() + 10**6,
        bytes(32),
    )
    return str(row["address"])
