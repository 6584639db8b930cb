"""Addresses from an extended public key (BIP-32): this module never sees a private key.

Only non-hardened children exist here; a hardened one needs the private key.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

# secp256k1 (SEC 2): y² = x³ + 7 over the field of P; the generator and its order.
P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)
Point = tuple[int, int]
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
XPUB = bytes.fromhex("0488b21e")


def added(one: Point | None, two: Point | None) -> Point | None:
    """The sum of two points; None is the point at infinity."""
    if one is None or two is None:
        return one or two
    if one[0] == two[0]:
        if (one[1] + two[1]) % P == 0:
            return None
        slope = 3 * one[0] ** 2 * pow(2 * one[1], -1, P) % P
    else:
        slope = (two[1] - one[1]) * pow(two[0] - one[0], -1, P) % P
    x = (slope**2 - one[0] - two[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def multiplied(point: Point, factor: int) -> Point | None:
    """Not in constant time: for public values alone."""
    total: Point | None = None
    step: Point | None = point
    while factor:
        if factor & 1:
            total = added(total, step)
        step = added(step, step)
        factor >>= 1
    return total


def packed(point: Point) -> bytes:
    return bytes([2 + point[1] % 2]) + point[0].to_bytes(32, "big")


def unpacked(key: bytes) -> Point:
    x = int.from_bytes(key[1:], "big")
    y = pow(x**3 + 7, (P + 1) // 4, P)
    if len(key) != 33 or key[0] not in (2, 3) or (y * y - x**3 - 7) % P:
        raise ValueError("this is no compressed public key")
    return x, y if y % 2 == key[0] % 2 else P - y


# region child
@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key with the chain code that makes its children."""

    point: Point
    chain: bytes

    def child(self, index: int) -> PublicKey:
        """The child of a plain index: parent + tweak · G, all of it public."""
        if not 0 <= index < 2**31:
            raise ValueError("a public key has no hardened children")
        content = packed(self.point) + index.to_bytes(4, "big")
        digest = hmac.digest(self.chain, content, "sha512")
        tweak = int.from_bytes(digest[:32], "big")
        point = added(self.point, multiplied(G, tweak))
        if tweak >= N or point is None:  # one index in 2**127: take the next one
            raise ValueError(f"index {index} has no key")
        return PublicKey(point, digest[32:])

    @property
    def address(self) -> str:
        x, y = (number.to_bytes(32, "big") for number in self.point)
        return str(to_checksum_address(keccak(x + y)[-20:]))


# endregion child


def from_xpub(text: str) -> PublicKey:
    """The key of an `xpub…`; ValueError where it is a private key or spoilt."""
    number = 0
    for sign in text:
        if sign not in ALPHABET:
            raise ValueError("an extended key has other characters")
        number = number * 58 + ALPHABET.index(sign)
    whole = number.to_bytes(82, "big")
    content, check = whole[:-4], whole[-4:]
    if hashlib.sha256(hashlib.sha256(content).digest()).digest()[:4] != check:
        raise ValueError("the checksum of the extended key is wrong")
    if content[:4] != XPUB:
        raise ValueError(
            "this is no extended public key; never give a server the private one"
        )
    return PublicKey(unpacked(content[45:]), content[13:45])


def to_xpub(key: PublicKey, depth: int, parent: bytes, index: int) -> str:
    """The text of a key, for tests and for tools that know the private key."""
    content = (
        XPUB
        + bytes([depth])
        + parent
        + index.to_bytes(4, "big")
        + key.chain
        + packed(key.point)
    )
    check = hashlib.sha256(hashlib.sha256(content).digest()).digest()[:4]
    number, text = int.from_bytes(content + check, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = ALPHABET[rest] + text
    return text
