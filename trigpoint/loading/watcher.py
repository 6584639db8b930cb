"""The thread that looks for edits, again and again, in each process that answers readers."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from logging import Logger

from trigpoint.inventory import PATIENCE


class Watcher:
    """Calls `look` in a thread of its own; that gives the seconds until the next look. One may fail: others follow."""

    def __init__(self, look: Callable[[], float], log: Logger) -> None:
        self._look, self._log = look, log
        self._process = 0
        self._start_again_at = 0.0
        self._starting = threading.Lock()
        self._wanted = threading.Event()
        self.stopped = threading.Event()

    def start(self) -> None:
        """See to it that the thread runs in this process: a fork leaves threads behind."""
        if self._process == os.getpid():
            return
        with self._starting:
            if self._process != os.getpid() and time.monotonic() >= self._start_again_at:
                self._start()

    def wake(self) -> None:
        """Look now."""
        self._wanted.set()

    def stop(self) -> None:
        """End after the present look."""
        self.stopped.set()

    def _start(self) -> None:
        try:
            threading.Thread(target=self._run, name="loader", daemon=True).start()
            self._process = os.getpid()
        except RuntimeError as error:  # There is no memory for a thread now: a later request tries again.
            self._start_again_at = time.monotonic() + PATIENCE
            self._log.warning("Edits are not found for now (%s); readers keep what they have.", error)

    def _run(self) -> None:
        while not self.stopped.is_set():
            self._wanted.wait(self._look())
            self._wanted.clear()
