"""Our own transactions: once each, in order, and moved on when they are stuck."""

from __future__ import annotations

import sqlite3

import pytest
from eth_account import Account
from eth_utils.crypto import keccak

from lab.local import MNEMONIC, Local
from till import abi
from till.fees import Fees, bumped, next_base_fee, offer
from till.rpc import NodeError, Rpc, Unreachable, number
from till.sender import LocalKey, Sender

GWEI = 10**9


@pytest.fixture
def sender(connection: sqlite3.Connection, local: Local) -> Sender:
    Account.enable_unaudited_hdwallet_features()
    key = Account.from_mnemonic(MNEMONIC, account_path="m/44'/60'/0'/0/9").key.hex()
    local.rpc("evm_setAutomine", False)
    return Sender(connection, local.rpc, LocalKey(key), local.chain_id)


def count(sender: Sender) -> int:
    return number(sender.rpc("eth_getTransactionCount", sender.key.address, "latest"))


def coins(sender: Sender, purpose: str, to: str, wei: int = 1) -> int:
    return sender.queue(purpose, to, "0x", 21_000, wei)


def test_what_is_asked_for_twice_is_sent_once(sender: Sender, local: Local) -> None:
    target = "0x000000000000000000000000000000000000dEaD"
    for _ in range(2):
        coins(sender, "refund 1", target, 5)
        assert sender.send() == []
        local.mine()
    assert number(local.rpc("eth_getBalance", target, "latest")) == 5


class Dying:
    """A node that takes a transaction and whose answer never comes."""

    def __init__(self, rpc: Rpc) -> None:
        self.rpc = rpc

    def __call__(self, method: str, *params: object) -> object:
        answer = self.rpc(method, *params)
        if method == "eth_sendRawTransaction":
            raise Unreachable("the line went dead")
        return answer


def test_a_key_that_was_used_elsewhere_goes_on_behind_that(
    sender: Sender, local: Local
) -> None:
    coins(sender, "refund 1", local.accounts[1])
    sender.send()
    local.mine()
    local.act(sender.key.address, local.accounts[1], "0x")  # by hand, past our table
    local.mine()
    coins(sender, "refund 2", local.accounts[1])
    before = count(sender)
    sender.send()
    local.mine()
    assert count(sender) == before + 1


# region crash
def test_an_answer_that_never_came_does_not_pay_twice(
    sender: Sender, local: Local
) -> None:
    target = "0x000000000000000000000000000000000000bEEF"
    coins(sender, "refund 1", target, 5)
    sender.rpc = Dying(local.rpc)  # type: ignore[assignment]
    with pytest.raises(Unreachable):
        sender.send()
    sender.rpc = (
        local.rpc
    )  # the program starts again, and knows only what it had stored
    assert sender.send() == []
    local.mine()
    sender.send()
    local.mine()
    assert number(local.rpc("eth_getBalance", target, "latest")) == 5


# endregion crash


# region stuck
def test_a_base_fee_that_rises_strands_a_transaction_and_all_behind_it(
    sender: Sender, local: Local
) -> None:
    before = count(sender)
    for at in range(3):
        coins(sender, f"refund {at}", local.accounts[1])
    sender.send()
    local.rpc("anvil_setNextBlockBaseFeePerGas", hex(50 * GWEI))
    local.mine()
    assert count(sender) == before  # the first is too cheap, and the others wait for it
    assert sender.replace_oldest()
    local.mine()
    assert count(sender) == before + 1
    while sender.replace_oldest():
        local.mine()
        sender.confirm(number(local.rpc("eth_blockNumber")))
    assert count(sender) == before + 3


# endregion stuck


def test_a_replacement_that_offers_no_more_is_refused(
    sender: Sender, local: Local
) -> None:
    """Anvil wants more, were it one wei; it does not ask for the usual 10 %."""
    coins(sender, "refund", local.accounts[1])
    sender.send()
    [outgoing, fee, tip] = sender.connection.execute(
        "SELECT outgoing, max_fee, tip FROM attempt"
    ).fetchone()
    sender.sign(outgoing, Fees(int(fee) - 1, int(tip)))
    [refusal] = sender.broadcast()
    assert "underpriced" in refusal
    sender.sign(outgoing, bumped(Fees(int(fee), int(tip)), Fees(0, 0)))
    assert sender.broadcast() == []


