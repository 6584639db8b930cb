"""What four kinds of index cost and give; the article reads plans.txt line by line."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg

from desk.cluster import CODE
from measure.bench import Lab, number, one

AT = """SELECT sum(quantity * price) FROM executions_flat
WHERE executed_at BETWEEN '2026-01-07 09:00Z' AND '2026-01-07 09:10Z'"""
FILLS = """SELECT sum(quantity), sum(quantity * price) FROM executions_flat
WHERE account_id = 8"""
OPEN = "SELECT order_id FROM orders_flat WHERE account_id = 101 AND status = 'open'"
PLANS = {"btree": AT, "brin": AT, "covering": FILLS, "partial": OPEN}
WANTED = {
    "btree": "Index Scan using at_btree",
    "brin": "Bitmap Index Scan on at_brin",
    "covering": "Index Only Scan using fills_by_account",
    "partial": "orders_open",
}


def measured(lab: Lab) -> dict[str, str]:
    with lab.primary.connect() as owner:
        lab.primary.psql(CODE / "sql/indexes.sql")
        owner.execute("VACUUM ANALYZE executions_flat")
        owner.execute("VACUUM ANALYZE orders_flat")
        owner.execute("SET max_parallel_workers_per_gather = 0")
        owner.execute("SET enable_seqscan = off")  # the quick run's tables are tiny
        names = ("at_btree", "at_brin", "orders_all", "orders_open")
        sizes = {name: size(owner, name) for name in names}
        plans = {"btree": plan(owner, AT)}
        owner.execute("DROP INDEX at_btree")
        owner.execute("DROP INDEX orders_all")
        plans |= {name: plan(owner, query) for name, query in PLANS.items() if name != "btree"}
        for name, text in plans.items():
            assert WANTED[name] in text, text
        write(lab.scratch / "plans.txt", plans)
    return {
        "btree_kb": number(sizes["at_btree"] / 1024),
        "brin_kb": number(sizes["at_brin"] / 1024),
        "index_all_kb": number(sizes["orders_all"] / 1024),
        "index_open_kb": number(sizes["orders_open"] / 1024),
    }


def size(owner: psycopg.Connection, index: str) -> int:
    return one(owner, "SELECT pg_relation_size(%s::regclass)", index)


def plan(owner: psycopg.Connection, query: str) -> str:
    """The plan as EXPLAIN prints it, without times, and narrow enough for a page."""
    owner.execute(query)
    options = "ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF"
    lines = [line for line, in owner.execute(f"EXPLAIN ({options}) {query}")]
    text = "\n".join(line for line in lines if "I/O Timings" not in line)
    text = text.replace("::timestamp with time zone", "").split("\nPlanning:")[0]
    text = re.sub(r"( *)((?:Index|Recheck) Cond: \(.*?) AND ", r"\1\2\n\1  AND ", text)
    return re.sub(r"^( *)(->  Index Only Scan .*) (\(actual)", r"\1\2\n\1      \3", text, flags=re.MULTILINE)


def write(file: Path, plans: dict[str, str]) -> None:
    shown = (f"-- region {name}\n{PLANS[name]};\n\n{text}\n-- endregion {name}\n\n" for name, text in plans.items())
    file.write_text("".join(shown))
