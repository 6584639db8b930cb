"""The interface of the standard: which path does what."""

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from . import consents, payments
from .answers import Answer, Refusal
from .bank import Authorisation, Bank, Consent, Entry, euros


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes
    base: str  # http://host:port, before a link
    client: str = "anonymous"
    roles: frozenset[str] = field(default_factory=frozenset)

    @property
    def attended(self) -> bool:
        return bool(self.headers.get("psu-ip-address"))

    def json(self) -> dict:
        try:
            body = json.loads(self.body)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refusal(400, "FORMAT_ERROR", "The body is no JSON object.")
        return body


def answer(bank: Bank, request: Request) -> Answer:
    """The answer to a request under /v1; Refusal where there is none."""
    name = request.headers.get("x-request-id", "")
    try:
        uuid.UUID(name)
    except ValueError:
        raise Refusal(400, "FORMAT_ERROR", "X-Request-ID is a UUID.") from None
    for method, pattern, role, action in ROUTES:
        match = re.fullmatch(pattern, request.path)
        if match and method == request.method:
            if request.roles and role not in request.roles:
                raise Refusal(
                    401, "ROLE_INVALID", f"The certificate has no role {role}."
                )
            made = action(bank, request, *match.groups())
            return Answer(
                made.status, made.body, {"X-Request-ID": name, **made.headers}
            )
    raise Refusal(404, "RESOURCE_UNKNOWN", "There is no such resource.")


def link(bank: Bank, request: Request, path: str) -> dict[str, str]:
    return {"href": (request.base if bank.traits.absolute_links else "") + path}


def approach(bank: Bank, request: Request) -> str:
    preferred = request.headers.get("tpp-redirect-preferred", "")
    return {"true": "REDIRECT", "false": "DECOUPLED"}.get(
        preferred, bank.traits.approach
    )


def started(
    bank: Bank, request: Request, of: str
) -> tuple[Authorisation, dict, dict[str, str]]:
    """A new authorisation, what an answer says of it, and its headers."""
    chosen = approach(bank, request)
    ok = request.headers.get("tpp-redirect-uri", "")
    if chosen == "REDIRECT" and not ok:
        raise Refusal(
            400, "FORMAT_ERROR", "TPP-Redirect-URI is wanted for the redirect approach."
        )
    if chosen == "DECOUPLED" and not request.headers.get("psu-id"):
        raise Refusal(
            400, "FORMAT_ERROR", "PSU-ID is wanted for the decoupled approach."
        )
    made = bank.authorise(of, ok, request.headers.get("tpp-nok-redirect-uri", ok))
    links = {"scaStatus": link(bank, request, f"/v1/{of}/authorisations/{made.id}")}
    said: dict = {"_links": links}
    if chosen == "REDIRECT":
        links["scaRedirect"] = {"href": f"{request.base}/sca/{made.id}"}
    else:
        said["psuMessage"] = "Please confirm in your bank's app."
    return made, said, {"ASPSP-SCA-Approach": chosen}


def created(bank: Bank, request: Request, of: str, body: dict) -> Answer:
    _, said, headers = started(bank, request, of)
    self_path = f"/v1/{of}"
    links = {
        "self": link(bank, request, self_path),
        "status": link(bank, request, self_path + "/status"),
    }
    location = link(bank, request, self_path)["href"]
    return Answer(
        201,
        {**body, **said, "_links": {**links, **said["_links"]}},
        {"Location": location, **headers},
    )


def post_consent(bank: Bank, request: Request) -> Answer:
    consent = consents.create(bank, request.client, request.json())
    return created(
        bank,
        request,
        f"consents/{consent.id}",
        {"consentStatus": consent.status, "consentId": consent.id},
    )


def get_consent(bank: Bank, request: Request, name: str) -> Answer:
    return Answer(200, consents.content(consents.known(bank, request.client, name)))


def get_consent_status(bank: Bank, request: Request, name: str) -> Answer:
    return Answer(
        200, {"consentStatus": consents.known(bank, request.client, name).status}
    )


