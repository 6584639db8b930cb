"""What a connection costs, what a pool saves, and what transaction pooling takes away."""

from __future__ import annotations

import statistics
import sys
import threading
from decimal import Decimal
from pathlib import Path

import psycopg
from psycopg import errors

from desk.cluster import Pool, connect, free_port, pooled, wait_until
from desk.orders import execute, submit
from measure.bench import TODAY, Lab, number, one, order, pgbench, spread, timed, together

CLIENTS = (2, 8, 32, 128)

BROKEN = "SELECT count(*) FROM broken_fills WHERE trade_date = %s"


def measured(lab: Lab) -> dict[str, object]:
    if not lab.pooler:
        print("check: without PgBouncer, what the article says about pools is left out", file=sys.stderr)
        return {}
    with pooled(lab.scratch, lab.primary, lab.old_pooler) as pool:
        broken = prepared_errors(pool.port)
    with pooled(lab.scratch, lab.primary, lab.old_pooler) as pool:
        assert answer_to_bob(pool.port) == "for alice: his order"
    assert broken > 0
    with pooled(lab.scratch, lab.primary, lab.pooler) as pool:
        assert answer_to_bob(pool.port) == "for bob: his order"
        assert prepared_errors(pool.port) == 0
        traps(pool.port)
        figures = costs(lab, pool) | thread(lab, pool)
    killed(lab)
    peers(lab)
    return figures | {"prepared_errors": number(broken), "backend_kb": number(private_kb(lab))}


