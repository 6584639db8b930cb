"""A streaming replica: stale reads and how to avoid them; then each process is killed."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator

import psycopg
from psycopg import sql

from desk.cluster import Server, free_port, run, running, wait_until
from desk.replica import caught_up, position
from measure.bench import TODAY, Lab, number, one, pgbench, spread, timed
from measure.relay import distant

DISTANCE = 0.02  # seconds by which the replica's answers come later

NOTE = "INSERT INTO note (body) VALUES (%s) RETURNING note_id"

BROKEN = "SELECT count(*) FROM broken_fills WHERE trade_date = %s"


def measured(lab: Lab) -> dict[str, str]:
    with lab.primary.connect() as owner, lab.primary.connect(user="postgres") as superuser:
        owner.execute("CREATE TABLE note (note_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text)")
        owner.execute("GRANT SELECT, INSERT ON note TO trader")
        superuser.execute("SELECT pg_create_physical_replication_slot('replica')")
    replica = Server(lab.scratch / "replica", free_port())
    clone(lab.primary, replica)
    with running(replica):
        figures = reads(lab, replica) | rates(lab)
        far_away(lab, replica)
        assert unacknowledged(lab, replica) == 1
        caught_up_again(lab, replica)
    return figures | {"recovery_s": number(killed_primary(lab), 1)}


# region clone
def clone(primary: Server, replica: Server) -> None:
    """`-R` writes the replica's settings, `-S` names its slot."""
    source = f"host={primary.host} port={primary.port} user=replicator"
    run("pg_basebackup", "-d", f"{source} application_name=replica", "-D",
        str(replica.home), "-R", "-S", "replica", "-c", "fast", "-X", "stream")
    replica.configure("archive_mode = off")


# endregion clone


def reads(lab: Lab, replica: Server) -> dict[str, str]:
    """Reads at the replica right after a write at the primary, under load: without and with a wait."""
    stale = missed = 0
    waits: list[float] = []
    load = threading.Thread(target=pgbench, args=(lab.primary.port, "order.sql", 4, 4))
    load.start()
    time.sleep(0.3)
    with lab.primary.connect(user="trader") as writer, replica.connect(user="trader") as reader:
        for n in range(100):
            note = one(writer, NOTE, str(n))
            stale += reader.execute("SELECT 1 FROM note WHERE note_id = %s", (note,)).fetchone() is None
            note, started = one(writer, NOTE, str(n)), time.perf_counter()
            assert caught_up(reader, position(writer), 20)
            waits.append(1000 * (time.perf_counter() - started))
            missed += reader.execute("SELECT 1 FROM note WHERE note_id = %s", (note,)).fetchone() is None
    load.join()
    assert missed == 0
    return {
        "stale_reads": number(stale),
        "replica_wait_ms": number(sorted(waits)[50], 1),
        "replica_wait_p95_ms": number(sorted(waits)[95], 1),
    }


def rates(lab: Lab) -> dict[str, str]:
    """Order entry when a commit waits for nobody, for the replica's disk, and for its replay."""
    tps: dict[str, list[float]] = {"local": [], "on": [], "remote_apply": []}
    for level in tuple(tps) * lab.scale.runs:
        set_system(lab.primary, "synchronous_standby_names", "" if level == "local" else "replica")
        with lab.primary.connect() as owner:
            owner.execute(f"ALTER DATABASE desk SET synchronous_commit = '{level}'")
        tps[level].append(pgbench(lab.primary.port, "order.sql", 16, lab.scale.seconds))
    with lab.primary.connect() as owner:
        owner.execute("ALTER DATABASE desk RESET synchronous_commit")
    set_system(lab.primary, "synchronous_standby_names", "")
    names = {"local": "repl_local", "on": "repl_on", "remote_apply": "repl_apply"}
    return {names[level]: spread(values) for level, values in tps.items()}


