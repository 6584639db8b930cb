"""Whose address is it? A message that the customer's wallet signs in the dApp, as EIP-4361 has it."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from typing import Any

from eth_account import Account
from eth_account.messages import encode_defunct
from psycopg import Connection

Conn = Connection[Any]
MINUTES = 10


# region challenge
def challenge(
    domain: str, address: str, customer: uuid.UUID, chain: int, now: dt.datetime
) -> str:
    """What the wallet shows and signs: us, the customer, a time. It moves nothing."""
    until = now + dt.timedelta(minutes=MINUTES)
    return (
        f"{domain} wants you to sign in with your Ethereum account:\n{address}\n\n"
        f"I control this address, and it belongs to customer {customer}.\n\n"
        f"URI: https://{domain}/addresses\nVersion: 1\nChain ID: {chain}\n"
        f"Nonce: {secrets.token_hex(16)}\n"
        f"Issued At: {now:%Y-%m-%dT%H:%M:%SZ}\n"
        f"Expiration Time: {until:%Y-%m-%dT%H:%M:%SZ}"
    )


# endregion challenge


# region prove
def prove(
    conn: Conn,
    customer: uuid.UUID,
    address: str,
    message: str,
    signature: bytes,
    now: dt.datetime,
) -> bool:
    """Keep the proof, if the signature is the address's own, over our words, in time.

    `message` is the one that we issued and kept, never one that came with the request.
    """
    stamp = message.rpartition("Expiration Time: ")[2].replace("Z", "+00:00")
    named = f"customer {customer}." in message and f"\n{address}\n" in message
    if not named or now > dt.datetime.fromisoformat(stamp):
        return False
    if (
        Account.recover_message(encode_defunct(text=message), signature=signature)
        != address
    ):
        return False
    conn.execute(
        "INSERT INTO address_proof (customer, address, message, signature)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (customer, address, message, signature),
    )
    return True


# endregion prove
