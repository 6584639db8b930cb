"""A background thread for work that takes seconds, so that no request holds a thread of the server for it.

A request must not wait. Where it needs what isn't made yet, NotReadyError is raised with the function for it; one
thread of each process calls it, while readers get the previous response, or 503 with Retry-After. A freeze, a command
or a test client has time, and makes it at once.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from logging import Logger

PATIENCE = 0.3
"""Seconds that a request waits for what has just begun to be made: an edit of one post is indexed in less."""

_hurried: ContextVar[bool] = ContextVar("hurried", default=False)


class NotReadyError(Exception):
    """This is not made yet. `make` makes it; of two with the same `name` only one need be made."""

    def __init__(self, name: Hashable, make: Callable[[], object]) -> None:
        super().__init__(f"{name} is not made yet")
        self.name, self.make = name, make


@contextmanager
def hurry(is_hurried: bool = True) -> Iterator[None]:
    """Meanwhile nothing that takes seconds is made in this thread: NotReadyError is raised instead."""
    token = _hurried.set(is_hurried)
    try:
        yield
    finally:
        _hurried.reset(token)


def refuse_in_a_hurry(name: Hashable, make: Callable[[], object]) -> None:
    """Raises NotReadyError where this thread must not wait for `make`."""
    if _hurried.get():
        raise NotReadyError(name, make)


class Job:
    """Something that is being made, or will be."""

    def __init__(self, name: Hashable, make: Callable[[], object]) -> None:
        self.name, self.make = name, make
        self._begun, self._ended = time.monotonic(), threading.Event()

    def is_done_soon(self) -> bool:
        """Whether it ends before it has taken PATIENCE: no more than that is waited for."""
        return self._ended.wait(max(0.0, self._begun + PATIENCE - time.monotonic()))

    def end(self) -> None:
        self._ended.set()


class Background:
    """One thread of this process, which makes one thing at a time. Of what waits for it, the newest `room` are made."""

    def __init__(self, log: Logger, room: int = 1) -> None:
        self._log, self._room = log, room
        self._lock = threading.Lock()
        self._running: Job | None = None
        self._waiting: dict[Hashable, Job] = {}
        self._process = 0

    def begin(self, name: Hashable, make: Callable[[], object]) -> Job:
        """See to it that this is made, if it isn't being made already."""
        with self._lock:
            if self._process != os.getpid():  # A fork leaves threads behind.
                self._running, self._waiting = None, {}
            if self._running and self._running.name == name:
                return self._running
            job = self._waiting.setdefault(name, Job(name, make))
            if len(self._waiting) > self._room:
                del self._waiting[next(iter(self._waiting))]
            if not self._running:
                self._start()
            return job

    def _start(self) -> None:
        """Start the thread. Wants the lock."""
        self._process, first = os.getpid(), self._next()
        try:
            threading.Thread(target=self._work, args=(first,), name="background", daemon=True).start()
        except RuntimeError as error:  # There is no memory for a thread now: a later request tries again.
            self._running = None
            self._log.warning("Nothing is made in the background for now (%s).", error)

    def _next(self) -> Job | None:
        """What has waited longest, which runs from now on; None ends the thread. Wants the lock."""
        self._running = self._waiting.pop(next(iter(self._waiting))) if self._waiting else None
        return self._running

    def _work(self, job: Job | None) -> None:
        """Make this, and then what waits. Each job comes out of the lock, so that no two threads have the same."""
        while job:
            try:
                job.make()
            except Exception as error:  # Who asks next begins it again.
                self._log.warning("This could not be made in the background: %s (%r)", job.name, error)
            job.end()
            with self._lock:
                job = self._next()