def costs(lab: Lab, pool: Pool) -> dict[str, object]:
    ports = {"direct": lab.primary.port, "pooled": pool.port}
    connects = {name: 1000 * connecting(port) for name, port in ports.items()}
    seconds, counts = lab.scale.seconds, CLIENTS if lab.scale.runs > 1 else CLIENTS[:2]
    again = {name: lab.turns(lambda p=port: pgbench(p, "read.sql", 16, seconds, "-C")) for name, port in ports.items()}
    rates = {
        (name, count): lab.turns(lambda p=port, c=count: pgbench(p, "read.sql", c, seconds + c // 64))
        for count in counts
        for name, port in ports.items()
    }
    lines = {name: [round(statistics.median(rates[name, count])) for count in counts] for name in ports}
    return {
        "connect_direct_ms": number(connects["direct"], 1),
        "connect_pooled_ms": number(connects["pooled"], 1),
        "reconnect_direct": spread(again["direct"]),
        "reconnect_pooled": spread(again["pooled"]),
        "reads_direct_8": spread(rates["direct", 8]),
        "reads_pooled_8": spread(rates["pooled", 8]),
        "reads_direct_128": spread(rates["direct", counts[-1]]),
        "reads_pooled_128": spread(rates["pooled", counts[-1]]),
        "series": {"clients": list(counts), **lines},
    }


def connecting(port: int) -> float:
    """Seconds for one connection with one query, the median of forty."""

    def ask() -> None:
        with connect(port, user="trader", prepare_threshold=None) as connection:
            connection.execute("SELECT 1")

    return statistics.median(timed(ask) for _ in range(40))


def private_kb(lab: Lab) -> float:
    """Memory that a backend has for itself after reading a little: its share of anonymous pages."""
    with lab.primary.connect(user="trader") as connection:
        connection.execute("SELECT count(*) FROM orders WHERE account_id = 1")
        connection.execute("SELECT count(*) FROM executions")
        pid = one(connection, "SELECT pg_backend_pid()")
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:"))


# region thread
def thread(lab: Lab, pool: Pool) -> dict[str, object]:
    """CPU time of PgBouncer's only thread, for a read and for a whole order."""
    cost = {}
    for script in ("read.sql", "order.sql"):
        cost[script] = lab.turns(lambda s=script: cpu_per_transaction(lab, pool, s))
    return {
        "pool_read_us": spread([1e6 * each for each in cost["read.sql"]]),
        "pool_order_us": spread([1e6 * each for each in cost["order.sql"]]),
    }


def cpu_per_transaction(lab: Lab, pool: Pool, script: str) -> float:
    before, seconds = pool.cpu_seconds(), lab.scale.seconds
    # A thread for each client: pgbench prepares with a call that blocks its thread.
    transactions = pgbench(pool.port, script, 16, seconds, "-j", "16") * seconds
    return (pool.cpu_seconds() - before) / transactions


# endregion thread


# region prepared
def prepared_errors(port: int) -> int:
    """How many of 400 prepared queries fail: sixteen clients share eight servers."""

    def client(_: int) -> int:
        failed = 0
        with connect(port, user="trader", prepare_threshold=0) as connection:
            for n in range(25):
                try:
                    connection.execute(
                        "SELECT symbol FROM instrument WHERE instrument_id = %s",
                        (n,),
                    )
                except (
                    errors.InvalidSqlStatementName,
                    errors.DuplicatePreparedStatement,
                ):
                    failed += 1
        return failed

    return sum(together(16, client))


# endregion prepared


# region mixed
def answer_to_bob(port: int) -> str:
    """Both clients call their first statement _pg3_0, on one server connection each."""
    prepares = {"user": "trader", "prepare_threshold": 0}
    with connect(port, **prepares) as alice, connect(port, **prepares) as bob:
        with alice.transaction():
            alice.execute("SELECT 'for alice: ' || %s::text", ("her order",))
            bob.execute("SELECT 'for bob: ' || %s::text", ("his order",))
        return one(bob, "SELECT 'for bob: ' || %s::text", "his order")


# endregion mixed


# region traps
def traps(port: int) -> None:
    """Session state stays with the server connection, for the next client to find."""
    plain = {"user": "trader", "prepare_threshold": None}
    with connect(port, **plain) as alice, connect(port, **plain) as bob:
        alice.execute("SET statement_timeout = '7s'")
        assert one(bob, "SHOW statement_timeout") == "7s"
        alice.execute("RESET statement_timeout")
        alice.execute("SET timezone = 'Asia/Tokyo'")
        assert one(bob, "SHOW timezone") != "Asia/Tokyo"  # PgBouncer tracks it

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


def killed(lab: Lab) -> None:
    """PgBouncer dies under its clients and comes back: each order sent again is there once."""
    port = free_port()
    with pooled(lab.scratch, lab.primary, lab.pooler, port=port) as pool:
        stop = threading.Timer(0.3, pool.kill)
        stop.start()
        cut = sum(together(4, lambda n: enter_until_cut(port, n)))
        stop.join()
    with pooled(lab.scratch, lab.primary, lab.pooler, port=port):
        together(4, lambda n: [enter_one(port, n, k) for k in range(200)])
    with lab.primary.connect(user="auditor") as auditor:
        entered = "SELECT count(*) FROM orders WHERE trade_date = %s AND client_order_id LIKE 'cut-%%'"
        assert cut > 0 and one(auditor, entered, TODAY) == 800
        assert one(auditor, BROKEN, TODAY) == 0


def enter_one(port: int, client: int, n: int) -> None:
    with connect(port, user="trader", prepare_threshold=None) as trader:
        enter(trader, client, n)


def enter(trader: psycopg.Connection, client: int, n: int) -> None:
    order_id = submit(trader, order(10 + client, f"cut-{client}-{n}"))
    execute(trader, TODAY, order_id, 10, Decimal(10), f"cut-{client}-{n}")


def enter_until_cut(port: int, client: int) -> bool:
    try:
        with connect(port, user="trader", prepare_threshold=None) as trader:
            for n in range(200):
                enter(trader, client, n)
                trader.execute("SELECT pg_sleep(0.005)")
    except psycopg.OperationalError:
        return True
    return False


# region peers
PEER = """so_reuseport = 1
peer_id = {own}
[peers]
1 = host={folder}/1 port={port}
2 = host={folder}/2 port={port}"""


def peers(lab: Lab) -> None:
    """Two processes behind one port: a cancel request finds the one that it is for."""
    port = free_port()
    folders = [lab.scratch / f"peer/{own}" for own in (1, 2)]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    first, second = (
        f"unix_socket_dir = {folder}\n"
        + PEER.format(own=own, folder=lab.scratch / "peer", port=port)
        for own, folder in enumerate(folders, 1)
    )
    with (
        pooled(lab.scratch, lab.primary, lab.pooler, first, port),
        pooled(lab.scratch, lab.primary, lab.pooler, second, port),
    ):
        assert all(together(12, lambda _: is_cancelled(lab, port)))


# endregion peers


def is_cancelled(lab: Lab, port: int) -> bool:
    """Whether a cancel request reaches the sleep that nothing else would end."""
    with connect(port, user="trader", prepare_threshold=None) as trader:
        try:
            with trader.transaction():
                trader.execute("SET LOCAL statement_timeout = 0")
                pid = one(trader, "SELECT pg_backend_pid()")
                cancelling = threading.Thread(target=cancel, args=(lab, trader, pid))
                cancelling.start()
                trader.execute("SELECT pg_sleep(60)")
            return False
        except errors.QueryCanceled:
            return True
        finally:
            cancelling.join()


def cancel(lab: Lab, trader: psycopg.Connection, pid: int) -> None:
    asleep = "SELECT wait_event = 'PgSleep' FROM pg_stat_activity WHERE pid = %s"
    with lab.primary.connect(user="watcher") as watcher:
        wait_until(lambda: one(watcher, asleep, pid))
    trader.cancel_safe(timeout=30)
