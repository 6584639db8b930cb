"""What ways to pay cost, in gas, by receipts of real transactions."""

from __future__ import annotations

from eth_account import Account
from eth_account.messages import encode_typed_data

from lab.local import MNEMONIC, Local, receipt
from till.abi import call
from till.rpc import number

PERMIT = "payWithPermit((address,uint256,uint64,bytes32),uint256,uint8,bytes32,bytes32)"
TYPES = {
    "Permit": [
        {"name": "owner", "type": "address"},
        {"name": "spender", "type": "address"},
        {"name": "value", "type": "uint256"},
        {"name": "nonce", "type": "uint256"},
        {"name": "deadline", "type": "uint256"},
    ]
}


def measured(local: Local) -> dict[str, int]:
    """Gas by way of paying; the treasury holds some of the token already."""
    dollar, payer = local.tokens["dollar"], local.accounts[3]
    local.mint(dollar, payer, 10**12)
    local.mint(dollar, local.treasury, 1)

    def used(name: str) -> int:
        return number(receipt(local.rpc, name)["gasUsed"])

    def terms(salt: int, token: str = dollar) -> tuple[str, int, int, bytes]:
        return token, 25_000_000, local.now() + 900, bytes([salt]) * 32

    fresh = "0x" + "ab" * 20
    found = {
        "transfer_first": used(local.transfer(payer, dollar, fresh, 25_000_000)),
        "transfer_again": used(local.transfer(payer, dollar, fresh, 25_000_000)),
        "approve": used(local.approve(payer, dollar, 10**11)),
        "pay": used(local.pay(payer, terms(1))),
    }
    coins = terms(2, "0x" + "00" * 20)
    found["pay_coin"] = used(local.pay(payer, coins, value=hex(25_000_000)))
    local.approve(payer, dollar, 0)
    found["pay_permit"] = used(permitted(local, payer, terms(3)))
    return found


def permitted(local: Local, payer: str, terms: tuple[str, int, int, bytes]) -> str:
    """Pays with a signature instead of an approval."""
    Account.enable_unaudited_hdwallet_features()
    key = Account.from_mnemonic(MNEMONIC, account_path="m/44'/60'/0'/0/3")
    domain = {
        "name": "Test Dollar",
        "version": "1",
        "chainId": local.chain_id,
        "verifyingContract": terms[0],
    }
    message = {
        "owner": payer,
        "spender": local.contract,
        "value": terms[1],
        "nonce": 0,
        "deadline": 2**256 - 1,
    }
    made = key.sign_message(encode_typed_data(domain, TYPES, message))
    words = made.r.to_bytes(32, "big"), made.s.to_bytes(32, "big")
    return local.act(
        payer, local.contract, call(PERMIT, terms, 2**256 - 1, made.v, *words)
    )
