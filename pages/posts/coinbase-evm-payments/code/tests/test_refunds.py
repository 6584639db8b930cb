"""Refunds: once, of final money alone, and booked when they are final themselves."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from eth_account import Account

from lab.local import MNEMONIC, Local
from tests.test_node import DUE, POLICY, Desk
from till import books, reconcile
from till.lookalike import accepted, twin
from till.payments import Shop
from till.refunds import NotOwed, Refund, confirm, order
from till.rpc import number
from till.sender import LocalKey, Sender
from till.states import Part


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
    surplus = Refund(
        "ticket 1", row["id"], Part.OWED, desk.dollar, 5, desk.local.accounts[4]
    )
    with pytest.raises(NotOwed):
        order(desk.connection, sender, surplus, final(desk))  # it may be taken back
    desk.local.mine(5)
    desk.look()
    ordered = [order(desk.connection, sender, surplus, final(desk)) for _ in range(2)]
    assert len({*ordered}) == 1
    with pytest.raises(NotOwed):
        more = replace(surplus, ticket="ticket 2", amount=DUE + 1)
        order(desk.connection, sender, more, final(desk))
    sender.send()
    desk.local.mine(1)
    confirm(desk.connection, sender, final(desk), POLICY)
    assert desk.state(row) == "overpaid"
    desk.local.mine(5)
    confirm(desk.connection, sender, final(desk), POLICY)
    assert desk.state(row) == "confirmed"
    owed = books.balances(desk.connection, row["id"])["owed to payers", desk.dollar]
    assert owed == 0
    assert list(reconcile.within(desk.connection, POLICY)) == []


def test_all_of_it_back_ends_in_refunded(desk: Desk, sender: Sender) -> None:
    row = desk.invoice("order")
    desk.local.transfer(desk.customer, desk.dollar, row["address"], DUE)
    desk.local.mine(5)
    assert desk.state(row) == "confirmed"
    all_of_it = Refund(
        "ticket", row["id"], Part.SALE, desk.dollar, DUE, desk.local.accounts[4]
    )
    order(desk.connection, sender, all_of_it, final(desk))
    sender.send()
    desk.local.mine(5)
    confirm(desk.connection, sender, final(desk), POLICY)
    assert desk.state(row) == "refunded"
    assert not +books.balances(desk.connection, row["id"])


def test_an_open_invoice_is_not_refunded(desk: Desk, sender: Sender) -> None:
    row = desk.invoice("order")
    desk.local.transfer(desk.customer, desk.dollar, row["address"], 5)
    desk.local.mine(5)
    assert desk.state(row) == "underpaid"
    with pytest.raises(NotOwed, match="still"):
        early = Refund("ticket", row["id"], Part.OWED, desk.dollar, 5, desk.customer)
        order(desk.connection, sender, early, final(desk))


def test_a_refund_that_reverted_is_not_booked(desk: Desk, sender: Sender) -> None:
    row = desk.invoice("order")
    desk.local.transfer(desk.customer, desk.dollar, row["address"], DUE)
    desk.local.mine(5)
    desk.look()
    empty = "0x" + "00" * 20  # the token refuses to send there
    wrong = Refund("ticket", row["id"], Part.SALE, desk.dollar, DUE, empty)
    right = replace(wrong, ticket="ticket 2", to=desk.local.accounts[4])
    order(desk.connection, sender, wrong, final(desk))
    with pytest.raises(NotOwed, match="promised"):
        order(desk.connection, sender, right, final(desk))
    sender.send()
    desk.local.mine(5)
    confirm(desk.connection, sender, final(desk), POLICY)
    assert desk.state(row) == "confirmed"
    order(desk.connection, sender, right, final(desk))  # promised no longer
    sender.send()
    desk.local.mine(5)
    confirm(desk.connection, sender, final(desk), POLICY)
    assert desk.state(row) == "refunded"


def test_a_hot_key_that_pays_refunds_is_part_of_the_comparison(desk: Desk) -> None:
    row, dollar = desk.invoice("order"), desk.dollar
    desk.local.approve(desk.customer, dollar, DUE)
    desk.local.pay(desk.customer, desk.terms(row))
    hot, treasury = desk.local.accounts[8], desk.local.treasury
    desk.local.transfer(treasury, dollar, hot, DUE)
    desk.local.mine(5)
    desk.look()
    rpc, tokens = desk.local.rpc, (dollar,)
    with_hot = reconcile.against_chain(desk.connection, rpc, (treasury, hot), tokens)
    assert list(with_hot) == []
    assert len(desk.differences()) == 1


def test_books_that_were_tampered_with_are_noticed(desk: Desk) -> None:
    row = desk.invoice("order")
    desk.local.transfer(desk.customer, desk.dollar, row["address"], DUE)
    desk.look()
    assert list(reconcile.within(desk.connection, POLICY)) == []
    desk.connection.execute(
        "INSERT INTO entry (batch, invoice, account, token, amount)"
        " VALUES (99, ?, 'sales', ?, '-1')",
        (row["id"], desk.dollar),
    )
    desk.connection.execute("UPDATE invoice SET state = 'refunded'")
    found = list(reconcile.within(desk.connection, POLICY))
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
