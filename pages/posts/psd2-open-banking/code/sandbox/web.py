"""The bank on a port: HTTP in, an answer out, faults in between."""

import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from . import control, routes
from .answers import Answer, Refusal
from .bank import Bank
from .certificates import identity


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        bank: Bank,
        identify: bool,
        seals_of: Path | None,
    ) -> None:
        super().__init__(address, Handler)
        self.bank, self.faults = bank, control.Faults()
        self.identify, self.seals_of = identify, seals_of


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        proto = headers.get("x-forwarded-proto", "http")
        base = f"{proto}://{headers.get('host', 'localhost')}"
        request = routes.Request(
            self.command, url.path, dict(parse_qsl(url.query)), headers, body, base
        )
        fault = (
            None
            if url.path.startswith("/sandbox/")
            else self.server.faults.met(request)
        )
        if fault and fault.kind in ("silence", "error"):
            time.sleep(fault.seconds if fault.kind == "silence" else 0)
            self.send(Answer(503) if fault.kind == "error" else None)
            return
        made = self.answered(request)
        if fault and fault.kind == "late":
            time.sleep(fault.seconds)
        self.send(None if fault and fault.kind == "lost" else made)

    do_POST = do_DELETE = do_PUT = do_GET

    def answered(self, request: routes.Request) -> Answer:
        bank = self.server.bank
        try:
            with bank.lock:
                if not request.path.startswith("/v1/"):
                    return control.answer(bank, self.server.faults, request)
                return routes.answer(bank, self.identified(request))
        except Refusal as refusal:
            return refusal.answer(bank.traits.problem_json)

    def identified(self, request: routes.Request) -> routes.Request:
        """The request with its client: known by the certificate where that is wanted."""
        client, roles = "anonymous", frozenset[str]()
        if self.server.identify:
            try:
                known = identity(request.headers.get("x-client-cert", ""))
            except (ValueError, IndexError):
                raise Refusal(
                    401, "CERTIFICATE_INVALID", "A PSD2 certificate is wanted."
                ) from None
            client, roles = known.organisation, known.roles or frozenset({"none"})
        if self.server.seals_of:
            from . import seals

            digest = self.server.bank.traits.digest
            serial = seals.check(
                request.headers,
                request.body,
                digest,
                self.server.seals_of,
                client if self.server.identify else "",
            )
            self.server.bank.seals[serial] += 1
        kept: dict[str, Any] = {
            name: getattr(request, name) for name in request.__slots__
        }
        return routes.Request(**{**kept, "client": client, "roles": roles})

    def send(self, answer: Answer | None) -> None:
        """Write it; with none, close the connection as a bank does that forgot you."""
        if answer is None:
            self.close_connection = True
            return
        encoded = answer.encoded()
        self.send_response(answer.status)
        for name, value in {
            "Content-Type": "application/json",
            **answer.headers,
        }.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: paths hold identifiers of customers' resources."""
