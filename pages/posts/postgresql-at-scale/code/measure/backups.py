"""A base backup, an accident, and a restore to the moment before it."""

from __future__ import annotations

import shutil
import time

from desk.cluster import Server, free_port, run, running, wait_until
from measure.bench import Lab, number, one, timed

LOST = "executions_20260107"


def measured(lab: Lab) -> dict[str, str]:
    copy = Server(lab.scratch / "restored", free_port())
    where = ("-h", "127.0.0.1", "-p", str(lab.primary.port), "-U", "replicator")
    backup = timed(lambda: run("pg_basebackup", *where, "-D", str(copy.home), "-c", "fast"))
    run("pg_verifybackup", str(copy.home))
    with lab.primary.connect(user="postgres") as superuser, lab.primary.connect() as owner:
        before = one(owner, f"SELECT count(*) FROM {LOST}")
        superuser.execute("SELECT pg_create_restore_point('before the mistake')")
        owner.execute(f"DELETE FROM {LOST}")
        segment = one(superuser, "SELECT pg_walfile_name(pg_switch_wal())")
        wait_until((lab.archive / segment).exists)
    copy.configure(recovery(lab))
    (copy.home / "recovery.signal").touch()
    started = time.monotonic()
    with running(copy), copy.connect(user="auditor") as connection:
        restore = time.monotonic() - started
        wait_until(lambda: one(connection, "SELECT pg_get_wal_replay_pause_state()") == "paused")
        assert one(connection, f"SELECT count(*) FROM {LOST}") == before > 0
    size = sum(file.stat().st_size for file in copy.home.rglob("*") if file.is_file())
    shutil.rmtree(copy.home)
    return {
        "backup_s": number(backup, 1), "restore_s": number(restore, 1), "backup_mb": number(size / 1e6),
    }


# region recovery
def recovery(lab: Lab) -> str:
    return f"""restore_command = 'cp {lab.archive}/%f %p'
recovery_target_name = 'before the mistake'
recovery_target_action = 'pause'
archive_mode = off
"""


# endregion recovery
