"""A queue in a table: claimed with a lease, repeated with a pause, given up in the end."""

from __future__ import annotations

from collections.abc import Callable

import psycopg

# region take
TAKE = """UPDATE settlement_job
          SET attempts = attempts + 1,
              due_at = clock_timestamp() + %s * interval '1 second' * 2 ^ attempts
          WHERE job_id = (SELECT job_id FROM settlement_job
                          WHERE settled_by IS NULL AND attempts < 5
                            AND due_at <= clock_timestamp()
                          ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
          RETURNING job_id, execution_id"""


def settle_one(
    connection: psycopg.Connection,
    worker: str,
    work: Callable[[int], None],
    lease: float = 30.0,
    take: str = TAKE,
) -> bool:
    """Whether there was a job. The claim is committed before the work begins."""
    job = connection.execute(take, (lease,)).fetchone()
    if job is None:
        return False
    job_id, execution_id = job
    try:
        work(execution_id)
    except Exception as error:  # whatever it was, the next job must have its turn
        connection.execute(
            "UPDATE settlement_job SET trouble = %s WHERE job_id = %s",
            (repr(error), job_id),
        )
    else:
        connection.execute(
            "UPDATE settlement_job SET settled_by = %s WHERE job_id = %s",
            (worker, job_id),
        )
    return True


# endregion take


# region close_day
def close_day(
    connection: psycopg.Connection, day: str, work: Callable[[], None]
) -> bool:
    """Whether this process closed the day; False at once if another is closing it."""
    with connection.transaction():
        [mine] = connection.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))",
            (f"close {day}",),
        ).fetchone()
        if mine:
            work()
        return mine


# endregion close_day
