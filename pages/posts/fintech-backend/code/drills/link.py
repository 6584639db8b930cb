"""The bank's cable is pulled between its approval and its answer: run in network namespaces.

netns.sh lab python drills/link.py NETNS
"""

from __future__ import annotations

import json
import re
import select
import subprocess
import sys
import threading
import time
import uuid
from typing import Any

from backend import events, settlement
from backend.api import house
from backend.bank import BankRail
from backend.pipeline import pay
from backend.worker import treasurer, work
from drills.bank import ask, ours
from drills.stage import (
    OUR_IBAN,
    SANDBOX,
    balances,
    books,
    call,
    customer,
    sound,
    wait_until,
)

BANK = "10.9.0.2"


def drilled(netns: str) -> dict[str, Any]:
    run(netns, "host", "10.9.0.1/24")
    run(netns, "up", "bank", f"{BANK}/24")
    options = ("--host", BANK, "--port", "0", "--settle", "0")
    process = subprocess.Popen(
        [netns, "run", "bank", sys.executable, str(SANDBOX), *options],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    select.select([process.stdout], [], [], 60)
    url = re.search(r"http://\S+", process.stdout.readline())[0]  # type: ignore[index]
    with books() as db, db.connect(autocommit=True) as conn:
        return cut_between_approval_and_answer(conn, url, netns)


# region link
def cut_between_approval_and_answer(conn: Any, url: str, netns: str) -> dict[str, Any]:
    """The bank has the approval and cannot say so: the hold stays."""
    before, who = ours(url), customer(conn, 1_000)
    rail = BankRail(url, OUR_IBAN, treasurer, timeout=1)
    late = {
        "method": "POST",
        "path": "/app/",
        "kind": "late",
        "times": 1,
        "seconds": 60,
    }
    call(f"{url}/sandbox/faults", late)
    payment = pay(conn, house(), "drill", uuid.uuid4().hex, ask(who, 400))
    cut = threading.Thread(target=cut_once_it_is_approved, args=(netns, url, before))
    cut.start()
    settlement.relay(conn, {"bank": rail})
    cut.join()
    assert events.load(conn, payment).state == "unanswered"
    for _ in range(3):
        work(conn, {"bank": rail})
    assert balances(conn, who) == (600, 400), "nobody knows: nothing moves"
    joined = time.monotonic()
    run(netns, "join", "bank")
    wait_until(lambda: settled(conn, rail, payment))
    waited = time.monotonic() - joined
    assert balances(conn, who) == (600, 0) and before - ours(url) == 400
    sound(conn)
    return {"link_settled_s": f"{waited:.1f}"}


# endregion link


def cut_once_it_is_approved(netns: str, url: str, before: int) -> None:
    wait_until(lambda: ours(url) < before)  # and the answer is still held back
    run(netns, "cut", "bank")


def settled(conn: Any, rail: BankRail, payment: uuid.UUID) -> bool:
    work(conn, {"bank": rail})
    return events.load(conn, payment).state == "settled"


def run(netns: str, *words: str) -> None:
    subprocess.run([netns, *words], check=True)


if __name__ == "__main__":
    print(json.dumps(drilled(sys.argv[1])))
