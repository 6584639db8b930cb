"""Starting and ending the programs of the article as processes of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.local import SHOP_MNEMONIC, Local
from lab.vault import account


@dataclass
class Program:
    """A process that is started again as often as it was killed."""

    command: Sequence[str]
    output: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
            )

    def kill(self) -> None:
        """As `kill -9` does: no handler runs, nothing is put away."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ended(self, seconds: float = 120) -> int:
        assert self.process
        return self.process.wait(seconds)


@contextmanager
def ending(*programs: Program) -> Iterator[None]:
    try:
        yield
    finally:
        for program in programs:
            program.kill()


def watcher(local: Local, folder: Path, *more: str) -> Program:
    tokens = [part for token in local.tokens.values() for part in ("--token", token)]
    command = [
        sys.executable,
        "-m",
        "till.watch",
        "--rpc",
        local.rpc.url,
        "--contract",
        local.contract,
        "--db",
        str(folder / "till.db"),
        "--interval",
        "0.05",
        *tokens,
        *more,
    ]
    return Program(command, folder / "watcher.log", {})


def receiver(local: Local, folder: Path, port: int, secrets: str) -> Program:
    environment = {
        "TILL_DB": str(folder / "till.db"),
        "TILL_XPUB": account(SHOP_MNEMONIC).xpub,
        "TILL_CONTRACT": local.contract,
        "TILL_CHAIN_ID": str(local.chain_id),
        "TILL_TOKENS": local.tokens["dollar"],
        "TILL_KEY": "the-shop",
        "COINBASE_WEBHOOK_SECRETS": secrets,
    }
    command = [
        sys.executable,
        "-m",
        "flask",
        "--app",
        "till.app",
        "run",
        "-p",
        str(port),
    ]
    return Program(command, folder / f"receiver-{port}.log", environment)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def answered(
    url: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> int:
    """The status of an answer; 0 where none came."""
    request = urllib.request.Request(url, body, headers or {})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def asked(url: str) -> object:
    request = urllib.request.Request(url, headers={"Authorization": "Bearer the-shop"})
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def until(true: object, seconds: float = 60) -> None:
    """Waits until a condition holds; the drill fails where it never does."""
    assert callable(true)
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)
