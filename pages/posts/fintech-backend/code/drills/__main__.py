"""Run the drills on one database, and print what they counted as JSON: `python -m drills 20`."""

from __future__ import annotations

import json
import sys
import time

from drills import bank, chain, kill
from drills.stage import books


def main(count: int) -> None:
    found: dict[str, object] = {}
    with books() as db:
        for name, drill in (
            ("bank", bank.drilled),
            ("chain", lambda db: chain.drilled(db, max(9, count // 3))),
            ("kill", lambda db: kill.drilled(db, count)),
        ):
            began = time.monotonic()
            found |= drill(db)
            print(f"drills: {name} {time.monotonic() - began:.1f} s", file=sys.stderr)
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
