"""How one bank differs from another within the same standard."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traits:
    absolute_links: bool
    approach: str  # SCA approach where the client has no preference
    consent_days: int  # a longer `validUntil` is shortened to this
    renews: bool  # an expired authentication can be repeated on the same consent
    page: int
    booking_statuses: tuple[str, ...]
    problem_json: bool
    final: str  # the last transaction status that it reports
    deduplicates: bool  # the same X-Request-ID again gives the first answer
    digest: str


BANKS = {
    "north": Traits(
        absolute_links=True,
        approach="REDIRECT",
        consent_days=730,
        renews=True,
        page=10,
        booking_statuses=("booked", "pending", "both"),
        problem_json=False,
        final="ACSC",
        deduplicates=False,
        digest="SHA-256",
    ),
    "south": Traits(
        absolute_links=False,
        approach="DECOUPLED",
        consent_days=180,
        renews=False,
        page=4,
        booking_statuses=("booked",),
        problem_json=True,
        final="ACSP",
        deduplicates=True,
        digest="SHA-512",
    ),
}
