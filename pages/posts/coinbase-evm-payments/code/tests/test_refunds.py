"""Refunds: once, of final money alone, and booked when they are final themselves."""

from __future__ import annotations

import sqlite3

import pytest
from eth_account import Account

from lab.local import MNEMONIC, Local
from tests.test_node import DUE, Desk
from till import books, reconcile, refunds
from till.lookalike import accepted, twin
from till.payments import Shop
from till.rpc import number
from till.sender import LocalKey, Sender


@pytest.fixture
def desk(connection: sqlite3.Connection, local: Local, shop: Shop) -> Desk:
    return Desk(connection, local, shop)


@pytest.fixture
def sender(desk: Desk) -> Sender:
    Account.enable_unaudited_hdwallet_features()
    key = Account.from_mnemonic(MNEMONIC, account_path="m/44'/60'/0'/0/9").key.hex()
    desk.local.mint(desk.dollar, desk.local.treasury, 500 * 10**6)
    return Sender(desk.connection, desk.local.rpc, LocalKey(key), desk.local.chain_id)


def final(desk: Desk) -> int:
    return number(desk.local.rpc("eth_getBlockByNumber", "finalized", False)["number"])


def test_what_came_too_much_goes_back_once(desk: Desk, sender: Sender) -> None:
    row = desk.invoice("order")
    desk.local.transfer(desk.customer, desk.dollar, row["address"], DUE + 5)
    assert desk.state(row) == "overpaid"
    order = (
        desk.connection,
        sender,
        "ticket 1",
        row["id"],
        desk.dollar,
        5,
        desk.local.accounts[4],
    )
    with pytest.raises(refunds.NotOwed):
        refunds.order(*order, final(desk))  # not final yet: it may still be taken back
    desk.local.mine(5)
    desk.look()
    assert refunds.order(*order, final(desk)) == refunds.order(*order, final(desk))
    with pytest.raises(refunds.NotOwed):
        refunds.order(
            *order[:2], "ticket 2", *order[3:5], DUE + 1, order[6], final(desk)
        )
    sender.send()
    desk.local.mine(1)
    refunds.confirm(desk.connection, sender, final(desk), desk.local.now())
    assert desk.state(row) == "overpaid"
    desk.local.mine(5)
    refunds.confirm(desk.connection, sender, final(desk), desk.local.now())
    assert desk.state(row) == "confirmed"
    assert (
        books.balances(desk.connection, row["id"])["owed to payers", desk.dollar] == 0
    )
    assert list(reconcile.within(desk.connection, final(desk), desk.local.now())) == []


def test_all_of_it_back_ends_in_refunded(desk: Desk, sender: Sender) -> None:
    row = desk.invoice("order")
    desk.local.transfer(desk.customer, desk.dollar, row["address"], DUE)
    desk.local.mine(5)
    assert desk.state(row) == "confirmed"
    refunds.order(
        desk.connection,
        sender,
        "ticket",
        row["id"],
        desk.dollar,
        DUE,
        desk.local.accounts[4],
        final(desk),
    )
    sender.send()
    desk.local.mine(5)
    refunds.confirm(desk.connection, sender, final(desk), desk.local.now())
    assert desk.state(row) == "refunded"
    assert not +books.balances(desk.connection, row["id"])


def test_an_open_invoice_is_not_refunded(desk: Desk, sender: Sender) -> None:
    row = desk.invoice("order")
    desk.local.transfer(desk.customer, desk.dollar, row["address"], 5)
    desk.local.mine(5)
    assert desk.state(row) == "underpaid"
    with pytest.raises(refunds.NotOwed, match="still"):
        refunds.order(
            desk.connection,
            sender,
            "ticket",
            row["id"],
            desk.dollar,
            5,
            desk.customer,
            final(desk),
        )


def test_books_that_were_tampered_with_are_noticed(desk: Desk) -> None:
    row = desk.invoice("order")
    desk.local.transfer(desk.customer, desk.dollar, row["address"], DUE)
    desk.look()
    firm = number(desk.local.rpc("eth_blockNumber"))
    assert list(reconcile.within(desk.connection, firm, desk.local.now())) == []
    desk.connection.execute(
        "INSERT INTO entry (batch, invoice, account, token, amount)"
        " VALUES (99, ?, 'sales', ?, '-1')",
        (row["id"], desk.dollar),
    )
    desk.connection.execute("UPDATE invoice SET state = 'refunded'")
    found = list(reconcile.within(desk.connection, firm, desk.local.now()))
    assert len(found) == 3


# region lookalike
KNOWN = "0x52908400098527886E0F7030069857D2E4169EE7"
BAIT = "0x5290000000000000000000000000000000009EE7"


def test_an_address_that_only_looks_the_same_is_pointed_out() -> None:
    assert twin(BAIT, [KNOWN]) == KNOWN
    assert twin(KNOWN, [KNOWN]) is None
    assert accepted(KNOWN, [KNOWN]) == KNOWN
    with pytest.raises(ValueError, match="checksum"):
        accepted(KNOWN.replace("E7", "e7"), [])


# endregion lookalike