def delete_consent(bank: Bank, request: Request, name: str) -> Answer:
    consent = consents.known(bank, request.client, name)
    if consent.status in ("received", "valid"):
        consents.change(bank, consent, "terminatedByTpp")
    return Answer(204)


def post_authorisation(bank: Bank, request: Request, name: str) -> Answer:
    consent = consents.known(bank, request.client, name)
    if consent.status != "valid" or not bank.traits.renews:
        raise Refusal(
            409, "STATUS_INVALID", "This consent is not renewed; ask for a new one."
        )
    made, said, headers = started(bank, request, f"consents/{consent.id}")
    return Answer(
        201, {"scaStatus": made.status, "authorisationId": made.id, **said}, headers
    )


def get_authorisation(bank: Bank, request: Request, of: str, name: str) -> Answer:
    known_owner(bank, request, of)
    found = bank.authorisations.get(name)
    if found is None or found.of != of:
        raise Refusal(404, "RESOURCE_UNKNOWN", "There is no such authorisation.")
    return Answer(200, {"scaStatus": found.status})


def known_owner(bank: Bank, request: Request, of: str) -> None:
    kind, *names = of.split("/")
    if kind == "consents":
        consents.known(bank, request.client, names[0])
    else:
        payments.known(bank, request.client, *names)


def resource(iban: str) -> str:
    """The account's name in paths: stable, and not its number."""
    return uuid.uuid5(uuid.NAMESPACE_OID, iban).hex


def read(bank: Bank, request: Request, use: str, rid: str = "") -> tuple[Consent, str]:
    """The consent and the account's IBAN, where both allow the use."""
    attended = (
        request.attended or "page" in request.query
    )  # a further page is no further access
    consent = consents.usable(
        bank,
        request.client,
        request.headers.get("consent-id", ""),
        f"{use} {rid}",
        attended,
    )
    iban = next((iban for iban in consent.ibans if resource(iban) == rid), "")
    if rid and not iban:
        raise Refusal(
            404, "RESOURCE_UNKNOWN", "There is no such account under this consent."
        )
    return consent, iban


def get_accounts(bank: Bank, request: Request) -> Answer:
    consent, _ = read(bank, request, "accounts")
    return Answer(
        200, {"accounts": [account(bank, request, iban) for iban in consent.ibans]}
    )


def account(bank: Bank, request: Request, iban: str) -> dict:
    path = f"/v1/accounts/{resource(iban)}"
    links = {
        kind: link(bank, request, f"{path}/{kind}")
        for kind in ("balances", "transactions")
    }
    about = {
        "resourceId": resource(iban),
        "iban": iban,
        "currency": "EUR",
        "cashAccountType": "CACC",
    }
    return {**about, "name": "Girokonto", "_links": links}


def get_balances(bank: Bank, request: Request, rid: str) -> Answer:
    _, iban = read(bank, request, "balances", rid)
    day = bank.now().date().isoformat()
    balance = {
        "balanceType": "interimBooked",
        "balanceAmount": euros(bank.balance(iban)),
        "referenceDate": day,
    }
    return Answer(200, {"account": {"iban": iban}, "balances": [balance]})


def get_transactions(bank: Bank, request: Request, rid: str) -> Answer:
    if request.query.get("bookingStatus") not in bank.traits.booking_statuses:
        raise Refusal(
            400,
            "PARAMETER_NOT_SUPPORTED",
            f"bookingStatus: {', '.join(bank.traits.booking_statuses)}.",
        )
    try:
        since = dt.date.fromisoformat(request.query.get("dateFrom", ""))
        until = dt.date.fromisoformat(
            request.query.get("dateTo", bank.now().date().isoformat())
        )
        page = int(request.query.get("page", "0"))
    except ValueError:
        raise Refusal(400, "FORMAT_ERROR", "dateFrom and dateTo are dates.") from None
    consent, iban = read(bank, request, "transactions", rid)
    consents.may_read_since(bank, consent, since)
    entries = [
        entry
        for entry in bank.entries
        if entry.iban == iban and since <= entry.day <= until
    ]
    size = bank.traits.page
    shown = sorted(entries, key=lambda entry: (entry.day, entry.id))[
        page * size : (page + 1) * size
    ]
    links = {"account": link(bank, request, f"/v1/accounts/{rid}")}
    if (page + 1) * size < len(entries):
        query = "&".join(
            f"{name}={quote(value)}"
            for name, value in {**request.query, "page": str(page + 1)}.items()
        )
        links["next"] = link(bank, request, f"{request.path}?{query}")
    report = {"booked": [transaction(entry) for entry in shown], "_links": links}
    return Answer(200, {"account": {"iban": iban}, "transactions": report})


