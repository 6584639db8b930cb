"""HTTPS to one bank, with the certificate that lies in a folder at the moment."""

import http.client
import queue
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .mounted import Mounted


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes


class NoAnswer(Exception):
    """Nothing came back. `perhaps_done` is false where nothing can have arrived."""

    def __init__(self, why: str, perhaps_done: bool) -> None:
        super().__init__(why)
        self.perhaps_done = perhaps_done


class Stale(NoAnswer):
    """The connection ended without an answer; a kept one may have ended before."""


# region credentials
def tls(place: Path) -> ssl.SSLContext:
    """The TLS context of a folder with `tls.crt`, `tls.key` and `ca.crt`."""
    context = ssl.create_default_context(cafile=place / "ca.crt")
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(place / "tls.crt", place / "tls.key")
    return context


# endregion credentials


class Wire:
    def __init__(
        self, address: str, credentials: Mounted[ssl.SSLContext], timeout: float
    ) -> None:
        self.address, self.credentials, self.timeout = address, credentials, timeout
        self.idle: queue.LifoQueue[tuple[str, http.client.HTTPSConnection]]
        self.idle = queue.LifoQueue()
        self.restarted = 0  # reads that a kept connection did not answer

    # region send
    def send(self, method: str, path: str, headers: dict[str, str], body: bytes):
        """One exchange. A read may use a kept connection, and moves on if that died;
        a write gets a connection of its own, so that its silence has one meaning."""
        if method == "GET":
            for kept in self.all_kept():
                try:
                    return self.exchange(kept, method, path, headers, body)
                except Stale:
                    self.restarted += 1
        return self.exchange(self.fresh(), method, path, headers, body)

    # endregion send

    def all_kept(self) -> Iterator[tuple[str, http.client.HTTPSConnection]]:
        """Idle connections of the present certificate; older ones are closed."""
        version, _ = self.credentials.current()
        while True:
            try:
                made_with, connection = self.idle.get_nowait()
            except queue.Empty:
                return
            if made_with == version:
                yield made_with, connection
            else:
                connection.close()

    def fresh(self) -> tuple[str, http.client.HTTPSConnection]:
        version, context = self.credentials.current()
        connection = http.client.HTTPSConnection(
            self.address, timeout=self.timeout, context=context
        )
        try:
            connection.connect()
        except OSError as error:
            raise NoAnswer(f"not connected: {error}", perhaps_done=False) from None
        return version, connection

    def exchange(self, over, method, path, headers, body) -> Reply:
        version, connection = over
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
        except TimeoutError:
            connection.close()
            raise NoAnswer("timed out", perhaps_done=True) from None
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise Stale(f"broken off: {type(error).__name__}", True) from None
        known = {name.lower(): value for name, value in answer.getheaders()}
        if answer.will_close:
            connection.close()
        else:
            self.idle.put((version, connection))
        return Reply(answer.status, known, content)

    def close(self) -> None:
        for _, connection in self.all_kept():
            connection.close()
