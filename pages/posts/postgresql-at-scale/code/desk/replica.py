"""Reads that go to a replica and still see the caller's own writes."""

from __future__ import annotations

import time

import psycopg


# region read
def position(primary: psycopg.Connection) -> str:
    """A place in the WAL at or after this session's last commit."""
    return primary.execute("SELECT pg_current_wal_flush_lsn()").fetchone()[0]


def caught_up(replica: psycopg.Connection, lsn: str, seconds: float) -> bool:
    """Whether the replica has replayed up to `lsn` in time; if not, ask the primary."""
    deadline, pause = time.monotonic() + seconds, 0.0005
    while time.monotonic() < deadline:
        if replica.execute(
            "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", (lsn,)
        ).fetchone()[0]:
            return True
        time.sleep(pause)
        pause = min(2 * pause, 0.02)
    return False


# endregion read
