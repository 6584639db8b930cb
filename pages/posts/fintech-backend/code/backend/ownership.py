"""Whose address is it? A message that the customer's wallet signs in the dApp, as EIP-4361 has it."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from typing import Any

from psycopg import Connection

from backend.wallets import signer_of

Conn = Connection[Any]
MINUTES = 10


# region challenge
def challenge(
    conn: Conn,
    domain: str,
    address: str,
    customer: uuid.UUID,
    chain: int,
    now: dt.datetime,
) -> tuple[str, str]:
    """A nonce, and what the wallet shows and signs: us, the customer, a time."""
    nonce, until = secrets.token_hex(16), now + dt.timedelta(minutes=MINUTES)
    message = (
        f"{domain} wants you to sign in with your Ethereum account:\n{address}\n\n"
        f"I control this address, and it belongs to customer {customer}.\n\n"
        f"URI: https://{domain}/addresses\nVersion: 1\nChain ID: {chain}\n"
        f"Nonce: {nonce}\n"
        f"Issued At: {now:%Y-%m-%dT%H:%M:%SZ}\n"
        f"Expiration Time: {until:%Y-%m-%dT%H:%M:%SZ}"
    )
    conn.execute(
        "INSERT INTO challenge VALUES (%s, %s, %s, %s, %s)",
        (nonce, customer, address, message, until),
    )
    return nonce, message


# endregion challenge


# region prove
def prove(
    conn: Conn, customer: uuid.UUID, nonce: str, signature: bytes, now: dt.datetime
) -> bool:
    """Keep the proof, if the address's own key signed what we issued, in time.

    The first answer takes the challenge out, right or wrong: there is no second.
    """
    with conn.transaction():
        issued = conn.execute(
            "DELETE FROM challenge WHERE nonce = %s AND customer = %s"
            " RETURNING address, message, until",
            (nonce, customer),
        ).fetchone()
        if issued is None:
            return False
        address, message, until = issued
        if now > until or signer_of(message, signature) != address:
            return False
        conn.execute(
            "INSERT INTO address_proof (customer, address, message, signature)"
            " VALUES (%s, %s, %s, %s) ON CONFLICT (customer, address) DO NOTHING",
            (customer, address, message, signature),
        )
    return True


# endregion prove
