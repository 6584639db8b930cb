"""A streaming replica: stale reads and how to avoid them, then a lost primary, promotion and the way back."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

from psycopg import sql

from desk.cluster import Server, free_port, run, running, wait_until
from desk.replica import caught_up, position
from measure.bench import Lab, number, one, pgbench

NOTE = "INSERT INTO note (body) VALUES (%s) RETURNING note_id"


def measured(lab: Lab) -> dict[str, str]:
    with lab.primary.connect() as owner:
        owner.execute("CREATE TABLE note (note_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text)")
        owner.execute("SELECT pg_create_physical_replication_slot('replica')")
    replica = Server(lab.scratch / "replica", free_port())
    clone(lab.primary, replica)
    with running(replica):
        figures = reads(lab, replica) | rates(lab)
        hangs = unacknowledged(lab, replica)
        assert hangs == 1
        return figures | failover(lab, replica)


# region clone
def clone(primary: Server, replica: Server) -> None:
    run("pg_basebackup", "-d", f"host=127.0.0.1 port={primary.port} user=postgres application_name=replica",
        "-D", str(replica.home), "-R", "-S", "replica", "-c", "fast", "-X", "stream")
    replica.configure("archive_mode = off")
# endregion clone


def reads(lab: Lab, replica: Server) -> dict[str, str]:
    """Reads at the replica right after a write at the primary, under load: without and with a wait."""
    stale = missed = 0
    waits: list[float] = []
    load = threading.Thread(target=pgbench, args=(lab.primary.port, "order.sql", 4, 4))
    load.start()
    time.sleep(0.3)
    with lab.primary.connect() as writer, replica.connect() as reader:
        for n in range(100):
            note = one(writer, NOTE, str(n))
            stale += reader.execute("SELECT 1 FROM note WHERE note_id = %s", (note,)).fetchone() is None
            note, started = one(writer, NOTE, str(n)), time.perf_counter()
            assert caught_up(reader, position(writer), 5)
            waits.append(time.perf_counter() - started)
            missed += reader.execute("SELECT 1 FROM note WHERE note_id = %s", (note,)).fetchone() is None
    load.join()
    assert missed == 0
    return {"stale_reads": number(stale), "replica_wait_ms": number(1000 * sorted(waits)[50], 1), "replica_wait_p95_ms": number(1000 * sorted(waits)[95], 1)}


def rates(lab: Lab) -> dict[str, str]:
    """Order entry when a commit waits for nobody, for the replica's disk, and for its replay; in turns, the best of two."""
    tps = {"local": 0.0, "on": 0.0, "remote_apply": 0.0}
    for level in (*tps, *tps):
        set_system(lab.primary, "synchronous_standby_names", "" if level == "local" else "replica")
        with lab.primary.connect() as owner:
            owner.execute(f"ALTER DATABASE desk SET synchronous_commit = '{level}'")
        tps[level] = max(tps[level], pgbench(lab.primary.port, "order.sql", 16, (lab.scale.seconds + 1) // 2))
    with lab.primary.connect() as owner:
        owner.execute("ALTER DATABASE desk RESET synchronous_commit")
    set_system(lab.primary, "synchronous_standby_names", "")
    return {"repl_local": number(tps["local"]), "repl_on": number(tps["on"]), "repl_apply": number(tps["remote_apply"])}


def set_system(server: Server, name: str, value: str) -> None:
    with server.connect() as owner:
        owner.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
        owner.execute("SELECT pg_reload_conf()")
        wait_until(lambda: one(owner, f"SHOW {name}") == value)


@contextlib.contextmanager
def cut_off(replica: Server) -> Iterator[None]:
    """The replica does not reach the primary, as if the network had gone."""
    with replica.connect() as reader:
        route = one(reader, "SHOW primary_conninfo")
        set_system(replica, "primary_conninfo", "host=127.0.0.1 port=1")
        wait_until(lambda: one(reader, "SELECT count(*) FROM pg_stat_wal_receiver") == 0)
        yield
        set_system(replica, "primary_conninfo", route)


def unacknowledged(lab: Lab, replica: Server) -> int:
    """Rows that are there though their commit never returned: a cancelled wait for a synchronous replica."""
    set_system(lab.primary, "synchronous_standby_names", "replica")
    with cut_off(replica), lab.primary.connect() as writer, lab.primary.connect() as owner:
        writing = threading.Thread(target=writer.execute, args=(NOTE, ("unsure",)))
        writing.start()
        wait_until(lambda: one(owner, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))
        owner.execute("SELECT pg_cancel_backend(%s)", (writer.info.backend_pid,))
        writing.join()
        rows = one(owner, "SELECT count(*) FROM note WHERE body = 'unsure'")
    set_system(lab.primary, "synchronous_standby_names", "")
    return rows


# region failover
def failover(lab: Lab, replica: Server) -> dict[str, str]:
    """Cut the link, acknowledge a hundred commits more, lose the primary, promote, rewind."""
    with cut_off(replica):
        with lab.primary.connect() as writer:
            acknowledged = [one(writer, NOTE, "after the cut") for _ in range(100)]
        lab.primary.stop("immediate")
    started = time.monotonic()
    run("pg_ctl", "-D", str(replica.home), "-w", "promote")
    with replica.connect() as new:
        new.execute(NOTE, ("first write after promotion",))
        seconds = time.monotonic() - started
        survived = one(new, "SELECT count(*) FROM note WHERE body = 'after the cut'")
        new.execute("SELECT pg_create_physical_replication_slot('replica')")
        new.execute("CHECKPOINT")  # Until then pg_rewind (before 16) reads the old timeline, and does nothing.
    rewind(lab.primary, replica)
    with running(lab.primary), lab.primary.connect() as old:
        wait_until(lambda: one(old, "SELECT count(*) FROM note WHERE body LIKE 'first write%'"))
        assert one(old, "SELECT count(*) FROM note WHERE body = 'after the cut'") == survived
    return {"promote_s": number(seconds, 1), "lost": number(len(acknowledged) - survived)}


def rewind(old: Server, new: Server) -> None:
    source = f"host=127.0.0.1 port={new.port} user=postgres dbname=desk"
    run("pg_rewind", "-D", str(old.home), "--source-server", source, "-R", "-c")
    old.configure("primary_slot_name = 'replica'\narchive_mode = off")
# endregion failover
