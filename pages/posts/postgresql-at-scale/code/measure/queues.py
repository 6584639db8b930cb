"""Workers at one queue: each waiting for the others, or skipping what is locked; and an advisory lock for one at a time."""

from __future__ import annotations

import time

from desk.cluster import CODE, wait_until
from desk.queue import TAKE, close_day, settle_one
from measure.bench import Lab, number, one, timed, together

WORKERS = 8


def measured(lab: Lab) -> dict[str, str]:
    lab.primary.psql(CODE / "sql/queue.sql")
    waiting, skipping = rate(lab, TAKE.replace(" SKIP LOCKED", "")), rate(lab, TAKE)
    assert skipping > 2 * waiting
    with lab.primary.connect() as owner:
        assert one(owner, "SELECT count(*) FROM settlement_job WHERE settled_by IS NULL") == 0
    comes_back(lab)
    closed = together(4, lambda _: attempt(lab))
    assert closed.count(True) == 1
    return {"queue_waiting": number(waiting), "queue_skipping": number(skipping)}


def rate(lab: Lab, take: str) -> float:
    """Jobs a second when each takes 5 ms of work."""
    jobs = 400 if lab.scale.seconds > 1 else 160
    with lab.primary.connect() as owner:
        owner.execute("TRUNCATE settlement_job")
        owner.execute("INSERT INTO settlement_job (execution_id) SELECT generate_series(1, %s)", (jobs,))
    return jobs / timed(lambda: together(WORKERS, lambda worker: settle_all(lab, worker, take)))


def settle_all(lab: Lab, worker: int, take: str) -> None:
    with lab.primary.connect() as connection:
        while settle_one(connection, worker, lambda: time.sleep(0.005), take):
            pass
        # Without SKIP LOCKED a worker that waited for the last job comes back with none, though jobs may be left.
        while one(connection, "SELECT count(*) FROM settlement_job WHERE settled_by IS NULL"):
            settle_one(connection, worker, lambda: time.sleep(0.005), take)


def comes_back(lab: Lab) -> None:
    """A worker dies with its job in hand: once the server has noticed, the job is there for the next."""
    with lab.primary.connect() as owner:
        owner.execute("INSERT INTO settlement_job (execution_id) VALUES (0)")
    dying = lab.primary.connect(autocommit=False)
    assert dying.execute(TAKE).fetchone()
    dying.close()
    with lab.primary.connect() as other:
        wait_until(lambda: settle_one(other, 1, lambda: None))


def attempt(lab: Lab) -> bool:
    with lab.primary.connect() as connection:
        return close_day(connection, "2026-01-05")
