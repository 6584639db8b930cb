"""Figures for Prometheus, read from the database: no counter lives in a process.

Ages and sums only. No address, invoice or customer may become a label.
"""

from __future__ import annotations

import sqlite3

from till.store import counted

TYPE = "text/plain; version=0.0.4"
COUNTERS = (
    "new webhooks",
    "repeated webhooks",
    "refused webhooks",
    "refused settlements",
    "reorganised blocks",
)


# region metrics
def figures(connection: sqlite3.Connection, now: float) -> dict[str, float]:
    """What somebody has to be woken for, by name."""

    def one(query: str, *values: object) -> float:
        return float(connection.execute(query, values).fetchone()[0] or 0)

    found = {
        "till_block_age_seconds": now - one("SELECT max(time) FROM block"),
        "till_block_number": one("SELECT max(number) FROM block"),
        "till_waiting_invoices": one(
            "SELECT count(*) FROM invoice WHERE state = 'seen'"
        ),
        "till_oldest_transaction_seconds": one(
            "SELECT ? - min(queued) FROM outgoing WHERE mined IS NULL", now
        ),
        "till_reversed_credits_total": one(
            "SELECT count(*) FROM change WHERE cause = 'reorg' AND before IN"
            " ('confirmed', 'overpaid') AND after NOT IN ('confirmed', 'overpaid')"
        ),
        "till_open_differences": counted(connection, "open differences", 0),
    }
    for name in COUNTERS:
        found[f"till_{name.replace(' ', '_')}_total"] = counted(connection, name, 0)
    return found


def text(connection: sqlite3.Connection, now: float) -> str:
    lines = []
    for name, value in figures(connection, now).items():
        kind = "counter" if name.endswith("_total") else "gauge"
        lines += [f"# TYPE {name} {kind}", f"{name} {value:g}"]
    return "\n".join(lines) + "\n"


# endregion metrics
