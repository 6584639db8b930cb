"""The private side of the addresses (BIP-32, BIP-39): for tests, never on a server."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from Crypto.Hash import RIPEMD160

from till.hd import G, N, PublicKey, multiplied, packed, to_xpub

HARD = 2**31


@dataclass(frozen=True, slots=True)
class PrivateKey:
    secret: int
    chain: bytes
    depth: int = 0
    parent: bytes = bytes(4)
    index: int = 0

    @property
    def public(self) -> PublicKey:
        point = multiplied(G, self.secret)
        assert point is not None
        return PublicKey(point, self.chain)

    @property
    def xpub(self) -> str:
        return to_xpub(self.public, self.depth, self.parent, self.index)

    def child(self, index: int) -> PrivateKey:
        own = packed(self.public.point)
        content = bytes(1) + self.secret.to_bytes(32, "big") if index >= HARD else own
        digest = hmac.digest(self.chain, content + index.to_bytes(4, "big"), "sha512")
        secret = (int.from_bytes(digest[:32], "big") + self.secret) % N
        mark = RIPEMD160.new(hashlib.sha256(own).digest()).digest()[:4]
        return PrivateKey(secret, digest[32:], self.depth + 1, mark, index)


def from_seed(seed: bytes) -> PrivateKey:
    digest = hmac.digest(b"Bitcoin seed", seed, "sha512")
    return PrivateKey(int.from_bytes(digest[:32], "big"), digest[32:])


def account(mnemonic: str) -> PrivateKey:
    """The receiving branch m/44'/60'/0'/0; the server has its extended public key."""
    seed = hashlib.pbkdf2_hmac("sha512", mnemonic.encode(), b"mnemonic", 2048)
    return from_seed(seed).child(44 + HARD).child(60 + HARD).child(HARD).child(0)


# region theft
def stolen(xpub: PublicKey, index: int, child_secret: int) -> int:
    """The branch's private key, from its xpub and the private key of one child."""
    content = packed(xpub.point) + index.to_bytes(4, "big")
    tweak = int.from_bytes(hmac.digest(xpub.chain, content, "sha512")[:32], "big")
    return (child_secret - tweak) % N


# endregion theft
