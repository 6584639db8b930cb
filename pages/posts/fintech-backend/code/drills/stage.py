"""What drills need: our processes, the two other articles' programs, and customers with money."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend import ledger, pipeline, settlement
from backend.database import Database, database
from backend.money import Currency

CODE = Path(__file__).resolve().parent.parent
POSTS = CODE.parent.parent
SANDBOX = POSTS / "psd2-open-banking/code/aspsp.py"
TILL = POSTS / "coinbase-evm-payments/code"
EUR, TUSD = Currency("EUR", 2), Currency("TUSD", 6)
OUR_IBAN, OTHER_IBAN = "DE14100100109876543210", "DE53200400600000004711"


@dataclass
class Program:
    """A child process, its first line of output, and how to start it again."""

    command: list[str]
    env: dict[str, str]
    process: subprocess.Popen[str]
    said: str

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def again(self) -> None:
        started = launch(self.command, self.env, waits=bool(self.said))
        self.process, self.said = started.process, started.said


def launch(
    command: list[str], env: dict[str, str] | None = None, waits: bool = True
) -> Program:
    whole = {**os.environ, "PYTHONPATH": str(CODE), **(env or {})}
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE if waits else subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        env=whole,
        cwd=CODE,
    )
    said = first_line(process) if waits else ""
    return Program(command, env or {}, process, said)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    ready, _, _ = select.select([process.stdout], [], [], 60)
    line = process.stdout.readline().strip() if ready else ""
    if not line:
        process.kill()
        raise RuntimeError(f"{process.args} said nothing")
    return line


@contextlib.contextmanager
def running(
    command: list[str], env: dict[str, str] | None = None, waits: bool = True
) -> Iterator[Program]:
    program = launch(command, env, waits)
    try:
        yield program
    finally:
        program.kill()


@contextlib.contextmanager
def sandbox(*options: str) -> Iterator[str]:
    """The bank of the PSD2 article; its address."""
    with running([sys.executable, str(SANDBOX), "--port", "0", *options]) as program:
        yield address(program.said)


def address(said: str) -> str:
    found = re.search(r"http://\S+", said)
    assert found, said
    return found[0]


def call(
    url: str,
    body: Any = None,
    headers: dict[str, str] | None = None,
    timeout: float = 10,
) -> tuple[int, Any]:
    """Status and JSON; status 0 where no answer came."""
    content = json.dumps(body).encode() if isinstance(body, dict) else body
    request = urllib.request.Request(
        url, content, {"Content-Type": "application/json", **(headers or {})}
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.status, json.loads(response.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")
    except (OSError, ValueError):
        return 0, None


@contextlib.contextmanager
def books() -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="books-") as folder:
        scratch = Path(folder)
        scratch.chmod(0o755)
        if os.getuid() == 0:
            import shutil

            shutil.chown(scratch, "nobody")
        with database(scratch) as made:
            with made.connect() as conn:
                settlement.open_house(conn, ("EUR", "TUSD", "USDC"))
            yield made


def dsn(db: Database, user: str = "app") -> str:
    return (
        f"host=127.0.0.1 port={db.port} user={user} password={db.words[user]}"
        " dbname=books connect_timeout=5"
    )


def customer(conn: ledger.Conn, euros: int, tokens: int = 0) -> uuid.UUID:
    who = uuid.uuid4()
    with conn.transaction():
        pipeline.new_customer(conn, who, (EUR, TUSD), 10**9)
        for asset, currency, minor in (
            ("bank:safeguarding", EUR, euros),
            ("chain:wallet", TUSD, tokens),
        ):
            if minor:
                ledger.post(
                    conn,
                    f"seed:{who}:{currency.code}",
                    {
                        ledger.account(conn, f"{asset}:{currency.code}"): minor,
                        ledger.account(conn, f"customer:{who}:{currency.code}"): -minor,
                    },
                )
    return who


def balances(conn: ledger.Conn, who: uuid.UUID, code: str = "EUR") -> tuple[int, int]:
    """What is free and what is held."""
    free, held = (
        ledger.balance(conn, ledger.account(conn, f"customer:{who}:{code}{what}")).minor
        for what in ("", ":held")
    )
    return free, held


def sound(conn: ledger.Conn) -> None:
    for view in ("unbalanced", "unfounded", "unheld"):
        wrong = conn.execute(f"SELECT * FROM {view}").fetchall()
        assert wrong == [], (view, wrong)


def wait_until(condition: Callable[[], object], seconds: float = 60) -> float:
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            raise TimeoutError("waited in vain")
        time.sleep(0.02)
    return time.monotonic() - started