def transaction(entry: Entry) -> dict:
    side = "creditor" if entry.cents < 0 else "debtor"
    return {
        "transactionId": entry.id,
        "bookingDate": entry.day.isoformat(),
        "valueDate": entry.day.isoformat(),
        "transactionAmount": euros(entry.cents),
        f"{side}Name": entry.name,
        f"{side}Account": {"iban": entry.other},
        "remittanceInformationUnstructured": entry.text,
    }


def post_payment(bank: Bank, request: Request, product: str) -> Answer:
    key = (request.client, request.headers["x-request-id"])
    if bank.traits.deduplicates and key in bank.requests:
        payment = payments.known(bank, request.client, product, bank.requests[key])
        if payment.content != request.json():
            raise Refusal(
                400, "FORMAT_ERROR", "This X-Request-ID was used for another payment."
            )
    else:
        payment = payments.initiate(bank, request.client, product, request.json())
        bank.requests[key] = payment.id
    body = {"transactionStatus": payment.status, "paymentId": payment.id}
    return created(bank, request, f"payments/{product}/{payment.id}", body)


def get_payment(bank: Bank, request: Request, product: str, name: str) -> Answer:
    return Answer(
        200, payments.content(payments.known(bank, request.client, product, name))
    )


def get_payment_status(bank: Bank, request: Request, product: str, name: str) -> Answer:
    return Answer(
        200,
        {
            "transactionStatus": payments.known(
                bank, request.client, product, name
            ).status
        },
    )


def delete_payment(bank: Bank, request: Request, product: str, name: str) -> Answer:
    payments.cancel(payments.known(bank, request.client, product, name))
    return Answer(204)


CONSENT, PAYMENT, ACCOUNT = (
    "/v1/consents/([^/]+)",
    "/v1/payments/([^/]+)/([^/]+)",
    "/v1/accounts/([^/]+)",
)
Action = Callable[..., Answer]
ROUTES: tuple[tuple[str, str, str, Action], ...] = (
    ("POST", "/v1/consents", "PSP_AI", post_consent),
    ("GET", CONSENT, "PSP_AI", get_consent),
    ("DELETE", CONSENT, "PSP_AI", delete_consent),
    ("GET", CONSENT + "/status", "PSP_AI", get_consent_status),
    ("POST", CONSENT + "/authorisations", "PSP_AI", post_authorisation),
    ("GET", "/v1/(consents/[^/]+)/authorisations/([^/]+)", "PSP_AI", get_authorisation),
    ("GET", "/v1/accounts", "PSP_AI", get_accounts),
    ("GET", ACCOUNT + "/balances", "PSP_AI", get_balances),
    ("GET", ACCOUNT + "/transactions", "PSP_AI", get_transactions),
    ("POST", "/v1/payments/([^/]+)", "PSP_PI", post_payment),
    ("GET", PAYMENT, "PSP_PI", get_payment),
    ("GET", PAYMENT + "/status", "PSP_PI", get_payment_status),
    ("DELETE", PAYMENT, "PSP_PI", delete_payment),
    (
        "GET",
        "/v1/(payments/[^/]+/[^/]+)/authorisations/([^/]+)",
        "PSP_PI",
        get_authorisation,
    ),
)
