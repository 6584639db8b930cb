"""The web application: invoices for the shop, webhooks, figures for monitoring.

    flask --app till.app run

Settings come from the environment: TILL_DB, TILL_XPUB, TILL_CONTRACT, TILL_CHAIN_ID,
TILL_TOKENS (addresses, separated by commas), TILL_KEY (what the shop shows as a bearer
token) and COINBASE_WEBHOOK_SECRETS (the new one, and while you rotate the old one too).

    POST /invoices {"reference": "order-1", "token": "0x…", "due": "25000000",
                    "seconds": 900}
    GET  /invoices/<id>     GET /changes?after=7     GET /metrics
    POST /webhooks/coinbase
"""

from __future__ import annotations

import hmac
import os
import secrets
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from eth_utils.address import to_checksum_address
from flask import Flask, abort, g, request

from till import checkouts, metrics, payments, webhooks
from till.hd import from_xpub
from till.store import counted, opened
from till.watcher import changes


@dataclass(frozen=True, slots=True)
class Settings:
    database: str
    shop: payments.Shop
    tokens: tuple[str, ...]
    key: str
    webhook_secrets: tuple[bytes, ...]


def settings_from(environment: dict[str, str]) -> Settings:
    contract = to_checksum_address(environment["TILL_CONTRACT"])
    key = from_xpub(environment["TILL_XPUB"])
    return Settings(
        environment["TILL_DB"],
        payments.Shop(int(environment["TILL_CHAIN_ID"]), contract, key),
        tuple(
            to_checksum_address(token)
            for token in environment["TILL_TOKENS"].split(",")
        ),
        environment["TILL_KEY"],
        tuple(
            one.encode()
            for one in environment["COINBASE_WEBHOOK_SECRETS"].split(",")
            if one
        ),
    )


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or settings_from(dict(os.environ))
    app = Flask("till")
    app.config["MAX_CONTENT_LENGTH"] = webhooks.MAX_BODY
    app.teardown_appcontext(close)

    def database() -> sqlite3.Connection:
        if "database" not in g:
            g.database = opened(settings.database)
        return g.database  # type: ignore[no-any-return]

    def only_the_shop() -> None:
        shown = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(shown, f"Bearer {settings.key}".encode()):
            abort(401)

    # region webhook
    @app.post("/webhooks/coinbase")
    def coinbase() -> tuple[str, int]:
        body = (
            request.get_data()
        )  # the bytes as they came; JSON is parsed after the check
        header = request.headers.get("X-Hook0-Signature", "")
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            webhooks.verify(
                settings.webhook_secrets, header, headers, body, time.time()
            )
            new = checkouts.receive(
                database(), body, headers["x-event-id"], time.time()
            )
        except webhooks.Refused as reason:
            app.logger.warning("webhook refused: %s", reason)
            counted(database(), "refused webhooks")
            return "", 400
        counted(database(), "new webhooks" if new else "repeated webhooks")
        return "", 204

    # endregion webhook

    @app.post("/invoices")
    def invoice() -> dict[str, Any]:
        only_the_shop()
        try:
            reference, token, due, seconds = wish(request.get_json())
        except (KeyError, TypeError, ValueError):
            abort(422)
        if token not in settings.tokens:
            abort(422)
        until, salt = int(time.time()) + seconds, secrets.token_bytes(32)
        try:
            row = payments.create(
                database(), settings.shop, reference, token, due, until, salt
            )
        except ValueError:
            abort(409)  # the reference is of another amount or token
        return shown(row)

    @app.get("/invoices/<invoice>")
    def one(invoice: str) -> dict[str, Any]:
        only_the_shop()
        row = (
            database()
            .execute("SELECT * FROM invoice WHERE id = ?", (invoice,))
            .fetchone()
        )
        return shown(row or abort(404))

    def shown(row: sqlite3.Row) -> dict[str, Any]:
        terms = {
            "token": row["token"],
            "amount": row["due"],
            "deadline": row["expires_at"],
            "salt": f"0x{row['salt']}",
        }
        return {
            "id": row["id"],
            "reference": row["reference"],
            "state": row["state"],
            "address": row["address"],
            "contract": settings.shop.contract,
            "terms": terms,
        }

    @app.get("/changes")
    def feed() -> list[dict[str, object]]:
        only_the_shop()
        return changes(database(), request.args.get("after", 0, int))

    @app.get("/metrics")
    def figures() -> tuple[str, int, dict[str, str]]:
        return (
            metrics.text(database(), time.time()),
            200,
            {"Content-Type": metrics.TYPE},
        )

    return app


def wish(content: dict[str, Any]) -> tuple[str, str, int, int]:
    """Reference, token, amount and seconds; an error where one of them makes no sense."""
    due, seconds = int(content["due"]), int(content["seconds"])
    if due <= 0 or not 0 < seconds <= 7 * 86_400:
        raise ValueError("an amount or a time out of bounds")
    return (
        str(content["reference"]),
        to_checksum_address(content["token"]),
        due,
        seconds,
    )


def close(_: BaseException | None) -> None:
    database = g.pop("database", None)
    if database:
        database.close()
