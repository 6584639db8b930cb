"""Relay, projection and watch in a loop, each step a transaction that may be cut anywhere.

DSN=… python -m backend.worker --bank URL --iban IBAN [--node URL]
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import sys
import time
import urllib.request
from typing import Any

import psycopg

from backend import events, settlement, signer
from backend.bank import BankRail
from backend.chain import ChainRail, Node, wish_dearer
from backend.rails import Rail, Unanswered


def treasurer(url: str, authorisation: str, timeout: float = 2) -> None:
    """Stands for the person who approves our payouts in the bank's app."""
    body = json.dumps({"outcome": "approve"}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/app/{authorisation}", body, headers)
    try:
        urllib.request.urlopen(request, timeout=timeout).close()
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error


# region work
def work(
    conn: psycopg.Connection[Any], rails: dict[str, Rail], name: str = "payment_view"
) -> None:
    """One round. Killed at any point, the next round of any worker goes on from there."""
    while settlement.relay(conn, rails):
        pass
    while events.project(conn, name):
        pass
    settlement.watch(conn, rails)


# endregion work


def main() -> None:
    words = argparse.ArgumentParser(prog="backend.worker", description=__doc__)
    words.add_argument("--bank", required=True)
    words.add_argument("--iban", required=True)
    words.add_argument("--node")
    asked = words.parse_args()
    while True:
        try:
            with psycopg.connect(os.environ["DSN"], autocommit=True) as conn:
                rails: dict[str, Rail] = {
                    "bank": BankRail(asked.bank, asked.iban, treasurer, timeout=2)
                }
                node = Node(asked.node)
                if asked.node:
                    rails["chain"] = ChainRail(node, lambda p: signer.raws_of(conn, p))
                while True:
                    work(conn, rails)
                    with contextlib.suppress(Unanswered):
                        if asked.node:
                            wish_dearer(conn, node)
                    time.sleep(0.02)
        except (psycopg.Error, OSError) as error:
            print(f"worker: {error}", file=sys.stderr, flush=True)
            time.sleep(0.1)


if __name__ == "__main__":
    main()
