"""What a connection costs, what a pool saves, and what transaction pooling takes away."""

from __future__ import annotations

import contextlib
from pathlib import Path

import psycopg
from psycopg import errors

from desk.cluster import connect, pooled
from measure.bench import Lab, number, one, pgbench, timed, together

CLIENTS = (2, 8, 32, 128)


def measured(lab: Lab) -> dict[str, object]:
    direct_port, seconds = lab.primary.port, lab.scale.seconds
    with pooled(lab.scratch, lab.primary, lab.bouncer) as port:
        connects = {name: 1000 * connecting(each) for name, each in (("direct", direct_port), ("pooled", port))}
        rates = reading(direct_port, port, (seconds + 1) // 2)
        reconnects = {name: pgbench(each, "read.sql", 16, seconds, "-C") for name, each in (("direct", direct_port), ("pooled", port))}
        memory = private_kb(lab)
        traps(port)
        broken = prepared_errors(port)
    with pooled(lab.scratch, lab.primary, lab.bouncer) as port:
        assert answer_to_bob(port) == "for alice: his order"
    assert reconnects["pooled"] > reconnects["direct"]
    with pooled(lab.scratch, lab.primary, lab.newer_bouncer) as port:
        assert answer_to_bob(port) == "for bob: his order"
        mended = prepared_errors(port)
    assert broken > 0
    assert mended == 0
    return {
        "connect_direct_ms": number(connects["direct"], 1),
        "connect_pooled_ms": number(connects["pooled"], 1),
        "reconnect_direct": number(reconnects["direct"]),
        "reconnect_pooled": number(reconnects["pooled"]),
        "reads_direct_8": number(rates["direct"][1]),
        "reads_pooled_8": number(rates["pooled"][1]),
        "reads_direct_128": number(rates["direct"][3]),
        "reads_pooled_128": number(rates["pooled"][3]),
        "backend_kb": number(memory),
        "prepared_errors": number(broken),
        "series": {"clients": list(CLIENTS), "direct": [round(rate) for rate in rates["direct"]], "pooled": [round(rate) for rate in rates["pooled"]]},
    }


def reading(direct: int, pooled: int, seconds: int) -> dict[str, list[float]]:
    """Reads a second for each number of clients, directly and through the pool; in turns, the best of two."""
    rates: dict[str, list[float]] = {"direct": [], "pooled": []}
    for count in CLIENTS:
        turns = [[pgbench(port, "read.sql", count, seconds) for port in (direct, pooled)] for _ in range(2)]
        for name, both in zip(rates, zip(*turns, strict=True), strict=True):
            rates[name].append(max(both))
    return rates


def connecting(port: int) -> float:
    """Seconds for one connection with one query, the median of forty."""
    return sorted(timed(lambda: connect(port, prepare_threshold=None).execute("SELECT 1").connection.close()) for _ in range(40))[20]


def private_kb(lab: Lab) -> float:
    """Memory that a backend has for itself after reading a little: its share of anonymous pages."""
    with lab.primary.connect() as connection:
        connection.execute("SELECT count(*) FROM orders WHERE account_id = 1")
        connection.execute("SELECT count(*) FROM executions")
        lines = Path(f"/proc/{one(connection, 'SELECT pg_backend_pid()')}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:"))


# region prepared
def prepared_errors(port: int) -> int:
    """How many of 400 prepared queries fail when sixteen clients share the pool of eight."""
    def client(_: int) -> int:
        failed = 0
        with connect(port, prepare_threshold=0) as connection:
            for n in range(25):
                try:
                    connection.execute("SELECT symbol FROM instrument WHERE instrument_id = %s", (n,))
                except (errors.InvalidSqlStatementName, errors.DuplicatePreparedStatement):
                    failed += 1
        return failed
    return sum(together(16, client))
# endregion prepared


# region mixed
def answer_to_bob(port: int) -> str:
    """Both clients call their first statement _pg3_0, each on a server connection of its own."""
    with connect(port, prepare_threshold=0) as alice, connect(port, prepare_threshold=0) as bob:
        with alice.transaction():
            alice.execute("SELECT 'for alice: ' || %s::text", ("her order",))
            bob.execute("SELECT 'for bob: ' || %s::text", ("his order",))
        return one(bob, "SELECT 'for bob: ' || %s::text", "his order")
# endregion mixed


# region traps
def traps(port: int) -> None:
    """Session state stays with the server connection, and the next client finds it there."""
    with connect(port, prepare_threshold=None) as alice, connect(port, prepare_threshold=None) as bob:
        alice.execute("SET statement_timeout = '7s'")
        assert one(bob, "SHOW statement_timeout") == "7s"
        alice.execute("RESET statement_timeout")

        alice.execute("SELECT pg_advisory_lock(42)")
        with bob.transaction():
            assert one(bob, "SELECT pg_try_advisory_lock(42)")
            assert not one(alice, "SELECT pg_advisory_unlock(42)")
            bob.execute("SELECT pg_advisory_unlock_all()")

        alice.execute("LISTEN fills")
        with bob.transaction():
            alice.execute("NOTIFY fills, 'lost'")
        assert not list(alice.notifies(timeout=0.5))
# endregion traps
