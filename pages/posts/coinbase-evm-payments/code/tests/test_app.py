"""The web application, asked as the shop, as Coinbase and as a stranger."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from lab.local import SHOP_MNEMONIC
from lab.vault import account
from tests.test_checkouts import CHECKOUT, body_of
from till.app import Settings, create_app
from till.checkouts import register
from till.hd import from_xpub
from till.metrics import figures
from till.payments import Shop
from till.webhooks import MAX_BODY, signed

TOKEN = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
SHOP = {"Authorization": "Bearer the-shop"}
ORDER = {"reference": "order-1", "token": TOKEN, "due": "25000000", "seconds": 900}


@pytest.fixture
def client(connection: sqlite3.Connection, tmp_path: Path) -> FlaskClient:
    shop = Shop(31337, TOKEN, from_xpub(account(SHOP_MNEMONIC).xpub))
    settings = Settings(
        str(tmp_path / "till.db"), shop, (TOKEN,), "the-shop", (b"new", b"old")
    )
    register(connection, CHECKOUT, "12345", "100.00")
    return create_app(settings).test_client()


def post(
    client: FlaskClient, body: bytes, key: bytes = b"new", now: float | None = None
) -> int:
    headers = signed(key, body, "event-1", now or time.time())
    return client.post("/webhooks/coinbase", data=body, headers=headers).status_code


def asked(client: FlaskClient, path: str) -> Any:
    """The shop's question, and the JSON of the answer."""
    return client.get(path, headers=SHOP).get_json()


def ordered(client: FlaskClient, order: dict[str, object]) -> Any:
    return client.post("/invoices", json=order, headers=SHOP).get_json()


def test_a_signed_event_is_taken_and_its_repetition_too(client: FlaskClient) -> None:
    assert [post(client, body_of("success"), key) for key in (b"new", b"old")] == [
        204,
        204,
    ]
    assert len(asked(client, "/changes")) == 1
    text = client.get("/metrics").text
    assert "till_new_webhooks_total 1\n" in text
    assert "till_repeated_webhooks_total 1\n" in text


def test_a_forged_a_late_and_a_strange_one_are_refused_with_one_answer(
    client: FlaskClient,
) -> None:
    answers = {
        post(client, body_of("success"), b"guess"),
        post(client, body_of("success"), now=time.time() - 3_600),
        post(client, b"{}"),
        client.post("/webhooks/coinbase", data=body_of("success")).status_code,
    }
    assert answers == {400}
    assert asked(client, "/changes") == []
    assert "till_refused_webhooks_total 4\n" in client.get("/metrics").text


def test_a_body_without_end_is_not_read(client: FlaskClient) -> None:
    assert post(client, b" " * (MAX_BODY + 1)) == 413


def test_only_the_shop_may_ask_for_invoices(client: FlaskClient) -> None:
    assert client.post("/invoices", json=ORDER).status_code == 401
    assert (
        client.get("/changes", headers={"Authorization": "Bearer guess"}).status_code
        == 401
    )
    first, again = ordered(client, ORDER), ordered(client, ORDER)
    assert first == again
    other = ordered(client, ORDER | {"reference": "order-2"})
    assert first["address"] != other["address"]
    assert asked(client, f"/invoices/{first['id']}")["state"] == "created"


@pytest.mark.parametrize(
    "change",
    [{"due": "0"}, {"due": "-1"}, {"due": "1.5"}, {"seconds": 0}, {"token": "0x1"}],
    ids=str,
)
def test_an_order_that_makes_no_sense_is_refused(
    client: FlaskClient, change: dict[str, object]
) -> None:
    answer = client.post("/invoices", json=ORDER | change, headers=SHOP)
    assert answer.status_code == 422


def test_a_reference_cannot_be_used_for_another_amount(client: FlaskClient) -> None:
    client.post("/invoices", json=ORDER, headers=SHOP)
    answer = client.post("/invoices", json=ORDER | {"due": "1"}, headers=SHOP)
    assert answer.status_code == 409


def test_a_token_that_we_do_not_take_is_refused(client: FlaskClient) -> None:
    strange = ORDER | {"token": "0x52908400098527886E0F7030069857D2E4169EE7"}
    assert client.post("/invoices", json=strange, headers=SHOP).status_code == 422


def test_a_transaction_that_waits_grows_old_in_the_figures(
    connection: sqlite3.Connection,
) -> None:
    now = time.time()
    assert figures(connection, now)["till_oldest_transaction_seconds"] == 0
    add = (
        "INSERT INTO outgoing (purpose, target, value, data, gas, queued, mined)"
        " VALUES (?, 'x', '0', '0x', 1, ?, ?)"
    )
    connection.execute(add, ("done", int(now) - 900, "0x1"))
    connection.execute(add, ("stuck", int(now) - 600, None))
    assert 599 <= figures(connection, now)["till_oldest_transaction_seconds"] < 601
    connection.execute(
        "INSERT INTO block VALUES (7, 'hash', 'parent', ?)", (int(now) - 90,)
    )
    assert 89 <= figures(connection, now)["till_block_age_seconds"] < 91
