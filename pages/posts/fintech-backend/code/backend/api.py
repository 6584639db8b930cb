"""The front door: POST /payments with an Idempotency-Key, GET /payments/{id}, POST /webhooks/{source}.

    DSN=… WEBHOOK_SECRET=… python -m backend.api --port 0

Authentication of clients is the gateway's; the client's name arrives in X-Client.
"""

from __future__ import annotations

import argparse
import json
import os
import time
import uuid
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg

from backend import compliance, events, inbox, ledger, pipeline
from backend.money import Currency, Money, parse
from backend.wallets import checked

MAX_BODY = 64 * 1024
NEEDED = {"bank": 1, "chain": 3}


def house() -> pipeline.House:
    text = (Path(__file__).parent / "rules.toml").read_text()
    return pipeline.House(compliance.read(text), NEEDED, date.today())


def checks(
    conn: ledger.Conn, customer: uuid.UUID, rail: str, to: dict[str, Any]
) -> dict[str, Any]:
    """What adapters find out before the rules look. Stands for the payee check and the lists."""
    if rail == "bank":
        return {"payee_match": "match", "payer_insists": False}
    proven = conn.execute(
        "SELECT FROM address_proof WHERE customer = %s AND address = %s",
        (customer, to.get("address", "")),
    ).fetchone()
    return {
        "self_hosted": True,
        "address_proven": proven is not None,
        "address_listed": False,
        "beneficiary_known": True,
    }


def euro_cents(amount: Money) -> int:
    """Stands for the quote service: one token is taken for one euro."""
    return amount.minor * 100 // int(10**amount.currency.scale)


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        try:
            length = int(self.headers.get("Content-Length", "0"))
            if length > MAX_BODY:
                return self.answer(413, {"error": "too long"})
            body = self.rfile.read(length)
            with psycopg.connect(os.environ["DSN"], autocommit=True) as conn:
                if self.path.startswith("/webhooks/"):
                    return self.webhook(conn, body)
                return self.pay(conn, json.loads(body))
        except inbox.Forged:
            return self.answer(401, {"error": "not accepted"})
        except pipeline.Conflict as conflict:
            return self.answer(422, {"error": str(conflict)})
        except psycopg.errors.CheckViolation as violation:
            if violation.diag.constraint_name == "enough":
                return self.answer(422, {"error": "not enough money"})
            return self.answer(
                400, {"error": "the request or its key is not well formed"}
            )
        except (LookupError, ValueError, TypeError) as error:
            return self.answer(
                400, {"error": f"the request is not understood: {error}"}
            )
        except psycopg.Error:
            return self.answer(503, {"error": "try again with the same key"})

    def pay(self, conn: ledger.Conn, wanted: dict[str, Any]) -> None:
        customer = uuid.UUID(wanted["customer"])
        currency: Currency = ledger.currency(conn, wanted["currency"])
        amount = parse(wanted["amount"], currency)
        if amount.minor <= 0:
            raise ValueError("the amount is not positive")
        facts = checks(conn, customer, wanted["rail"], wanted["to"])
        if wanted["rail"] == "chain" and not checked(wanted["to"]["address"]):
            raise ValueError("that is no address, or its checksum is wrong")
        ask = pipeline.Ask(
            customer, wanted["rail"], amount, euro_cents(amount), wanted["to"], facts
        )
        key = self.headers["Idempotency-Key"] or ""
        payment = pipeline.pay(conn, house(), self.headers["X-Client"] or "", key, ask)
        self.answer(
            202, {"payment": str(payment), "state": events.load(conn, payment).state}
        )

    def webhook(self, conn: ledger.Conn, body: bytes) -> None:
        source = self.path.rpartition("/")[2]
        secrets = tuple(each.encode() for each in os.environ["WEBHOOK_SECRET"].split())
        name = inbox.verify(
            secrets, {k.lower(): v for k, v in self.headers.items()}, body, time.time()
        )
        inbox.accept(conn, source, name, body)
        self.answer(200, {})

    def do_GET(self) -> None:
        try:
            with psycopg.connect(os.environ["DSN"], autocommit=True) as conn:
                found = events.load(conn, uuid.UUID(self.path.rpartition("/")[2]))
            self.answer(
                200,
                {"state": found.state, "depth": found.depth, "needed": found.needed},
            )
        except (LookupError, ValueError):
            self.answer(404, {"error": "there is no such payment"})
        except psycopg.Error:
            self.answer(503, {"error": "try again"})

    def answer(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: Any) -> None:
        """Nothing of a request goes to a log that is not written on purpose."""


def main() -> None:
    words = argparse.ArgumentParser(prog="backend.api", description=__doc__)
    words.add_argument("--port", type=int, default=8000)
    server = ThreadingHTTPServer(("127.0.0.1", words.parse_args().port), Door)
    print(f"api: http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
