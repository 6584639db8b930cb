"""Addresses, and texts that people sign with wallets of their own (EIP-191)."""

from __future__ import annotations

from eth_account import Account
from eth_account.messages import encode_defunct
from eth_keys.exceptions import BadSignature
from eth_utils.address import is_hex_address, to_checksum_address
from eth_utils.exceptions import ValidationError


def signer_of(text: str, signature: bytes) -> str:
    """The address whose key signed this text; empty where none did."""
    if len(signature) != 65:
        return ""
    try:
        message = encode_defunct(text=text)
        return str(Account.recover_message(message, signature=signature))
    except (BadSignature, ValidationError, ValueError):
        return ""


def checked(address: str | None) -> str:
    """The address with its checksum (EIP-55); empty where it is none, or another's."""
    if not is_hex_address(address):
        return ""
    whole = str(to_checksum_address(str(address)))
    return whole if address in (whole, whole.lower()) else ""
