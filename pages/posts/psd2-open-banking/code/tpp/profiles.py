"""How a bank differs, as data: one TOML file each, read before anything is sent."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path


# region profile
@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that the client may have to know of one bank."""

    base: str  # https://host[:port], without a path
    signed: bool  # wants a QSealC signature on each request
    digest: str  # SHA-256 or SHA-512
    redirect: bool  # the SCA approach that we ask for
    booking_status: str
    consent_days: int  # the longest consent that it grants
    renews: bool  # the customer can authenticate again on the same consent
    repeatable: bool  # the same X-Request-ID again gives the first answer
    exempts: bool  # it may pay without asking the customer
    paid: frozenset[str]  # statuses after which the money has left the account
    timeout: float  # seconds


# endregion profile


def load(file: Path) -> Profile:
    """The profile in the file; ValueError with one sentence where it is none."""
    try:
        given = tomllib.loads(file.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{file.name}: {error}") from None
    wanted = {field.name: field.type for field in fields(Profile)}
    if given.keys() != wanted.keys():
        wrong = sorted(given.keys() ^ wanted.keys())
        raise ValueError(f"{file.name}: missing or unknown: {', '.join(wrong)}.")
    if given["digest"] not in ("SHA-256", "SHA-512"):
        raise ValueError(f"{file.name}: digest is SHA-256 or SHA-512.")
    kinds = {str: str, bool: bool, int: int, float: (int, float)}
    for name, kind in wanted.items():
        if kind in kinds and type(given[name]) not in (
            kinds[kind] if isinstance(kinds[kind], tuple) else (kinds[kind],)
        ):
            raise ValueError(f"{file.name}: {name} is no {kind.__name__}.")
    return Profile(**{**given, "paid": frozenset(given["paid"])})
