"""The little of Solidity's ABI that is needed: calls with arguments of fixed size."""

from __future__ import annotations

from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak


def call(signature: str, *values: Any) -> str:
    """The data of a call such as `transfer(address,uint256)`."""
    types = signature[signature.index("(") :]
    return "0x" + (keccak(text=signature)[:4] + encode([types], [values])).hex()
