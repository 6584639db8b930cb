"""The bank that says nothing, says it late, or forgets: against the sandbox of the PSD2 article."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from backend import events, settlement
from backend.api import house
from backend.bank import PRODUCT, BankRail
from backend.money import Money
from backend.payments import Observation
from backend.pipeline import Ask, pay
from backend.rails import Order
from backend.worker import treasurer, work
from drills.stage import (
    EUR,
    OTHER_IBAN,
    OUR_IBAN,
    Database,
    balances,
    call,
    customer,
    sandbox,
    sound,
    wait_until,
)

CLEAR = {"payee_match": "match", "payer_insists": False}


FAULTS = [
    (path, kind)
    for path in ("/v1/payments", "/app/")
    for kind in ("lost", "silence", "late", "error")
]


def drilled(db: Database) -> dict[str, Any]:
    with db.connect(autocommit=True) as conn:
        quiet(conn)
        with sandbox("--settle", "0") as url:
            orphans = [one_payout(conn, url, path, kind) for path, kind in FAULTS]
            rejected(conn, url)
            deposit(conn, url)
            twice = approved_before_it_was_written_down(url)
        with sandbox("--settle", "0", "--bank", "south") as url:
            shown = never_final_by_its_status(conn, url)
        sound(conn)
    return {
        "bank_faults": len(FAULTS),
        "bank_orphans": sum(orphans),
        "bank_twice": twice,
        "bank_shown": shown,
    }


def quiet(conn: Any) -> None:
    conn.execute("UPDATE outbox SET done_at = clock_timestamp() WHERE done_at IS NULL")
    while events.project(conn):
        pass


def ask(who: uuid.UUID, minor: int) -> Ask:
    to = {"iban": OTHER_IBAN, "name": "Beispiel GmbH"}
    return Ask(who, "bank", Money(minor, EUR), minor, to, CLEAR)


# region payout
def one_payout(conn: Any, url: str, path: str, kind: str) -> int:
    """A payout whose answer never comes; the orders that are left at the bank."""
    before, lying = ours(url), payments(url, "RCVD")
    rail = BankRail(url, OUR_IBAN, treasurer, timeout=0.5)
    fault = {"method": "POST", "path": path, "kind": kind, "times": 1, "seconds": 3}
    call(f"{url}/sandbox/faults", fault)
    who = customer(conn, 1_000)
    payment = pay(conn, house(), "drill", uuid.uuid4().hex, ask(who, 400))
    settlement.relay(conn, {"bank": rail})
    assert balances(conn, who) == (600, 400)
    conn.execute(
        "UPDATE outbox SET due = clock_timestamp() WHERE payment = %s", (payment,)
    )
    wait_until(lambda: ended(conn, rail, payment))
    assert balances(conn, who) == (600, 0)
    assert before - ours(url) == 400, "paid once"
    return payments(url, "RCVD") - lying


# endregion payout


def payments(url: str, status: str) -> int:
    return int(call(f"{url}/sandbox/state")[1]["payments"].get(status, 0))


def ours(url: str) -> int:
    """Our balance at the bank, in cents."""
    amount = call(f"{url}/sandbox/state")[1]["balances"][OUR_IBAN]["amount"]
    return round(float(amount) * 100)


def rejected(conn: Any, url: str) -> None:
    """More than our account holds: the bank says RJCT, and the customer has the money again."""
    rail = BankRail(url, OUR_IBAN, treasurer)
    who = customer(conn, 10**9)
    payment = pay(conn, house(), "drill", uuid.uuid4().hex, ask(who, 9 * 10**8))
    wait_until(lambda: ended(conn, rail, payment))
    assert events.load(conn, payment).state == "released" and balances(conn, who) == (
        10**9,
        0,
    )


def ended(conn: Any, rail: BankRail, payment: uuid.UUID) -> bool:
    work(conn, {"bank": rail})
    return events.load(conn, payment).state in ("settled", "released")


# region deposit
def deposit(conn: Any, url: str) -> None:
    """A customer pays in by open banking; settled is credited, and once."""
    rail, who = BankRail(url, OTHER_IBAN, treasurer), customer(conn, 0)
    made = call(
        f"{url}/v1/payments/{PRODUCT}",
        {
            "instructedAmount": {"currency": "EUR", "amount": "25.00"},
            "debtorAccount": {"iban": OUR_IBAN},
            "creditorAccount": {"iban": OTHER_IBAN},
            "creditorName": "Our safeguarding account",
        },
        {
            "X-Request-ID": str(uuid.uuid4()),
            "TPP-Redirect-URI": "https://pay.example/back",
        },
    )[1]
    payment = settlement.expect(conn, who, rail, Money(2_500, EUR), made["paymentId"])
    settlement.advance(conn, payment, rail.observe(payment, made["paymentId"]))
    assert balances(conn, who) == (0, 0), "received is not settled"
    authorisation = made["_links"]["scaStatus"]["href"].rpartition("/")[2]
    treasurer(url, authorisation, 60)  # stands for the customer at their bank
    for _ in range(3):
        settlement.advance(conn, payment, rail.observe(payment, made["paymentId"]))
    assert balances(conn, who) == (2_500, 0)


# endregion deposit


# region twice
def approved_before_it_was_written_down(url: str) -> int:
    """The tempting order of steps: approve at once, note the name after. Then a crash, and again."""
    rail = BankRail(url, OUR_IBAN, treasurer)
    order = Order(
        uuid.uuid4(), 400, "EUR", {"iban": OTHER_IBAN, "name": "Beispiel GmbH"}
    )
    before = ours(url)
    for _ in range(2):
        rail.commit(order.payment, rail.prepare(order))  # and the process dies here
    return (before - ours(url)) // 400


# endregion twice


# region statement
def never_final_by_its_status(conn: Any, url: str) -> str:
    """A bank that stops at ACSP: stuck until the account's statement shows it."""
    rail = BankRail(url, OUR_IBAN, treasurer)
    who = customer(conn, 1_000)
    payment = pay(conn, house(), "drill", uuid.uuid4().hex, ask(who, 400))
    for _ in range(5):
        work(conn, {"bank": rail})
    assert balances(conn, who) == (600, 400)
    [state] = conn.execute("SELECT state FROM stuck WHERE rail = 'bank'").fetchone()
    if str(payment) in statement(url):
        settlement.advance(
            conn, payment, Observation("seen", 1, events.load(conn, payment).ref)
        )
    assert balances(conn, who) == (600, 0)
    return str(state)


# endregion statement


def statement(url: str) -> str:
    """Our own account's entries, by a consent of ours at our bank."""
    headers = {
        "X-Request-ID": str(uuid.uuid4()),
        "PSU-ID": "treasury",
        "PSU-IP-Address": "192.0.2.1",
        "TPP-Redirect-Preferred": "false",
    }
    made = call(
        f"{url}/v1/consents",
        {
            "access": {
                what: [{"iban": OUR_IBAN}] for what in ("accounts", "transactions")
            },
            "recurringIndicator": True,
            "validUntil": str(dt.date.today() + dt.timedelta(90)),
            "frequencyPerDay": 4,
            "combinedServiceIndicator": False,
        },
        headers,
    )[1]
    treasurer(url, made["_links"]["scaStatus"]["href"].rpartition("/")[2], 60)
    headers["Consent-ID"] = made["consentId"]
    [account] = call(f"{url}/v1/accounts", None, headers)[1]["accounts"]
    today, page = dt.date.today(), f"/v1/accounts/{account['resourceId']}/transactions"
    return str(
        call(f"{url}{page}?bookingStatus=booked&dateFrom={today}", None, headers)[1]
    )
