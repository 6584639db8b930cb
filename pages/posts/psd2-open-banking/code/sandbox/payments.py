"""Payments: received, authorised, settled or rejected. Money moves once, when one is authorised."""

import uuid

from .answers import Refusal
from .bank import Bank, Entry, Payment, cents

PRODUCTS = ("sepa-credit-transfers", "instant-sepa-credit-transfers")
OPEN = ("RCVD",)


def initiate(bank: Bank, client: str, product: str, body: dict) -> Payment:
    if product not in PRODUCTS:
        raise Refusal(404, "PRODUCT_UNKNOWN", "This bank has credit transfers alone.")
    try:
        amount = body["instructedAmount"]
        debtor, creditor, name = (
            body["debtorAccount"]["iban"],
            body["creditorAccount"]["iban"],
            body["creditorName"],
        )
        worth = cents(amount["amount"])
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Refusal(
            400,
            "FORMAT_ERROR",
            "An amount, two accounts and a creditorName are wanted.",
        ) from None
    if amount.get("currency") != "EUR" or worth == 0 or not (creditor and name):
        raise Refusal(
            400, "FORMAT_ERROR", "A positive amount in EUR and a creditor are wanted."
        )
    if debtor not in bank.opening:
        raise Refusal(
            400, "PAYMENT_FAILED", "The debtor's account is not at this bank."
        )
    made = Payment(uuid.uuid4().hex, client, product, body, worth)
    bank.payments[made.id] = made
    return made


def known(bank: Bank, client: str, product: str, name: str) -> Payment:
    payment = bank.payments.get(name)
    if payment is None or (payment.client, payment.product) != (client, product):
        raise Refusal(404, "RESOURCE_UNKNOWN", "There is no such payment.")
    advance(bank, payment)
    return payment


def advance(bank: Bank, payment: Payment) -> None:
    if payment.authorised is None or payment.status not in ("ACTC", "ACSP"):
        return
    settled = bank.now() - payment.authorised >= bank.settle
    payment.status = bank.traits.final if settled else "ACSP"


def authorised(bank: Bank, payment: Payment) -> None:
    if payment.status != "RCVD":
        return
    debtor, creditor = (
        payment.content["debtorAccount"]["iban"],
        payment.content["creditorAccount"]["iban"],
    )
    if bank.balance(debtor) < payment.cents:
        payment.status = "RJCT"
        return
    payment.status, payment.authorised = "ACTC", bank.now()
    day, text = (
        bank.now().date(),
        payment.content.get("remittanceInformationUnstructured", ""),
    )
    name = payment.content["creditorName"]
    bank.entries.append(
        Entry(payment.id, debtor, day, -payment.cents, name, creditor, text)
    )
    if creditor in bank.opening:
        bank.entries.append(
            Entry(
                payment.id + "-in",
                creditor,
                day,
                payment.cents,
                "Own account",
                debtor,
                text,
            )
        )


def rejected(payment: Payment) -> None:
    if payment.status in OPEN:
        payment.status = "RJCT"


def cancel(payment: Payment) -> None:
    if payment.status not in OPEN:
        raise Refusal(405, "CANCELLATION_INVALID", f"The payment is {payment.status}.")
    payment.status = "CANC"


def content(payment: Payment) -> dict:
    return {**payment.content, "transactionStatus": payment.status}
