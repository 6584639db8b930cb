"""The same watcher on a real EVM node: payments, quirks, reorganisations, restarts."""

from __future__ import annotations

import sqlite3

import pytest

from lab.local import Local
from till import abi, payments, reconcile
from till.chain import Gone, NodeChain
from till.payments import Shop
from till.policy import Policy
from till.rpc import NodeError, number
from till.store import opened
from till.watcher import changes, follow

POLICY = Policy(((50 * 10**6, 1), (1_000 * 10**6, 3)))
DUE = 25 * 10**6


class Desk:
    """An invoice desk on a local chain, with a customer who has 1,000 dollars."""

    def __init__(
        self, connection: sqlite3.Connection, local: Local, shop: Shop
    ) -> None:
        self.connection, self.local, self.shop = connection, local, shop
        self.dollar = local.tokens["dollar"]
        self.customer = local.accounts[3]
        self.chain = NodeChain(local.rpc, local.contract, tuple(local.tokens.values()))
        for name in ("dollar", "silent", "taxed"):
            local.mint(local.tokens[name], self.customer, 1_000 * 10**6)
        local.mine(5)
        self.look()

    def look(self) -> None:
        follow(self.connection, self.chain, POLICY)

    def invoice(self, name: str, due: int = DUE, seconds: int = 900) -> sqlite3.Row:
        until = self.local.now() + seconds
        return payments.create(
            self.connection,
            self.shop,
            name,
            self.dollar,
            due,
            until,
            name.encode().ljust(32),
        )

    def state(self, row: sqlite3.Row) -> str:
        self.look()
        [state] = self.connection.execute(
            "SELECT state FROM invoice WHERE id = ?", (row["id"],)
        ).fetchone()
        return str(state)

    def terms(self, row: sqlite3.Row) -> tuple[str, int, int, bytes]:
        return (
            row["token"],
            int(row["due"]),
            row["expires_at"],
            bytes.fromhex(row["salt"]),
        )

    def history(self, row: sqlite3.Row) -> list[str]:
        return [
            str(c["after"])
            for c in changes(self.connection, 0)
            if c["invoice"] == row["id"]
        ]

    def differences(self) -> list[str]:
        found = reconcile.against_chain(
            self.connection, self.local.rpc, (self.local.treasury,), (self.dollar,)
        )
        return list(found)


@pytest.fixture
def desk(connection: sqlite3.Connection, local: Local, shop: Shop) -> Desk:
    return Desk(connection, local, shop)


def test_the_contract_names_an_invoice_as_we_do(desk: Desk) -> None:
    row = desk.invoice("order")
    data = abi.call("invoiceId((address,uint256,uint64,bytes32))", desk.terms(row))
    assert (
        desk.local.rpc("eth_call", {"to": desk.local.contract, "data": data}, "latest")
        == row["id"]
    )


def test_a_payment_to_the_address_and_one_through_the_contract(desk: Desk) -> None:
    plain, exact = desk.invoice("plain"), desk.invoice("exact")
    desk.local.transfer(desk.customer, desk.dollar, plain["address"], DUE)
    desk.local.approve(desk.customer, desk.dollar, DUE)
    desk.local.pay(desk.customer, desk.terms(exact))
    assert desk.state(plain) == desk.state(exact) == "confirmed"
    assert desk.differences() == []


def test_too_little_then_enough_then_too_much(desk: Desk) -> None:
    row = desk.invoice("order")
    for amount, state in ((10, "underpaid"), (15, "confirmed"), (5, "overpaid")):
        desk.local.transfer(desk.customer, desk.dollar, row["address"], amount * 10**6)
        assert desk.state(row) == state


def test_a_wrong_token_is_seen_and_owed_and_pays_for_nothing(desk: Desk) -> None:
    row = desk.invoice("order")
    desk.local.mint(desk.local.tokens["taxed"], row["address"], DUE)
    assert desk.state(row) == "wrong_token"
    assert changes(desk.connection, 0)[-1]["owed"] == {
        desk.local.tokens["taxed"]: str(DUE)
    }


def test_a_token_that_we_do_not_know_is_not_even_seen(desk: Desk) -> None:
    row = desk.invoice("order")
    desk.chain.filter["address"] = [desk.local.contract, desk.dollar]
    desk.local.mint(desk.local.tokens["hooked"], row["address"], 10**30)
    assert desk.state(row) == "created"


def test_a_token_with_a_fee_brings_less_than_was_sent(desk: Desk) -> None:
    taxed = desk.local.tokens["taxed"]
    row = payments.create(
        desk.connection,
        desk.shop,
        "taxed",
        taxed,
        DUE,
        desk.local.now() + 900,
        bytes(32),
    )
    desk.local.transfer(desk.customer, taxed, row["address"], DUE)
    assert desk.state(row) == "underpaid"


def test_time_ends_an_invoice_by_the_clock_of_the_chain(desk: Desk) -> None:
    row = desk.invoice("order", seconds=60)
    desk.local.rpc("evm_increaseTime", 120)
    desk.local.mine(3)
    assert desk.state(row) == "expired"
    desk.local.transfer(desk.customer, desk.dollar, row["address"], DUE)
    assert desk.state(row) == "expired"
    assert changes(desk.connection, 0)[-1]["owed"] == {desk.dollar: str(DUE)}


