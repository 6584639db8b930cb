"""Breaks the code on purpose, one line at a time, and looks whether a test notices."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# file, what stands there, what stands there instead, tests that have to fail
MUTANTS = [
    (
        "till/watcher.py",
        "SET orphaned = 1 WHERE",
        "SET orphaned = 0 WHERE",
        "watcher.py",
    ),
    ("till/watcher.py", "following.parent != last.hash", "False", "watcher.py"),
    (
        "till/watcher.py",
        "twin is not None and twin.hash",
        "twin is None or twin.hash",
        "watcher.py",
    ),
    ("till/watcher.py", "DO UPDATE SET orphaned = 0", "DO NOTHING", "watcher.py"),
    ("till/books.py", "standing.get(account, 0)", "0", "watcher.py"),
    ("till/states.py", "a.block <= firm_block)", "a.block)", "states.py"),
    ("till/states.py", "a.time <= invoice.expires_at", "a.time", "states.py"),
    ("till/policy.py", "head.latest - blocks + 1", "head.latest - blocks", "states.py"),
    ("till/webhooks.py", "abs(now - int(stamp)) > MAX_AGE", "False", "webhooks.py"),
    (
        "till/webhooks.py",
        '"x-event-id" not in names.split(" ")',
        "False",
        "webhooks.py",
    ),
    (
        "till/checkouts.py",
        "found.amount != int(row",
        "0 != 0 * int(row",
        "checkouts.py",
    ),
    ("till/checkouts.py", "key=order.index", "key=lambda _: 0", "checkouts.py"),
    (
        "till/chain.py",
        "or not any(data[:32])",
        "or False",
        "node.py -k a_transfer_of_nothing",
    ),
    (
        "till/sender.py",
        "ON CONFLICT (purpose) DO NOTHING",
        "ON CONFLICT (purpose) DO UPDATE SET nonce = NULL",
        "sender.py -k sent_once",
    ),
    (
        "till/refunds.py",
        "assessed_at(connection, row, final)",
        "assessed_at(connection, row, 10**9)",
        "refunds.py -k goes_back_once",
    ),
    (
        "till/refunds.py",
        'min(finalized, counted(connection, "finalized", 0))',
        "finalized",
        "watcher.py -k stale_branch",
    ),
    (
        "till/refunds.py",
        'AND NOT failed",\n        (refund',
        '",\n        (refund',
        "refunds.py -k reverted",
    ),
    (
        "till/states.py",
        "returned.sale >= invoice.due",
        "False",
        "watcher.py -k one_unit",
    ),
    ("till/states.py", "invoice.due - returned.sale", "invoice.due", "states.py"),
    ("till/watcher.py", "cause == Cause.REORG", "False", "watcher.py -k earlier_time"),
    ("till/payments.py", "ROLLBACK TO apart", "SELECT 1", "watcher.py -k costs_one"),
    (
        "till/hd.py",
        "added(self.point, multiplied(G, tweak))",
        "multiplied(G, tweak)",
        "hd.py",
    ),
]


def survivors(code: Path) -> list[str]:
    """The mutants that no test noticed. `code` is a copy that may be changed."""
    alive = []
    for file, old, new, tests in MUTANTS:
        path = code / file
        whole = path.read_text()
        assert whole.count(old) == 1, (file, old, whole.count(old))
        path.write_text(whole.replace(old, new))
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
        finished = subprocess.run(
            [*command, *f"tests/test_{tests}".split()],
            cwd=code,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        path.write_text(whole)
        if finished.returncode != 1:
            alive.append(f"{file}: {old} -> {new}: {finished.returncode}")
    return alive


if __name__ == "__main__":
    left = survivors(Path.cwd())
    print("\n".join(left) or f"all {len(MUTANTS)} noticed")
    sys.exit(1 if left else 0)
