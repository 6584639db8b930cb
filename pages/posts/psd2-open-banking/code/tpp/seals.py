"""Two ways to seal a message with a QSealC's key: HTTP signature, detached JWS."""

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    load_pem_private_key,
)

ALGORITHMS: dict[str, tuple[Any, str, hashes.HashAlgorithm]] = {
    "SHA-256": (hashlib.sha256, "rsa-sha256", hashes.SHA256()),
    "SHA-512": (hashlib.sha512, "rsa-sha512", hashes.SHA512()),
}
SIGNED = ("digest", "x-request-id", "psu-id", "psu-corporate-id", "tpp-redirect-uri")


@dataclass(frozen=True, slots=True)
class Seal:
    certificate: x509.Certificate
    key: RSAPrivateKey


def load(folder: Path) -> Seal:
    """The pair in `tls.crt` and `tls.key`; ValueError where they are no pair."""
    certificate = x509.load_pem_x509_certificate((folder / "tls.crt").read_bytes())
    key = load_pem_private_key((folder / "tls.key").read_bytes(), None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the seal's key is not RSA")
    if key.public_key() != certificate.public_key():
        raise ValueError("the seal's key does not belong to its certificate")
    return Seal(certificate, key)


# region http
def http_signature(seal: Seal, digest: str, sent: dict[str, str], body: bytes):
    """The headers that sign a request, after draft-cavage as NextGenPSD2 uses it."""
    hashed, algorithm, kind = ALGORITHMS[digest]
    value = base64.b64encode(hashed(body).digest()).decode()
    known = {name.lower(): text for name, text in sent.items()}
    known["digest"] = f"{digest}={value}"
    names = [name for name in SIGNED if name in known]
    text = "\n".join(f"{name}: {known[name]}" for name in names)
    signature = seal.key.sign(text.encode(), padding.PKCS1v15(), kind)
    der = seal.certificate.public_bytes(Encoding.DER)
    fields = {
        "keyId": key_id(seal.certificate),
        "algorithm": algorithm,
        "headers": " ".join(names),
        "signature": base64.b64encode(signature).decode(),
    }
    return {
        "Digest": known["digest"],
        "Signature": ",".join(f'{name}="{text}"' for name, text in fields.items()),
        "TPP-Signature-Certificate": base64.b64encode(der).decode(),
    }


def key_id(certificate: x509.Certificate) -> str:
    issuer = quote(certificate.issuer.rfc4514_string(), safe="=,")
    return f"SN={certificate.serial_number:X},CA={issuer}"


# endregion http


# region jws
def detached_jws(seal: Seal, body: bytes) -> str:
    """`header..signature` over the body's own bytes (RFC 7515 appendix F, RFC 7797)."""
    thumbprint = seal.certificate.fingerprint(hashes.SHA256())
    header = {
        "alg": "PS256",
        "b64": False,
        "crit": ["b64"],
        "x5t#S256": encoded(thumbprint),
    }
    protected = encoded(json.dumps(header, separators=(",", ":")).encode())
    salted = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256().digest_size)
    signed = seal.key.sign(protected.encode() + b"." + body, salted, hashes.SHA256())
    return f"{protected}..{encoded(signed)}"


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


# endregion jws
