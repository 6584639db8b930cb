"""A relay that holds one direction back: a link with a distance, where no kernel has to help."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Iterator


@contextlib.contextmanager
def distant(port: int, seconds: float) -> Iterator[int]:
    """A port that leads to `port`, and delays what the connecting side says."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener, port, seconds), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def accept(listener: socket.socket, port: int, seconds: float) -> None:
    with contextlib.suppress(OSError):  # the listener was closed
        while True:
            near, _ = listener.accept()
            far = socket.create_connection(("127.0.0.1", port))
            for end in (near, far):  # as PostgreSQL has it: a small answer does not wait for the next
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for source, target, delay in ((near, far, seconds), (far, near, 0.0)):
                threading.Thread(target=carry, args=(source, target, delay), daemon=True).start()


def carry(source: socket.socket, target: socket.socket, seconds: float) -> None:
    """Each piece leaves so long after it came, and in its order."""
    waiting: queue.Queue[tuple[float, bytes]] = queue.Queue()
    threading.Thread(target=deliver, args=(waiting, target), daemon=True).start()
    piece = b"begin"
    while piece:
        try:
            piece = source.recv(1 << 16)
        except OSError:
            piece = b""
        waiting.put((time.monotonic() + seconds, piece))


def deliver(waiting: queue.Queue[tuple[float, bytes]], target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            due, piece = waiting.get()
            time.sleep(max(0.0, due - time.monotonic()))
            if not piece:
                target.shutdown(socket.SHUT_RDWR)
                return
            target.sendall(piece)
