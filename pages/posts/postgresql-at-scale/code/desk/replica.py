"""Reads that go to a replica and still see the caller's own writes."""

from __future__ import annotations

import time

import psycopg


# region read
def position(primary: psycopg.Connection) -> str:
    """A place in the WAL at or after this session's last commit: keep it with the user's session."""
    return primary.execute("SELECT pg_current_wal_flush_lsn()").fetchone()[0]


def caught_up(replica: psycopg.Connection, lsn: str, seconds: float) -> bool:
    """Whether the replica has replayed up to `lsn` in time; if not, read from the primary."""
    deadline = time.monotonic() + seconds
    while True:
        if replica.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", (lsn,)).fetchone()[0]:
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
# endregion read