def test_a_bump_is_enough_for_a_node_that_wants_an_eighth() -> None:
    old = Fees(30 * GWEI + 7, 3)
    new = bumped(old, Fees(0, 0))
    assert new.max_fee * 8 >= old.max_fee * 9 and new.tip * 8 >= old.tip * 9


def test_a_gap_in_the_nonces_holds_back_what_is_behind_it(
    sender: Sender, local: Local
) -> None:
    before = count(sender)
    coins(sender, "one", local.accounts[1])
    coins(sender, "two", local.accounts[1])
    sender.send()
    [first] = sender.connection.execute(
        "SELECT hash FROM attempt ORDER BY rowid LIMIT 1"
    ).fetchone()
    local.rpc(
        "anvil_dropTransaction", first
    )  # the pool was full, or the node began anew
    local.mine()
    assert count(sender) == before
    sender.broadcast()
    local.mine()
    assert count(sender) == before + 2


def test_whichever_attempt_was_mined_is_found(sender: Sender, local: Local) -> None:
    outgoing = coins(sender, "refund", local.accounts[1])
    sender.send()
    local.mine()
    sender.replace_oldest()  # too late: the first one was mined
    assert sender.confirm(0) == []
    assert sender.confirm(number(local.rpc("eth_blockNumber"))) == [outgoing]
    assert not sender.replace_oldest()


def test_the_next_base_fee_is_what_the_node_says(local: Local) -> None:
    local.rpc("evm_setAutomine", False)
    for calls in (0, 0, 5, 3, 0):
        for _ in range(calls):
            burn(local)
        local.mine()
        block = local.rpc("eth_getBlockByNumber", "latest", False)
        base, used, limit = (
            number(block[key]) for key in ("baseFeePerGas", "gasUsed", "gasLimit")
        )
        history = local.rpc("eth_feeHistory", "0x1", "latest", [])
        assert number(history["baseFeePerGas"][-1]) == next_base_fee(base, used, limit)


def burn(local: Local) -> None:
    """About five million gas: code that loops until its gas is gone."""
    local.rpc(
        "eth_sendTransaction",
        {"from": local.accounts[2], "data": "0x5b600056", "gas": hex(5_000_000)},
    )


def test_the_offer_stands_six_full_blocks(local: Local) -> None:
    fees = offer(local.rpc)
    base = number(local.rpc("eth_feeHistory", "0x1", "latest", [])["baseFeePerGas"][-1])
    for _ in range(5):
        base = next_base_fee(base, 30_000_000, 30_000_000)
    assert base + fees.tip <= fees.max_fee + fees.tip
    assert base <= fees.max_fee


# region estimate
def test_an_estimate_is_of_the_state_as_it_was(local: Local) -> None:
    dollar, payer, fresh = local.tokens["dollar"], local.accounts[3], "0x" + "12" * 20
    local.mint(dollar, payer, 100)
    local.mint(dollar, fresh, 1)
    call = {
        "from": payer,
        "to": dollar,
        "data": abi.call("transfer(address,uint256)", fresh, 50),
    }
    estimate = number(local.rpc("eth_estimateGas", call))
    local.rpc(
        "anvil_setStorageAt", dollar, slot(fresh), "0x" + "00" * 32
    )  # the receiver spends it all
    dearer = number(local.rpc("eth_estimateGas", call))
    assert dearer - estimate > 15_000  # a first balance costs a new slot of storage
    with pytest.raises(NodeError, match="OutOfGas"):
        local.rpc("eth_call", {**call, "gas": hex(estimate)}, "latest")


# endregion estimate


def slot(holder: str) -> str:
    """Where OpenZeppelin's ERC20 keeps a balance: the mapping at slot 0."""
    return "0x" + keccak(bytes.fromhex(holder[2:]).rjust(32, b"\0") + bytes(32)).hex()
