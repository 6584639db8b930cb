"""All drills: `python -m drills [ROUNDS]`. Prints what they saw as JSON."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from drills import chain, webhooks
from lab.local import deployed, running


def main(rounds: int, seed: int) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as scratch, running(4) as rpc:
        folders = [Path(scratch, name) for name in ("webhooks", "storm", "frozen")]
        for folder in folders:
            folder.mkdir()
        local = deployed(rpc)
        local.mine(10)
        found["webhooks"] = webhooks.drill(local, folders[0])
        found["storm"] = chain.storm(local, folders[1], rounds, seed)
        found["frozen"] = chain.frozen(folders[2])
    return found


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60, seed=11)))
