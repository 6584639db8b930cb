"""What may be told of a customer's business: a list of fields, and nothing else."""

import hashlib
import hmac
import json
import re
import sys
import threading
import time
from collections import Counter
from typing import TextIO

# region journal
FIELDS = {  # what each may look like; anything else is written as "unfit"
    "bank": re.compile("[a-z]{1,20}"),
    "outcome": re.compile("[a-z-]{1,20}"),
    "state": re.compile("[a-z]{1,20}"),
    "code": re.compile("[A-Z_]{1,40}"),
    "status": re.compile("[0-9]{3}"),
    "ms": re.compile("[0-9]{1,7}"),
    "request": re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "subject": re.compile("[0-9a-f]{16}"),  # an alias, below
}


class Journal:
    """Lines of JSON and counters; a field that is not listed is a mistake of ours."""

    def __init__(self, key: bytes, out: TextIO = sys.stderr) -> None:
        self.key, self.out, self.lock = key, out, threading.Lock()
        self.counts: Counter[tuple[str, str, str]] = Counter()

    def note(self, operation: str, **given: str | int) -> None:
        told = {name: fit(name, str(value)) for name, value in given.items()}
        line = {"at": round(time.time(), 3), "operation": operation, **told}
        with self.lock:
            bank, outcome = told.get("bank", ""), told.get("outcome", "")
            self.counts[operation, bank, outcome] += 1
            print(json.dumps(line), file=self.out, flush=True)

    def alias(self, name: str) -> str:
        """The same word for the same name; without the key nobody can check a guess."""
        return hmac.new(self.key, name.encode(), hashlib.sha256).hexdigest()[:16]


def fit(name: str, value: str) -> str:
    if name not in FIELDS:
        raise ValueError(f"not for the journal: {name}")
    return value if FIELDS[name].fullmatch(value) else "unfit"


# endregion journal
