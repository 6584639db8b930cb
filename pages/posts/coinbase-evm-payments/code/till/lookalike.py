"""Addresses that look like one that is known: the bait of address poisoning."""

from __future__ import annotations

from collections.abc import Iterable

from eth_utils.address import is_checksum_address

SHOWN = 4  # signs at either end that wallets and explorers leave of an address


# region lookalike
def twin(address: str, known: Iterable[str]) -> str | None:
    """A known address that looks the same when it is shortened, and is another."""

    def ends(text: str) -> tuple[str, str]:
        return text[2 : 2 + SHOWN].lower(), text[-SHOWN:].lower()

    return next(
        (
            one
            for one in known
            if ends(one) == ends(address) and one.lower() != address.lower()
        ),
        None,
    )


def accepted(address: str, known: Iterable[str]) -> str:
    """A refund address as the customer typed it; ValueError with a reason to show."""
    if not is_checksum_address(address):
        raise ValueError(
            "The address is misspelt: its capitals are a checksum (EIP-55)."
        )
    like = twin(address, known)
    if like:
        raise ValueError(
            f"The address resembles {like}, which is another. Compare every sign."
        )
    return address


# endregion lookalike
