"""Verifies a request's `Signature`: draft-cavage-http-signatures as NextGenPSD2 1.3 profiles it.

The only module that needs a package, `cryptography`; it is imported with `--signatures` alone.
"""

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from .answers import Refusal

ALWAYS = ("digest", "x-request-id")
IF_SENT = ("psu-id", "psu-corporate-id", "tpp-redirect-uri")
DIGESTS = {"SHA-256": hashlib.sha256, "SHA-512": hashlib.sha512}
HASHES = {"rsa-sha256": hashes.SHA256(), "rsa-sha512": hashes.SHA512()}


def check(
    headers: Mapping[str, str],
    body: bytes,
    digest: str,
    issuer: Path,
    organisation: str,
) -> str:
    """The seal's serial number; Refusal where body, headers or signer are not the signed."""
    sent = {name.lower(): value for name, value in headers.items()}
    missing = [
        name
        for name in ("signature", "digest", "tpp-signature-certificate")
        if name not in sent
    ]
    if missing:
        raise Refusal(401, "SIGNATURE_MISSING", f"The header {missing[0]} is missing.")
    expected = base64.b64encode(DIGESTS[digest](body).digest()).decode()
    if sent["digest"] != f"{digest}={expected}":
        raise Refusal(
            401, "SIGNATURE_INVALID", f"Digest is not the {digest} of the body."
        )
    fields = dict(re.findall(r'(\w+)="([^"]*)"', sent["signature"]))
    signed = fields.get("headers", "").split()
    required = [*ALWAYS, *(name for name in IF_SENT if name in sent)]
    if not_signed := set(required) - set(signed):
        raise Refusal(
            401, "SIGNATURE_INVALID", f"Not signed: {', '.join(sorted(not_signed))}."
        )
    certificate = seal(sent["tpp-signature-certificate"], issuer, organisation)
    text = "\n".join(f"{name}: {sent.get(name, '')}" for name in signed)
    verify(certificate, fields, text)
    return f"{certificate.serial_number:X}"


def seal(encoded: str, issuer: Path, organisation: str) -> x509.Certificate:
    try:
        certificate = x509.load_der_x509_certificate(
            base64.b64decode(encoded, validate=True)
        )
        certificate.verify_directly_issued_by(
            x509.load_pem_x509_certificate(issuer.read_bytes())
        )
    except (ValueError, TypeError, InvalidSignature):
        raise Refusal(
            401,
            "CERTIFICATE_INVALID",
            "The seal's certificate is of an issuer unknown here.",
        ) from None
    if (
        not certificate.not_valid_before_utc
        <= dt.datetime.now(dt.timezone.utc)
        <= certificate.not_valid_after_utc
    ):
        raise Refusal(
            401, "CERTIFICATE_EXPIRED", "The seal's certificate is not valid now."
        )
    names = certificate.subject.get_attributes_for_oid(
        x509.ObjectIdentifier("2.5.4.97")
    )
    if organisation and [name.value for name in names] != [organisation]:
        raise Refusal(
            401,
            "CERTIFICATE_INVALID",
            "Seal and TLS certificate are of different firms.",
        )
    return certificate


def verify(certificate: x509.Certificate, fields: dict[str, str], text: str) -> None:
    key, kind = certificate.public_key(), HASHES.get(fields.get("algorithm", ""))
    if kind is None or not isinstance(key, RSAPublicKey):
        raise Refusal(
            401,
            "SIGNATURE_INVALID",
            "rsa-sha256 or rsa-sha512 with an RSA key is wanted.",
        )
    try:
        key.verify(
            base64.b64decode(fields.get("signature", "")),
            text.encode(),
            padding.PKCS1v15(),
            kind,
        )
    except (ValueError, InvalidSignature):
        raise Refusal(
            401, "SIGNATURE_INVALID", "The signature does not belong to these headers."
        ) from None
