"""The only program that may use wallet keys. It believes the database, and nobody's call.

    python -m backend.signer --wallet wallet-1 --chain 31337 --token 0x…

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

from backend.keys import Token, open_token
from backend.rows import one

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
class Wallet:
    label: str
    chain_id: int
    token: str  # the contract
    first_nonce: int = 0
    max_fee: int = 50 * 10**9
    tip: int = 10**9
    gas: int = 100_000


# region sign
WAITING = """SELECT hold.id, hold.amount, outbox.body,
  (SELECT count(*) FROM approval WHERE approval.payment = hold.id)
FROM hold
JOIN decision ON decision.id = hold.decision AND decision.outcome = 'allow'
JOIN outbox ON outbox.payment = hold.id AND outbox.rail = 'chain'
  AND (outbox.body ->> 'minor')::numeric = hold.amount
WHERE NOT EXISTS (SELECT FROM hold_end WHERE hold_end.hold = hold.id)
  AND NOT EXISTS (SELECT FROM signature WHERE signature.payment = hold.id)
ORDER BY outbox.due"""
TODAY = """SELECT coalesce(sum(amount), 0) FROM signature JOIN hold ON hold.id = payment
WHERE signature.at > clock_timestamp() - interval '1 day'"""


def sign_waiting(conn: Conn, token: Token, wallet: Wallet, policy: Policy) -> list[str]:
    """Sign what may be signed; why the rest was not."""
    objections = []
    [today] = one(conn, TODAY)
    for payment, amount, body, approvals in conn.execute(WAITING).fetchall():
        objection = policy.objection(int(amount), int(today), approvals)
        if objection:
            objections.append(f"{payment}: {objection}")
            continue
        to = body["to"]["address"]
        with conn.transaction():
            nonce = next_nonce(conn, wallet)
            raw, tx_hash = signed(token, wallet, nonce, to, int(amount))
            conn.execute(
                "INSERT INTO signature (payment, wallet, nonce, raw, tx_hash)"
                " VALUES (%s, %s, %s, %s, %s)",
                (payment, wallet.label, nonce, raw, tx_hash),
            )
        today += amount
    return objections


# endregion sign


def next_nonce(conn: Conn, wallet: Wallet) -> int:
    """One after the last signed: gapless, since no signature without a row and no row without one."""
    [last] = one(
        conn,
        "SELECT coalesce(max(nonce) + 1, %s) FROM signature WHERE wallet = %s",
        (wallet.first_nonce, wallet.label),
    )
    return int(last)


# region transaction
def signed(
    token: Token, wallet: Wallet, nonce: int, to: str, minor: int
) -> tuple[bytes, bytes]:
    """An EIP-1559 transaction that calls `transfer`, and its hash."""
    fields = {
        "type": 2,
        "chainId": wallet.chain_id,
        "nonce": nonce,
        "to": wallet.token,
        "value": 0,
        "data": TRANSFER + encode(["address", "uint256"], [to, minor]),
        "gas": wallet.gas,
        "maxFeePerGas": wallet.max_fee,
        "maxPriorityFeePerGas": wallet.tip,
        "accessList": (),
    }
    digest = TypedTransaction.from_dict(fields).hash()
    signature = token.sign(wallet.label, digest)
    v, r, s = signature.vrs
    raw = TypedTransaction.from_dict({**fields, "v": v, "r": r, "s": s}).encode()
    return raw, keccak(raw)


# endregion transaction


def raw_of(conn: Conn, payment: uuid.UUID) -> bytes | None:
    row = conn.execute(
        "SELECT raw FROM signature WHERE payment = %s", (payment,)
    ).fetchone()
    return bytes(row[0]) if row else None


def main() -> None:
    words = argparse.ArgumentParser(prog="backend.signer", description=__doc__)
    words.add_argument("--wallet", required=True)
    words.add_argument("--chain", type=int, required=True)
    words.add_argument("--token", required=True)
    words.add_argument(
        "--policy",
        type=lambda text: Policy(*map(int, text.split(":"))),
        default=Policy(1_000 * 10**6, 50_000 * 10**6, 100_000 * 10**6),
    )
    asked = words.parse_args()
    token = open_token(
        os.environ["HSM_MODULE"], os.environ["HSM_TOKEN"], os.environ["HSM_PIN"]
    )
    wallet = Wallet(asked.wallet, asked.chain, asked.token)
    print(f"signer: {token.address(asked.wallet)}", flush=True)
    with psycopg.connect(os.environ["SIGNER_DSN"], autocommit=True) as conn:
        told: set[str] = set()
        while True:
            for objection in sign_waiting(conn, token, wallet, asked.policy):
                if objection not in told:
                    told.add(objection)
                    print(f"signer: {objection}", file=sys.stderr, flush=True)
            time.sleep(0.05)


if __name__ == "__main__":
    main()
