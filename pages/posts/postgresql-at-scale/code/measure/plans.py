"""What four kinds of index cost and give; the plans that the article reads line by line go to plans.txt."""

from __future__ import annotations

from pathlib import Path

import psycopg

from desk.cluster import CODE
from measure.bench import Lab, number, one

AT = """SELECT sum(quantity * price) FROM executions_flat
WHERE executed_at BETWEEN '2026-01-07 09:00Z' AND '2026-01-07 09:10Z'"""
FILLS = "SELECT sum(quantity), sum(quantity * price) FROM executions_flat WHERE order_id = 7920"
OPEN = "SELECT order_id FROM orders WHERE account_id = 101 AND status = 'open'"
PLANS = {"btree": AT, "brin": AT, "covering": FILLS, "partial": OPEN}


def measured(lab: Lab) -> dict[str, str]:
    with lab.primary.connect() as owner:
        lab.primary.psql(CODE / "sql/indexes.sql")
        owner.execute("VACUUM ANALYZE")
        owner.execute("SET max_parallel_workers_per_gather = 0")
        sizes = {name: size(owner, name) for name in ("executions_at_btree", "executions_at_brin", "orders_all", "orders_open")}
        plans = {"btree": plan(owner, AT)}
        owner.execute("DROP INDEX executions_at_btree")
        plans |= {name: plan(owner, query) for name, query in PLANS.items() if name != "btree"}
        expect(plans)
        write(lab.scratch / "plans.txt", plans)
        owner.execute("DROP INDEX orders_all")
    return {
        "btree_kb": number(sizes["executions_at_btree"] / 1024),
        "brin_kb": number(sizes["executions_at_brin"] / 1024),
        "index_all_kb": number(sizes["orders_all"] / 1024),
        "index_open_kb": number(sizes["orders_open"] / 1024),
    }


def size(owner: psycopg.Connection, index: str) -> int:
    return one(owner, "SELECT pg_relation_size(%s::regclass)", index)


def plan(owner: psycopg.Connection, query: str) -> str:
    owner.execute(query)
    lines = owner.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF) {query}").fetchall()
    return "\n".join(line for line, in lines if "I/O Timings" not in line).replace("::timestamp with time zone", "").split("\nPlanning:")[0]


def expect(plans: dict[str, str]) -> None:
    assert "Index Scan using executions_at_btree" in plans["btree"], plans["btree"]
    assert "Bitmap Index Scan on executions_at_brin" in plans["brin"], plans["brin"]
    assert "Index Only Scan using executions_by_order" in plans["covering"], plans["covering"]
    assert "orders_open" in plans["partial"], plans["partial"]


def write(file: Path, plans: dict[str, str]) -> None:
    file.write_text("".join(f"-- region {name}\n{PLANS[name]};\n\n{text}\n-- endregion {name}\n\n" for name, text in plans.items()))
