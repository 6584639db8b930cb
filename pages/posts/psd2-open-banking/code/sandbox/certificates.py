"""What the client's certificate says, read from its DER by the standard library alone.

The chain and the validity were checked by whoever ended the TLS connection.
"""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

ROLES = {
    "0.4.0.19495.1.1": "PSP_AS",
    "0.4.0.19495.1.2": "PSP_PI",
    "0.4.0.19495.1.3": "PSP_AI",
    "0.4.0.19495.1.4": "PSP_IC",
}


@dataclass(frozen=True, slots=True)
class Identity:
    organisation: str  # the organizationIdentifier: PSD, country, authority, number
    roles: frozenset[str]


def identity(escaped: str) -> Identity:
    """Of a PEM in URL encoding. ValueError where it is none, or not a firm's."""
    der = ssl.PEM_cert_to_DER_cert(unquote(escaped))
    values = list(elements(der))
    roles = {
        ROLES[text]
        for tag, value in values
        if tag == 0x06 and (text := dotted(value)) in ROLES
    }
    return Identity(organisation(values), frozenset(roles))


# region der
def elements(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Each primitive element as tag and value, in order; octet strings are opened."""
    while der:
        tag, size, start = der[0], der[1], 2
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(der[2:start], "big")
        value, der = der[start : start + size], der[start + size :]
        if len(value) != size:
            raise ValueError("an element is cut short")
        if tag & 0x20:  # constructed: a SEQUENCE, a SET
            yield from elements(value)
        elif tag == 0x04 and value[:1] == b"\x30":  # an extension's value is DER again
            yield from elements(value)
        else:
            yield tag, value


# endregion der


def dotted(value: bytes) -> str:
    numbers, number = [], 0
    for byte in value:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))


def organisation(values: list[tuple[int, bytes]]) -> str:
    """The last organizationIdentifier: the subject's, which follows the issuer's."""
    found = [
        values[n + 1][1].decode()
        for n, (tag, value) in enumerate(values[:-1])
        if tag == 0x06 and dotted(value) == "2.5.4.97"
    ]
    if not found or not found[-1].startswith("PSD"):
        raise ValueError("the subject has no PSD2 organizationIdentifier")
    return found[-1]
