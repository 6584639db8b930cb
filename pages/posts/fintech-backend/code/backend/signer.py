"""The only program that may use wallet keys. It believes the database, and nobody's call.

    python -m backend.signer --wallet wallet-1 --chain 31337 --token 0x… [--approver 0x… …]

It logs in as `signer`, reads what is held and allowed, checks it again, and writes signatures.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import uuid
from dataclasses import dataclass
from typing import Any

import psycopg
from eth_abi.abi import encode
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address
from hexbytes import HexBytes

from backend.keys import Token, open_token
from backend.rows import one
from backend.wallets import checked, signer_of

Conn = psycopg.Connection[Any]
TRANSFER = keccak(b"transfer(address,uint256)")[:4]


# region policy
@dataclass(frozen=True, slots=True)
class Policy:
    """In the token's smallest unit; above `alone` two people must approve."""

    alone: int
    each: int
    day: int
    approvals: int = 2
    approvers: frozenset[str] = frozenset()  # the addresses of their keys

    def objection(self, minor: int, today: int, approvals: int) -> str:
        if minor > self.each:
            return "more than one withdrawal may be"
        if today + minor > self.day:
            return "more than the wallet may send in a day"
        if minor > self.alone and approvals < self.approvals:
            return f"{approvals} of {self.approvals} approvals"
        return ""


# endregion policy


@dataclass(frozen=True, slots=True)
class Fees:
    """In wei for each gas: the most, and of that for whoever makes the block."""

    most: int
    tip: int


@dataclass(frozen=True, slots=True)
class Wallet:
    label: str
    chain_id: int
    token: str  # the contract
    first_nonce: int = 0
    first: Fees = Fees(50 * 10**9, 10**9)
    dearest: int = 500 * 10**9  # what is offered for a gas, never more
    gas: int = 100_000


# region approved
def approved_text(wallet: Wallet, payment: uuid.UUID, minor: int, to: str) -> str:
    """What an approver's device shows and signs. Another address is another text."""
    return (
        f"Approve payment {payment}: {minor} units of token {wallet.token}"
        f" on chain {wallet.chain_id}, to {to}"
    )


def approvals(
    conn: Conn, wallet: Wallet, policy: Policy, payment: uuid.UUID, minor: int, to: str
) -> int:
    """How many of our approvers' keys have signed exactly this."""
    text = approved_text(wallet, payment, minor, to)
    rows = conn.execute(
        "SELECT signature FROM approval WHERE payment = %s", (payment,)
    ).fetchall()
    return len({signer_of(text, row[0]) for row in rows} & policy.approvers)


# endregion approved


# region sign
WAITING = """SELECT hold.id, hold.amount, address
FROM hold
JOIN decision ON decision.id = hold.decision AND decision.outcome = 'allow'
JOIN chain_order ON chain_order.payment = hold.id AND minor = hold.amount
WHERE NOT EXISTS (SELECT FROM hold_end WHERE hold_end.hold = hold.id)
  AND NOT EXISTS (SELECT FROM nonce WHERE nonce.payment = hold.id)
ORDER BY due"""
TODAY = """SELECT coalesce(sum(amount), 0) FROM nonce JOIN hold ON hold.id = payment
WHERE nonce.at > clock_timestamp() - interval '1 day'"""


def sign_waiting(conn: Conn, token: Token, wallet: Wallet, policy: Policy) -> list[str]:
    """Sign what may be signed; why the rest was not."""
    objections = []
    [today] = one(conn, TODAY)
    for payment, amount, address in conn.execute(WAITING).fetchall():
        minor, to = int(amount), checked(address)
        agreed = approvals(conn, wallet, policy, payment, minor, to)
        objection = policy.objection(minor, int(today), agreed)
        if objection or not to:
            objections.append(f"{payment}: {objection or 'its address is none'}")
            continue
        with conn.transaction():
            nonce = next_nonce(conn, wallet)
            conn.execute(
                "INSERT INTO nonce (payment, wallet, value) VALUES (%s, %s, %s)",
                (payment, wallet.label, nonce),
            )
            fields, fees = transfer(wallet, nonce, to, minor), wallet.first
            keep(conn, payment, 1, fees, signed(token, wallet, fields, fees))
        today += amount
    return objections


# endregion sign


def next_nonce(conn: Conn, wallet: Wallet) -> int:
    """One after the last given: gapless, since none is given without a signature."""
    [last] = one(
        conn,
        "SELECT coalesce(max(value) + 1, %s) FROM nonce WHERE wallet = %s",
        (wallet.first_nonce, wallet.label),
    )
    return int(last)


def keep(
    conn: Conn, payment: uuid.UUID, attempt: int, fees: Fees, made: tuple[bytes, bytes]
) -> None:
    conn.execute(
        "INSERT INTO signature (payment, attempt, max_fee, tip, raw, tx_hash)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (payment, attempt, fees.most, fees.tip, *made),
    )