# region distance
def far_away(lab: Lab, replica: Server) -> None:
    """With a distant replica, no commit that waits for it returns before it can."""
    with distant(lab.primary.port, DISTANCE) as port:
        follow(lab, replica, port)
        set_system(lab.primary, "synchronous_standby_names", "replica")
        with lab.primary.connect(user="trader") as trader:
            for level in ("local", "on", "remote_apply"):
                trader.execute(f"SET synchronous_commit = '{level}'")
                took = [timed(lambda: one(trader, NOTE, "far")) for _ in range(20)]
                assert level == "local" or min(took) >= DISTANCE, took
                report(level, took)
        set_system(lab.primary, "synchronous_standby_names", "")
    follow(lab, replica, lab.primary.port)


# endregion distance


def follow(lab: Lab, replica: Server, port: int) -> None:
    """Let the replica stream from this port."""
    source = f"host=127.0.0.1 port={port} user=replicator application_name=replica"
    with lab.primary.connect(user="postgres") as superuser:
        before = one(superuser, "SELECT pid FROM pg_stat_replication")
        set_system(replica, "primary_conninfo", source)
        anew = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND pid <> %s"
        wait_until(lambda: one(superuser, anew, before) == 1)


def report(level: str, took: list[float]) -> None:
    low, high = (number(1000 * each, 1) for each in (min(took), max(took)))
    print(f"check: a commit with {level} took {low} to {high} ms, the replica far away", file=sys.stderr)


def set_system(server: Server, name: str, value: str) -> None:
    with server.connect(user="postgres") as superuser:
        command = sql.SQL("ALTER SYSTEM SET {} = {}")
        superuser.execute(command.format(sql.Identifier(name), sql.Literal(value)))
        superuser.execute("SELECT pg_reload_conf()")
        wait_until(lambda: one(superuser, f"SHOW {name}") == value)


@contextlib.contextmanager
def frozen(lab: Lab) -> Iterator[None]:
    """The primary's sender is stopped, so that nothing reaches the replica."""
    with lab.primary.connect(user="watcher") as watcher:
        wait_until(lambda: one(watcher, "SELECT count(*) FROM pg_stat_replication") == 1)
        pid = one(watcher, "SELECT pid FROM pg_stat_replication")
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def unacknowledged(lab: Lab, replica: Server) -> int:
    """Rows that are there though their commit never returned: a cancelled wait for the replica."""
    set_system(lab.primary, "synchronous_standby_names", "replica")
    with frozen(lab), lab.primary.connect(user="trader") as writer:
        done: list[object] = []
        writing = threading.Thread(target=lambda: done.append(one(writer, NOTE, "unsure")))
        writing.start()
        with lab.primary.connect(user="postgres") as superuser:
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
            wait_until(lambda: one(superuser, waiting))
            superuser.execute("SELECT pg_cancel_backend(%s)", (writer.info.backend_pid,))
            writing.join()
            assert done, "the cancelled commit raised an error"
            rows = one(superuser, "SELECT count(*) FROM note WHERE body = 'unsure'")
    set_system(lab.primary, "synchronous_standby_names", "")
    return rows


def caught_up_again(lab: Lab, replica: Server) -> None:
    """The replica dies; its slot keeps what it missed, and it catches up."""
    replica.stop("immediate")
    with lab.primary.connect(user="trader") as writer:
        one(writer, NOTE, "while the replica was away")
        lsn = position(writer)
    replica.start()
    with replica.connect(user="trader") as reader:
        assert caught_up(reader, lsn, 30)
        assert one(reader, "SELECT count(*) FROM note WHERE body LIKE 'while%%'") == 1


def killed_primary(lab: Lab) -> float:
    """Seconds until it serves again after SIGQUIT to all processes; each acknowledged commit is there."""
    acknowledged: list[int] = []

    def write() -> None:
        with contextlib.suppress(psycopg.OperationalError), lab.primary.connect(user="trader") as writer:
            while True:
                acknowledged.append(one(writer, NOTE, "acknowledged"))

    writing = threading.Thread(target=write)
    writing.start()
    wait_until(lambda: len(acknowledged) > 50)
    lab.primary.stop("immediate")
    writing.join()
    started = time.monotonic()
    lab.primary.start()
    with lab.primary.connect(user="auditor") as reader:
        seconds = time.monotonic() - started
        kept = one(reader, "SELECT count(*) FROM note WHERE note_id = ANY(%s)", acknowledged)
        assert kept == len(acknowledged)
        assert one(reader, BROKEN, TODAY) == 0
    return seconds
