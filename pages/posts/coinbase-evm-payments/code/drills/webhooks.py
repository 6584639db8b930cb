"""Deliveries twice, at once, out of order, forged, late, and to a dying receiver."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from drills.programs import answered, ending, free_port, receiver, until
from lab.local import Local
from till import books
from till.checkouts import register
from till.store import opened
from till.webhooks import signed

PAYLOADS = Path(__file__).parents[1] / "tests/payloads"
CHECKOUT = "69163c762331ed43dc64a6ef"
SECRET = b"the secret of our own subscription"


def body_of(name: str, checkout: str = CHECKOUT) -> bytes:
    content = (PAYLOADS / f"{name}.json").read_bytes()
    return content.replace(CHECKOUT.encode(), checkout.encode())


# region send
def send(url: str, body: bytes, key: bytes = SECRET, age: float = 0) -> int:
    headers = signed(key, body, f"event-{hash(body)}", time.time() - age)
    return answered(f"{url}/webhooks/coinbase", body, headers)


def retried(url: str, body: bytes) -> int:
    """As a sender does: again, signed anew, until somebody says 2xx; how often."""
    for attempt in range(1, 600):
        if send(url, body) == 204:
            return attempt
        time.sleep(0.1)
    raise AssertionError("never taken")


# endregion send


def drill(local: Local, folder: Path) -> dict[str, object]:
    ports = free_port(), free_port()
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    database = opened(folder / "till.db")
    register(database, CHECKOUT, "12345", "100.00")
    programs = [receiver(local, folder, port, SECRET.decode()) for port in ports]
    with ending(*programs):
        for program in programs:
            program.start()
        for url in urls:
            until(lambda url=url: answered(f"{url}/metrics") == 200)
        forged = [send(urls[0], body_of("success"), b"a guess") for _ in range(5)]
        late = send(urls[0], body_of("success"), age=3_600)
        assert {*forged, late} == {400}
        found: dict[str, object] = {"at once": at_once(urls, body_of("success"))}
        assert sales(database) == -100_000_000
        found["out of order"] = [
            send(urls[i % 2], body_of(name))
            for i, name in enumerate(("refunded", "expired", "success", "refunded"))
        ]
        assert state(database, CHECKOUT) == "refunded"
        assert sales(database) == -100_000_000
        found["attempts into a dying receiver"] = dying(programs[0], urls[0], database)
    return found


def at_once(urls: list[str], body: bytes) -> int:
    """The same event forty times at once, at two receivers; how many were taken."""
    with ThreadPoolExecutor(40) as pool:
        statuses = list(pool.map(lambda i: send(urls[i % 2], body), range(40)))
    assert set(statuses) == {204}, statuses
    return len(statuses)


# region dying
def dying(program: object, url: str, database: sqlite3.Connection) -> int:
    """Sixty payments while the receiver is killed again and again; all arrive, once."""
    checkouts = [f"{i:024x}" for i in range(60)]
    for checkout in checkouts:
        register(database, checkout, f"order {checkout}", "100.00")
    with ThreadPoolExecutor(12) as pool:
        jobs = [pool.submit(retried, url, body_of("success", one)) for one in checkouts]
        for _ in range(3):
            time.sleep(0.3)
            program.kill()  # type: ignore[attr-defined]
            program.start()  # type: ignore[attr-defined]
        attempts = sum(job.result() for job in jobs)
    assert all(state(database, one) == "confirmed" for one in checkouts)
    assert sales(database) == -100_000_000 * (1 + len(checkouts))
    return attempts


# endregion dying


def state(database: sqlite3.Connection, checkout: str) -> str:
    row = database.execute(
        "SELECT state FROM invoice WHERE id = ?", (checkout,)
    ).fetchone()
    return str(row["state"])


def sales(database: sqlite3.Connection) -> int:
    return books.balances(database)["sales", "USDC"]
