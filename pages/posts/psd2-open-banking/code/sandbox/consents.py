"""Consents to read accounts: made, authorised, used, and ended."""

import datetime as dt
import uuid

from .answers import Refusal
from .bank import SCA_DAYS, Bank, Consent

DAY = dt.timedelta(days=1)
FRESH = dt.timedelta(minutes=15)  # after authentication, entries of any age may be read
RECENT = dt.timedelta(
    days=90
)  # Article 10a(1)(b): the exemption covers these entries alone


def create(bank: Bank, client: str, body: dict) -> Consent:
    access, today = body.get("access"), bank.now().date()
    if not isinstance(access, dict) or not isinstance(
        body.get("recurringIndicator"), bool
    ):
        raise Refusal(400, "FORMAT_ERROR", "access and recurringIndicator are wanted.")
    frequency = body.get("frequencyPerDay")
    if not isinstance(frequency, int) or not 1 <= frequency <= 4:
        raise Refusal(400, "FORMAT_ERROR", "frequencyPerDay is a number from 1 to 4.")
    try:
        wanted = dt.date.fromisoformat(body.get("validUntil", ""))
    except (TypeError, ValueError):
        raise Refusal(400, "FORMAT_ERROR", "validUntil is a date.") from None
    if wanted < today:
        raise Refusal(400, "PERIOD_INVALID", "validUntil is in the past.")
    until = min(wanted, today + dt.timedelta(days=bank.traits.consent_days))
    ibans = accounts_of(bank, access)
    made = Consent(
        uuid.uuid4().hex,
        client,
        ibans,
        access,
        body["recurringIndicator"],
        frequency,
        until,
    )
    made.last_action = today
    bank.consents[made.id] = made
    return made


def accounts_of(bank: Bank, access: dict) -> tuple[str, ...]:
    """The accounts that it names; all where it names none."""
    if access.get("allPsd2") == "allAccounts":
        return tuple(bank.opening)
    references = [
        one
        for kind in ("accounts", "balances", "transactions")
        for one in access.get(kind) or []
    ]
    ibans = tuple(
        dict.fromkeys(
            one.get("iban", "") for one in references if isinstance(one, dict)
        )
    )
    if unknown := set(ibans) - set(bank.opening):
        raise Refusal(
            400,
            "RESOURCE_UNKNOWN",
            f"{len(unknown)} accounts are not of this customer.",
        )
    return ibans or tuple(bank.opening)


def known(bank: Bank, client: str, name: str) -> Consent:
    """The client's own consent, with its status of this moment."""
    consent = bank.consents.get(name)
    if consent is None or consent.client != client:
        raise Refusal(403, "CONSENT_UNKNOWN", "There is no such consent.")
    if (
        consent.status in ("received", "valid")
        and bank.now().date() > consent.valid_until
    ):
        change(bank, consent, "expired")
    return consent


def change(bank: Bank, consent: Consent, status: str) -> None:
    consent.status, consent.last_action = status, bank.now().date()


def authorised(bank: Bank, consent: Consent) -> None:
    """Valid from now on. Another recurring consent of the same client for the customer expires."""
    if consent.recurring:
        for other in bank.consents.values():
            if (
                other.client == consent.client
                and other.recurring
                and other.status == "valid"
                and other != consent
            ):
                change(bank, other, "expired")
    change(bank, consent, "valid")
    consent.authenticated = bank.now()


def usable(bank: Bank, client: str, name: str, use: str, attended: bool) -> Consent:
    """The consent, if this use is allowed now; `use` names what is read, to count it."""
    if not name:
        raise Refusal(401, "CONSENT_INVALID", "The header Consent-ID is wanted.")
    consent = known(bank, client, name)
    if consent.status == "expired":
        raise Refusal(401, "CONSENT_EXPIRED", "The consent has expired.")
    if consent.status != "valid" or consent.authenticated is None:
        raise Refusal(401, "CONSENT_INVALID", f"The consent is {consent.status}.")
    if bank.now() - consent.authenticated > SCA_DAYS:
        raise Refusal(
            401,
            "CONSENT_INVALID",
            "180 days have passed since the customer was authenticated.",
        )
    if not attended:
        count(bank, consent, use)
    return consent


def count(bank: Bank, consent: Consent, use: str) -> None:
    times = [
        when for when in consent.unattended.get(use, []) if bank.now() - when < DAY
    ]
    if len(times) >= consent.frequency:
        raise Refusal(
            429,
            "ACCESS_EXCEEDED",
            f"{consent.frequency} unattended calls a day are used up.",
        )
    consent.unattended[use] = [*times, bank.now()]


def may_read_since(bank: Bank, consent: Consent, since: dt.date) -> None:
    assert consent.authenticated is not None
    if (
        bank.now() - consent.authenticated > FRESH
        and bank.now().date() - since > RECENT
    ):
        raise Refusal(
            400,
            "PERIOD_INVALID",
            "Entries older than 90 days need a new authentication.",
        )


def content(consent: Consent) -> dict:
    return {
        "access": consent.access,
        "recurringIndicator": consent.recurring,
        "validUntil": consent.valid_until.isoformat(),
        "frequencyPerDay": consent.frequency,
        "lastActionDate": consent.last_action.isoformat(),
        "consentStatus": consent.status,
    }
