"""Keys that stay in the token: wallet keys that sign, a key that wraps customers' keys."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import pkcs11
from Crypto.Cipher import AES
from eth_keys.datatypes import PublicKey, Signature
from eth_keys.exceptions import BadSignature
from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, ObjectClass
from pkcs11.util.ec import encode_named_curve_parameters

SECP256K1 = encode_named_curve_parameters("1.3.132.0.10")
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


# region wallet
@dataclass(frozen=True, slots=True)
class Token:
    session: Any

    def new_wallet(self, label: str) -> str:
        """A key pair made inside the token; its address. It cannot be taken out."""
        curve = self.session.create_domain_parameters(
            KeyType.EC, {Attribute.EC_PARAMS: SECP256K1}, local=True
        )
        curve.generate_keypair(store=True, label=label)
        return self.address(label)

    def address(self, label: str) -> str:
        return str(self.public(label).to_checksum_address())

    def public(self, label: str) -> PublicKey:
        key = self.session.get_key(object_class=ObjectClass.PUBLIC_KEY, label=label)
        point = key[Attribute.EC_POINT]  # a DER string: 04 41 04 x y
        return PublicKey(bytes(point[-64:]))

    def raw(self, label: str, digest: bytes) -> tuple[int, int]:
        """What the token gives: r and s, of 32 bytes each."""
        key = self.session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=label)
        pair = key.sign(digest, mechanism=Mechanism.ECDSA)
        return int.from_bytes(pair[:32], "big"), int.from_bytes(pair[32:], "big")

    def sign(self, label: str, digest: bytes) -> Signature:
        """And what Ethereum wants: the lower s (EIP-2), and which key it was."""
        r, s = self.raw(label, digest)
        return recoverable(r, min(s, ORDER - s), digest, self.public(label))

    # endregion wallet

    # region envelope
    def new_kek(self, label: str) -> None:
        self.session.generate_key(KeyType.AES, 256, store=True, label=label)

    def wrap(self, kek: str, key: bytes, owner: bytes) -> bytes:
        """The customer's key, encrypted in the token and bound to its owner."""
        nonce = self.session.generate_random(96)
        found = self.session.get_key(object_class=ObjectClass.SECRET_KEY, label=kek)
        sealed: bytes = found.encrypt(
            key,
            mechanism=Mechanism.AES_GCM,
            mechanism_param=GCMParams(nonce, owner, 128),
        )
        return bytes(nonce) + sealed

    def unwrap(self, kek: str, wrapped: bytes, owner: bytes) -> bytes:
        found = self.session.get_key(object_class=ObjectClass.SECRET_KEY, label=kek)
        key: bytes = found.decrypt(
            wrapped[12:],
            mechanism=Mechanism.AES_GCM,
            mechanism_param=GCMParams(wrapped[:12], owner, 128),
        )
        return key

    # endregion envelope


def recoverable(r: int, s: int, digest: bytes, public: PublicKey) -> Signature:
    """PKCS#11 has no recovery id: of the two, take the one that gives our own key."""
    for v in (0, 1):
        signature = Signature(vrs=(v, r, s))
        try:
            if signature.recover_public_key_from_msg_hash(digest) == public:
                return signature
        except BadSignature:
            continue
    raise ValueError("the token signed with another key")


def seal(key: bytes, text: str, owner: bytes) -> bytes:
    """A field, encrypted with the customer's key outside of the token."""
    cipher = AES.new(key, AES.MODE_GCM, nonce=os.urandom(12))
    cipher.update(owner)
    sealed, tag = cipher.encrypt_and_digest(text.encode())
    return bytes(cipher.nonce) + tag + sealed


def unseal(key: bytes, sealed: bytes, owner: bytes) -> str:
    cipher = AES.new(key, AES.MODE_GCM, nonce=sealed[:12])
    cipher.update(owner)
    return cipher.decrypt_and_verify(sealed[28:], sealed[12:28]).decode()


def open_token(module: str, label: str, pin: str) -> Token:
    token = pkcs11.lib(module).get_token(token_label=label)
    return Token(token.open(user_pin=pin, rw=True))