# region reorg
def test_a_reorganisation_takes_back_what_the_block_had_brought(desk: Desk) -> None:
    row = desk.invoice("order")
    desk.local.transfer(desk.customer, desk.dollar, row["address"], DUE)
    assert desk.state(row) == "confirmed"
    height = number(desk.local.rpc("eth_blockNumber"))
    desk.local.reorganise(1)
    assert number(desk.local.rpc("eth_blockNumber")) == height
    assert desk.state(row) == "created"
    desk.local.transfer(desk.customer, desk.dollar, row["address"], DUE)
    assert desk.state(row) == "confirmed"
    assert desk.history(row) == ["confirmed", "created", "confirmed"]
    assert desk.differences() == []


# endregion reorg


def test_a_dear_invoice_waits_and_a_reorganisation_finds_nothing_credited(
    desk: Desk,
) -> None:
    row = desk.invoice("order", due=200 * 10**6)
    desk.local.transfer(desk.customer, desk.dollar, row["address"], 200 * 10**6)
    assert desk.state(row) == "seen"
    desk.local.reorganise(1)
    assert desk.state(row) == "created"
    desk.local.transfer(desk.customer, desk.dollar, row["address"], 200 * 10**6)
    desk.local.mine(2)
    assert desk.state(row) == "confirmed"
    assert desk.history(row) == ["seen", "created", "seen", "confirmed"]
    assert [c["credited"] for c in changes(desk.connection, 0)] == [
        "0",
        "0",
        "0",
        "200000000",
    ]


def test_the_same_transaction_in_another_block_counts_once(desk: Desk) -> None:
    row = desk.invoice("order")
    desk.local.rpc("evm_setAutomine", False)
    name = desk.local.transfer(desk.customer, desk.dollar, row["address"], DUE)
    desk.local.mine()
    raw = desk.local.rpc("eth_getTransactionByHash", name)
    assert desk.state(row) == "confirmed"
    again = {key: raw[key] for key in ("from", "to", "gas", "nonce", "value")} | {
        "data": raw["input"]
    }
    desk.local.rpc("anvil_reorg", 2, [[again, 1]])
    assert desk.state(row) == "confirmed"
    rows = desk.connection.execute(
        "SELECT orphaned FROM arrival ORDER BY orphaned"
    ).fetchall()
    assert [row["orphaned"] for row in rows] == [0, 1]
    assert desk.differences() == []


# region poison
def test_anyone_can_make_a_transfer_of_nothing_from_a_strangers_address(
    desk: Desk,
) -> None:
    row = desk.invoice("order")
    stranger = desk.local.accounts[7]
    data = abi.call(
        "transferFrom(address,address,uint256)", desk.customer, row["address"], 0
    )
    name = desk.local.act(stranger, desk.dollar, data)
    [log] = desk.local.rpc("eth_getTransactionReceipt", name)["logs"]
    assert log["topics"][1].endswith(
        desk.customer[2:].lower()
    )  # it says: from the customer
    assert desk.state(row) == "created"
    assert desk.connection.execute("SELECT count(*) FROM arrival").fetchone()[0] == 0


# endregion poison


def test_coins_at_an_address_leave_no_log_and_are_found_by_comparing(
    desk: Desk,
) -> None:
    row = desk.invoice("order")
    desk.local.act(desk.customer, row["address"], "0x", value=hex(10**18))
    assert desk.state(row) == "created"
    assert any("no log told of" in line for line in desk.differences())


def test_a_block_that_is_gone_is_asked_for_again(desk: Desk) -> None:
    row = desk.invoice("order")
    desk.local.transfer(desk.customer, desk.dollar, row["address"], DUE)
    block = desk.chain.block("latest")
    assert block is not None
    assert len(desk.chain.payments(block)) == 1
    desk.local.reorganise(1)
    with pytest.raises(Gone):
        desk.chain.payments(block)


def test_a_contract_refuses_what_an_address_has_to_take(desk: Desk) -> None:
    row = desk.invoice("order")
    token, due, until, salt = desk.terms(row)
    desk.local.approve(desk.customer, desk.dollar, 10 * DUE)
    desk.local.pay(desk.customer, (token, due, until, salt))
    for terms in ((token, due, until, salt), (token, due, desk.local.now() - 1, salt)):
        with pytest.raises(NodeError, match="revert"):
            desk.local.rpc(
                "eth_estimateGas",
                {
                    "from": desk.customer,
                    "to": desk.local.contract,
                    "data": abi.call("pay((address,uint256,uint64,bytes32))", terms),
                },
            )
    desk.local.pay(
        desk.customer, (token, due - 1, until, salt)
    )  # of another invoice: nobody's
    assert desk.state(row) == "confirmed"
    assert desk.connection.execute("SELECT count(*) FROM arrival").fetchone()[0] == 1


def test_a_restart_goes_on_where_the_database_ends(
    desk: Desk, tmp_path: object
) -> None:
    row = desk.invoice("order")
    desk.local.transfer(desk.customer, desk.dollar, row["address"], DUE)
    path = desk.connection.execute("PRAGMA database_list").fetchone()["file"]
    desk.connection.close()
    desk.local.mine(60)
    desk.connection = opened(path)
    assert desk.state(row) == "confirmed"
    assert desk.history(row) == ["confirmed"]
