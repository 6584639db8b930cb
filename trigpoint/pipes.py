"""Messages between a parent process and its children, over pipes that cannot hang the parent.

Each child has pipes of its own. A child that is killed in the middle of a message closes its pipe, which the parent
reads as the end of it; a child that is stopped, or silent for too long, is noticed while the parent waits. (A queue
that children share, as in `concurrent.futures`, waits for the rest of a torn message for ever.)
"""

from __future__ import annotations

import os
import pickle
import select
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

LENGTH = struct.Struct(">Q")

STOPPED = 3.0
"""Seconds that a child may be stopped (SIGSTOP). One that is stopped with its parent, by Ctrl-Z, goes on with it."""

LOOK = 0.5
"""Seconds between two looks at a child that is waited for."""

Wait = Callable[[int, int], None]
"""Waits until a descriptor can be read (POLLIN) or written to (POLLOUT). Raises TimeoutError where it gives up."""


class StoppedError(TimeoutError):
    """The child is stopped, and nobody lets it go on."""


@dataclass(slots=True)
class Patience:
    """Waits for the child `process`: until `deadline` (of time.monotonic), or for STOPPED where it is stopped."""

    process: int
    deadline: float
    _stopped_looks: int = 0

    def __call__(self, descriptor: int, event: int) -> None:
        waiting = select.poll()  # select() itself knows no descriptor past 1023, and a busy server has those.
        waiting.register(descriptor, event)
        while True:
            left = self.deadline - time.monotonic()
            if waiting.poll(1000 * max(0.0, min(left, LOOK))):
                return
            if left <= 0:
                raise TimeoutError("a process took too long")
            self._look()

    def _look(self) -> None:
        """Looks are counted, and not the clock: it runs on while the parent is stopped too."""
        self._stopped_looks = self._stopped_looks + 1 if _is_stopped(self.process) else 0
        if self._stopped_looks * LOOK >= STOPPED:
            raise StoppedError("a process was stopped")


def _is_stopped(process: int) -> bool:
    """Whether a child is stopped. Where the system cannot say it (macOS), the deadline has to do."""
    if sys.platform == "darwin" or not hasattr(os, "waitid"):
        return False
    try:
        return os.waitid(os.P_PID, process, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return False


def send(pipe: int, value: object, wait: Wait | None = None) -> None:
    """Write a message. With `wait` no write blocks. Raises TimeoutError where nobody takes it, OSError."""
    packed = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    view = memoryview(LENGTH.pack(len(packed)) + packed)
    while view:
        if wait:
            wait(pipe, select.POLLOUT)
        view = view[os.write(pipe, view[: select.PIPE_BUF] if wait else view) :]  # So much is taken at once.


def receive(pipe: int, wait: Wait | None = None) -> object:
    """Read a message. Raises EOFError where the other end is closed, or ends in the middle; TimeoutError, OSError."""
    (length,) = LENGTH.unpack(_exactly(pipe, LENGTH.size, wait))
    return pickle.loads(_exactly(pipe, length, wait))


def _exactly(pipe: int, count: int, wait: Wait | None) -> bytes:
    pieces = bytearray()
    while len(pieces) < count:
        if wait:
            wait(pipe, select.POLLIN)
        piece = os.read(pipe, min(count - len(pieces), 1 << 20))
        if not piece:
            raise EOFError
        pieces += piece
    return bytes(pieces)
