"""Workers at one queue; a poison job, a dying worker, and an advisory lock."""

from __future__ import annotations

import threading
import time

from desk.cluster import CODE, wait_until
from desk.queue import TAKE, close_day, settle_one
from measure.bench import Lab, one, spread, timed, together

WORKERS, LEASE = 8, 0.02


def measured(lab: Lab) -> dict[str, str]:
    waiting = lab.turns(lambda: rate(lab, TAKE.replace(" SKIP LOCKED", "")))
    skipping = lab.turns(lambda: rate(lab, TAKE))
    poison(lab)
    comes_back(lab)
    ready = threading.Barrier(4)
    closed = together(4, lambda _: attempt(lab, ready))
    assert closed.count(True) == 1
    return {"queue_waiting": spread(waiting), "queue_skipping": spread(skipping)}


def fill(lab: Lab, jobs: int) -> None:
    with lab.primary.connect() as owner:
        owner.execute("TRUNCATE settlement_job")
        owner.execute("INSERT INTO settlement_job (execution_id) SELECT generate_series(1, %s)", (jobs,))


def rate(lab: Lab, take: str) -> float:
    """Jobs a second when each takes 5 ms of work; each is settled exactly once."""
    jobs, done = 80 * lab.scale.seconds, []
    fill(lab, jobs)
    seconds = timed(lambda: together(WORKERS, lambda worker: settle_all(lab, worker, take, done)))
    assert sorted(done) == list(range(1, jobs + 1))
    return jobs / seconds


def settle_all(lab: Lab, worker: int, take: str, done: list[int]) -> None:
    def work(execution: int) -> None:
        time.sleep(0.005)  # stands for the work
        done.append(execution)

    with lab.primary.connect(user="settler") as connection:
        while one(connection, "SELECT EXISTS (SELECT FROM settlement_job WHERE attempts = 0)"):
            settle_one(connection, f"worker {worker}", work, take=take)


# region poison
def poison(lab: Lab) -> None:
    """The first of ten jobs always fails: nine are done, the first is given up."""
    fill(lab, 10)
    tried: list[int] = []

    def work(execution: int) -> None:
        tried.append(execution)
        if execution == 1:
            raise RuntimeError("no such counterparty")

    with lab.primary.connect(user="settler") as connection:
        while tried.count(1) < 5:
            settle_one(connection, "worker", work, lease=LEASE)
        time.sleep(LEASE * 2**6)
        assert not settle_one(connection, "worker", work, lease=LEASE)
        left = connection.execute(
            "SELECT execution_id, attempts, trouble FROM settlement_job"
            " WHERE settled_by IS NULL"
        ).fetchall()
    assert left == [(1, 5, "RuntimeError('no such counterparty')")]
    assert tried[:10] == list(range(1, 11))


# endregion poison


def comes_back(lab: Lab) -> None:
    """A worker dies between claim and work: after its lease the job is there for the next."""
    fill(lab, 1)
    with lab.primary.connect(user="settler") as dying:
        assert dying.execute(TAKE, (2.0,)).fetchone()
    with lab.primary.connect(user="settler") as other:
        assert not settle_one(other, "other", lambda _: None)
        wait_until(lambda: settle_one(other, "other", lambda _: None))


def attempt(lab: Lab, ready: threading.Barrier) -> bool:
    with lab.primary.connect(user="settler") as connection:
        ready.wait()  # a late one would find the lock free again
        return close_day(connection, "2026-01-05", lambda: time.sleep(0.5))
