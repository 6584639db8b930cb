"""The API, the workers and PostgreSQL are killed at random while a client pays."""

from __future__ import annotations

import contextlib
import random
import sys
import threading
import time
import uuid
from typing import Any

from backend import events
from backend.database import free_port
from drills.bank import ours, payments, quiet
from drills.stage import (
    OTHER_IBAN,
    OUR_IBAN,
    Database,
    balances,
    call,
    customer,
    dsn,
    launch,
    sandbox,
    sound,
    wait_until,
)

SEED = 7


# region kill
def drilled(db: Database, count: int) -> dict[str, Any]:
    """A client repeats each request, under its key, until it is answered."""
    with contextlib.ExitStack() as stack:
        conn = stack.enter_context(db.connect(autocommit=True))
        quiet(conn)
        url = stack.enter_context(sandbox("--settle", "0", "--balance", "100000"))
        before, who = ours(url), customer(conn, 100 * count)
        api = f"http://127.0.0.1:{(port := free_port())}"
        env = {"DSN": dsn(db), "WEBHOOK_SECRET": "drill", "LEASE": "5 seconds"}
        bank = ["--bank", url, "--iban", OUR_IBAN]
        worker = [sys.executable, "-m", "backend.worker", *bank]
        programs = [
            launch([sys.executable, "-m", "backend.api", "--port", str(port)], env),
            launch(worker, env, waits=False),
            launch(worker, env, waits=False),
        ]
        for program in programs:
            stack.callback(lambda program=program: program.kill())
        client = Client(api, who, count)
        kills = havoc(db, programs, client)
        with db.connect(autocommit=True) as conn:
            wait_until(lambda: all_settled(conn, client.paid), 240)
            assert len(set(client.paid)) == count and balances(conn, who) == (0, 0)
            assert before - ours(url) == 100 * count, "each left the bank once"
            sound(conn)
        return {
            "kills": kills,
            "kill_payments": count,
            "kill_retries": client.retries,
            "kill_orphans": payments(url, "RCVD"),
        }


# endregion kill


class Client(threading.Thread):
    """Pays one after the other; an answer that does not come is asked for again."""

    def __init__(self, api: str, who: uuid.UUID, count: int) -> None:
        super().__init__(daemon=True)
        self.api, self.who, self.count = api, who, count
        self.paid: list[str] = []
        self.retries = 0

    def run(self) -> None:
        body = {
            "customer": str(self.who),
            "rail": "bank",
            "amount": "1.00",
            "currency": "EUR",
            "to": {"iban": OTHER_IBAN, "name": "Beispiel GmbH"},
        }
        for _ in range(self.count):
            headers = {"Idempotency-Key": uuid.uuid4().hex, "X-Client": "drill"}
            while True:
                status, answer = call(f"{self.api}/payments", body, headers, timeout=3)
                if status == 202:
                    self.paid.append(answer["payment"])
                    break
                self.retries += 1
                time.sleep(0.05)


def havoc(db: Database, programs: list[Any], client: Client) -> int:
    """SIGKILL to one of the programs, or an immediate stop of PostgreSQL, until all is asked for."""
    dice, kills = random.Random(SEED), 0
    client.start()
    while client.is_alive() or kills < 8:
        time.sleep(dice.uniform(0.1, 0.4))
        if kills % 5 == 3:
            db.stop("immediate")
            db.start()
        else:
            victim = programs[(0, 1, 2, 0)[kills % 4]]
            victim.kill()
            victim.again()
        kills += 1
        answered(client)
    client.join()
    return kills


def answered(client: Client) -> None:
    """On a slow machine too, each kill lets one more answer through, or five seconds."""
    before = len(client.paid)
    with contextlib.suppress(TimeoutError):
        wait_until(lambda: len(client.paid) > before or not client.is_alive(), 5)


def all_settled(conn: Any, ids: list[str]) -> bool:
    return all(events.load(conn, uuid.UUID(each)).state == "settled" for each in ids)
