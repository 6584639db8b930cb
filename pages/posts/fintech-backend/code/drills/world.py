"""The EVM article's chain, with its contract and tokens, and its till's two programs."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from backend import till
from backend.chain import Node
from backend.database import free_port
from drills.stage import Program, running, wait_until

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
