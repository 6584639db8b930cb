"""A queue in a table: each job is taken by one worker, and comes back if that worker dies."""

from __future__ import annotations

from collections.abc import Callable

import psycopg

# region take
TAKE = """SELECT job_id FROM settlement_job WHERE settled_by IS NULL
          ORDER BY job_id LIMIT 1 FOR UPDATE SKIP LOCKED"""


def settle_one(
    connection: psycopg.Connection, worker: int, work: Callable[[], None], take: str = TAKE
) -> bool:
    """Whether there was a job. The row stays locked while we work."""
    with connection.transaction():
        job = connection.execute(take).fetchone()
        if job:
            work()
            connection.execute(
                "UPDATE settlement_job SET settled_by = %s WHERE job_id = %s", (worker, *job)
            )
        return job is not None
# endregion take


# region close_day
def close_day(connection: psycopg.Connection, day: str) -> bool:
    """Whether this process got to close the day; another one that is at it makes us leave."""
    with connection.transaction():
        [mine] = connection.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", (f"close {day}",)
        ).fetchone()
        if mine:
            connection.execute("SELECT pg_sleep(0.2)")
        return mine
# endregion close_day
