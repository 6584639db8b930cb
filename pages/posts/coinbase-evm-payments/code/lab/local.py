"""A local chain with the contract and test tokens on it; and what people do there.

    python -m lab.local [--epoch 32]

starts anvil on a port of its own, deploys, and prints one line of JSON: `rpc`,
`chain_id`, `contract`, `treasury`, `tokens` (dollar, silent, taxed, hooked), `xpub`,
and `accounts`, which are unlocked. It ends when its standard input is closed. Needs in
the environment: ANVIL (the program) and ARTIFACTS (Hardhat's folder `artifacts`);
`install` sets both.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_utils.address import to_checksum_address

from lab.vault import account
from till.abi import call
from till.rpc import Rpc, Unreachable, number

# Both are in documents that everyone can read. Never send anything of worth there.
MNEMONIC = "test test test test test test test test test test test junk"
SHOP_MNEMONIC = (
    "legal winner thank year wave sausage worth useful legal winner thank yellow"
)
PAY = "pay((address,uint256,uint64,bytes32))"


@dataclass(frozen=True, slots=True)
class Local:
    """Addresses on the chain, and acts with its unlocked accounts."""

    rpc: Rpc
    chain_id: int
    accounts: tuple[str, ...]
    treasury: str
    contract: str
    tokens: dict[str, str]

    def act(self, sender: str, to: str, data: str, **more: Any) -> str:
        """Sends a transaction of an unlocked account; its hash, once it is mined."""
        fields = {"from": sender, "to": to, "data": data, "gas": hex(3_000_000), **more}
        name = str(self.rpc("eth_sendTransaction", fields))
        if self.rpc("anvil_getAutomine"):
            receipt(self.rpc, name)
        return name

    def mint(self, token: str, to: str, amount: int) -> None:
        self.act(self.accounts[0], token, call("mint(address,uint256)", to, amount))

    def transfer(self, sender: str, token: str, to: str, amount: int) -> str:
        return self.act(sender, token, call("transfer(address,uint256)", to, amount))

    def approve(self, sender: str, token: str, amount: int) -> str:
        return self.act(
            sender, token, call("approve(address,uint256)", self.contract, amount)
        )

    def pay(self, sender: str, terms: tuple[str, int, int, bytes], **more: Any) -> str:
        return self.act(sender, self.contract, call(PAY, terms), **more)

    def mine(self, blocks: int = 1) -> None:
        self.rpc("anvil_mine", hex(blocks))

    def reorganise(self, depth: int) -> None:
        """Replaces the newest blocks by empty ones."""
        self.rpc("anvil_reorg", depth, [])

    def now(self) -> int:
        return number(self.rpc("eth_getBlockByNumber", "latest", False)["timestamp"])


@contextmanager
def running(epoch: int = 32, *options: str) -> Iterator[Rpc]:
    """An anvil of our own, gone at the end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    command = [
        os.environ["ANVIL"],
        "--port",
        str(port),
        "--mnemonic",
        MNEMONIC,
        "--silent",
    ]
    command += ["--slots-in-an-epoch", str(epoch), "--order", "fifo", *options]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    rpc = Rpc(f"http://127.0.0.1:{port}", timeout=120)
    try:
        wait_for(rpc)
        yield rpc
    finally:
        process.kill()
        process.wait()


def wait_for(rpc: Rpc) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            rpc("eth_chainId")
            return
        except Unreachable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def deployed(rpc: Rpc) -> Local:
    """The contract and the tokens, on a chain that has neither."""
    accounts = tuple(to_checksum_address(one) for one in rpc("eth_accounts"))
    treasury = accounts[9]
    tokens = {
        name: create(rpc, accounts[0], f"Tokens.sol/{name.title()}.json")
        for name in ("dollar", "silent", "taxed", "hooked")
    }
    contract = create(rpc, accounts[0], "Checkout.sol/Checkout.json", treasury)
    return Local(rpc, number(rpc("eth_chainId")), accounts, treasury, contract, tokens)


def create(rpc: Rpc, sender: str, artifact: str, *arguments: str) -> str:
    path = Path(os.environ["ARTIFACTS"], "contracts", artifact)
    data = json.loads(path.read_text())["bytecode"]
    data += "".join(argument[2:].rjust(64, "0") for argument in arguments)
    name = rpc(
        "eth_sendTransaction", {"from": sender, "data": data, "gas": hex(5_000_000)}
    )
    return str(to_checksum_address(receipt(rpc, name)["contractAddress"]))


def receipt(rpc: Rpc, name: str) -> dict[str, Any]:
    """Of a transaction that is about to be mined."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found: dict[str, Any] | None = rpc("eth_getTransactionReceipt", name)
        if found:
            return found
        time.sleep(0.002)
    raise TimeoutError(name)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="lab.local")
    parser.add_argument("--epoch", type=int, default=32)
    with running(parser.parse_args(arguments).epoch) as rpc:
        local = deployed(rpc)
        described = {
            "rpc": rpc.url,
            "chain_id": local.chain_id,
            "contract": local.contract,
            "treasury": local.treasury,
            "tokens": local.tokens,
            "xpub": account(SHOP_MNEMONIC).xpub,
            "accounts": local.accounts,
        }
        print(json.dumps(described), flush=True)
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
