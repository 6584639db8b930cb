"""The watcher as a program. It may be killed and started again at any time.

    python -m till.watch --rpc URL --db FILE --contract ADDRESS --token ADDRESS …
                         [--interval 1] [--timeout 10] [--until-head]
                         [--steps 50:1,1000:3]

It writes to the database (`till.store`), beginning at the finalized block where that is
new, and prints each change as a line of JSON:

    {"seq": 7, "invoice": "0x…", "reference": "order-1", "before": "seen",
     "after": "confirmed", "cause": "chain", "credited": "25000000", "owed": {},
     "block": 31}

`seq` only grows. What was printed before a crash is found again in the table `change`,
or at GET /changes?after=. Two watchers may share a database: one of them waits.
An invoice that cannot be settled is told on stderr and counted; the others go on.
`--steps` pairs amounts with depths: above the last, a payment has to be final.
Exit: 0 at --until-head, 2 wrong usage, 4 a final block was replaced (wake somebody).
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from till.amounts import parsed
from till.chain import Gone, NodeChain
from till.policy import EXAMPLE, Policy
from till.rpc import Rpc, Unreachable
from till.store import opened
from till.watcher import FinalityBroken, changes, follow


def main(arguments: list[str]) -> int:
    options = parsed_options(arguments)
    connection = opened(options.db)
    chain = NodeChain(
        Rpc(options.rpc, options.timeout), options.contract, tuple(options.token)
    )
    [seen] = connection.execute("SELECT coalesce(max(seq), 0) FROM change").fetchone()
    while True:
        try:
            follow(connection, chain, options.steps)
            idle = True
        except (Unreachable, Gone) as error:
            print(f"watcher: {error}", file=sys.stderr, flush=True)
            idle = False
        except FinalityBroken as error:
            print(f"watcher: {error}", file=sys.stderr, flush=True)
            return 4
        for change in changes(connection, seen):
            print(json.dumps(change), flush=True)
            seen = change["seq"]
        if idle and options.until_head:
            return 0
        time.sleep(options.interval)


def policy_of(text: str) -> Policy:
    """`50:1,1000:3`: up to 50 one block, up to 1000 three, above that finality."""
    pairs = [pair.partition(":") for pair in text.split(",") if pair]
    return Policy(tuple((parsed(limit, 6), int(blocks)) for limit, _, blocks in pairs))


def parsed_options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="till.watch")
    parser.add_argument("--rpc", required=True)
    parser.add_argument("--db", required=True)
    parser.add_argument("--contract", required=True)
    parser.add_argument("--token", action="append", required=True)
    parser.add_argument("--interval", type=float, default=1.0)
    parser.add_argument("--timeout", type=float, default=10.0)
    parser.add_argument("--until-head", action="store_true")
    parser.add_argument("--steps", type=policy_of, default=EXAMPLE)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
