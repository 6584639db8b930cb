"""Servers of this machine: a port that is free, and when one answers there."""

from __future__ import annotations

import socket
import time
from urllib.request import urlopen


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def wait_for(address: str, seconds: float = 120) -> None:
    """Until it answers. Raises SystemExit where it does not."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            urlopen(address, timeout=seconds).read()
            return
        except OSError as error:
            if time.monotonic() > deadline:
                raise SystemExit(f"{address} does not answer.") from error
            time.sleep(0.05)