# region dearer
WISHES = """SELECT wish.payment, wish.attempt, wish.max_fee, wish.tip,
  last.max_fee, last.tip, last.raw
FROM fee_wish wish
JOIN nonce ON nonce.payment = wish.payment AND nonce.wallet = %s
JOIN signature last ON last.payment = wish.payment AND last.attempt = wish.attempt - 1
WHERE NOT EXISTS (SELECT FROM hold_end WHERE hold_end.hold = wish.payment)
  AND NOT EXISTS (SELECT FROM signature done
    WHERE done.payment = wish.payment AND done.attempt = wish.attempt)"""


def sign_dearer(conn: Conn, token: Token, wallet: Wallet) -> list[str]:
    """Sign again what is stuck: all but the fees is as in the bytes signed before."""
    objections = []
    for payment, attempt, most, tip, most_before, tip_before, raw in conn.execute(
        WISHES, (wallet.label,)
    ).fetchall():
        fees, before = (
            Fees(int(most), int(tip)),
            Fees(int(most_before), int(tip_before)),
        )
        if objection := dearer_objection(wallet, fees, before):
            objections.append(f"{payment}: {objection}")
            continue
        again = signed(token, wallet, unsigned(raw), fees)
        keep(conn, payment, attempt, fees, again)
    return objections


def dearer_objection(wallet: Wallet, fees: Fees, before: Fees) -> str:
    if not 0 < fees.tip <= fees.most <= wallet.dearest:
        return "more for a gas than the wallet may offer"
    if 8 * fees.most < 9 * before.most or 8 * fees.tip < 9 * before.tip:
        return "nodes take a replacement only for an eighth more of both"
    return ""


# endregion dearer


# region transaction
def transfer(wallet: Wallet, nonce: int, to: str, minor: int) -> dict[str, Any]:
    """An EIP-1559 transaction that calls `transfer`, but for its fees."""
    return {
        "type": 2,
        "chainId": wallet.chain_id,
        "nonce": nonce,
        "to": wallet.token,
        "value": 0,
        "data": TRANSFER + encode(["address", "uint256"], [to, minor]),
        "gas": wallet.gas,
        "accessList": (),
    }


def signed(
    token: Token, wallet: Wallet, fields: dict[str, Any], fees: Fees
) -> tuple[bytes, bytes]:
    """The bytes to be sent, and their hash."""
    whole = {**fields, "maxFeePerGas": fees.most, "maxPriorityFeePerGas": fees.tip}
    digest = TypedTransaction.from_dict(whole).hash()
    v, r, s = token.sign(wallet.label, digest).vrs
    raw = TypedTransaction.from_dict({**whole, "v": v, "r": r, "s": s}).encode()
    return raw, keccak(raw)


# endregion transaction


def unsigned(raw: bytes) -> dict[str, Any]:
    """The fields of what was signed, without the signature."""
    fields = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
    return {name: fields[name] for name in fields.keys() - {"v", "r", "s"}}


def raws_of(conn: Conn, payment: uuid.UUID) -> list[bytes]:
    """What was signed for it, the newest last; all with one nonce."""
    rows = conn.execute(
        "SELECT raw FROM signature WHERE payment = %s ORDER BY attempt", (payment,)
    ).fetchall()
    return [bytes(row[0]) for row in rows]


def main() -> None:
    words = argparse.ArgumentParser(prog="backend.signer", description=__doc__)
    words.add_argument("--wallet", required=True)
    words.add_argument("--chain", type=int, required=True)
    words.add_argument("--token", required=True)
    words.add_argument("--approver", action="append", default=[])
    words.add_argument(
        "--limits",
        type=lambda text: tuple(map(int, text.split(":"))),
        default=(1_000 * 10**6, 50_000 * 10**6, 100_000 * 10**6),
    )
    asked = words.parse_args()
    people = frozenset(map(to_checksum_address, asked.approver))
    alone, each, day = asked.limits
    policy = Policy(alone, each, day, approvers=people)
    token = open_token(
        os.environ["HSM_MODULE"], os.environ["HSM_TOKEN"], os.environ["HSM_PIN"]
    )
    wallet = Wallet(asked.wallet, asked.chain, asked.token)
    print(f"signer: {token.address(asked.wallet)}", flush=True)
    told: set[str] = set()
    while True:
        try:
            with psycopg.connect(os.environ["SIGNER_DSN"], autocommit=True) as conn:
                while True:
                    for objection in [
                        *sign_waiting(conn, token, wallet, policy),
                        *sign_dearer(conn, token, wallet),
                    ]:
                        if objection not in told:
                            told.add(objection)
                            print(f"signer: {objection}", file=sys.stderr, flush=True)
                    time.sleep(0.05)
        except psycopg.Error as error:
            print(f"signer: {error}", file=sys.stderr, flush=True)
            time.sleep(0.1)


if __name__ == "__main__":
    main()
