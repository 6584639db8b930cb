"""Ctrl-C, a closed terminal and `kill` wait while files are written or put back: they end nothing half-way."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """The signal that came since; `check` is called where its work may be given up."""

    def __init__(self) -> None:
        self.came: int | None = None

    def check(self) -> None:
        """Raise KeyboardInterrupt where a signal came."""
        if self.came is not None:
            raise KeyboardInterrupt


@contextmanager
def interrupts_deferred() -> Iterator[Interrupts]:
    """Signals that would end the program do so afterwards, unless what is done in between asks for them."""
    interrupts = Interrupts()

    def note(number: int, frame: object) -> None:
        interrupts.came = number

    is_main = threading.current_thread() is threading.main_thread()  # No other thread is interrupted.
    handlers = {number: signal.getsignal(number) for number in SIGNALS if is_main}
    heard = {number: handler for number, handler in handlers.items() if handler not in (signal.SIG_IGN, None)}
    try:
        for number in heard:
            signal.signal(number, note)
        yield interrupts
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)
    if interrupts.came is not None:
        signal.raise_signal(interrupts.came)
