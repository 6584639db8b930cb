"""The sandbox against the published definition: its codes, its answers, its statuses."""

import http.client
import json
import re
import sys
import unittest
import uuid

import jsonschema

from .lab import CODE, CUSTOMER, IBAN, running
from .test_flows import ORDER

STANDARD = json.loads((CODE / "test/standard.json").read_text())
READ = {"balances": [{"iban": IBAN}], "transactions": [{"iban": IBAN}]}
CONSENT = {
    "access": READ,
    "recurringIndicator": True,
    "validUntil": "9999-12-31",
    "frequencyPerDay": 4,
    "combinedServiceIndicator": False,
}
ATTENDED = {**CUSTOMER.headers(), "TPP-Redirect-URI": "https://a.example/"}


class Standard(unittest.TestCase):
    def bank(self, name):
        command = [sys.executable, str(CODE / "aspsp.py"), "--port=0", f"--bank={name}"]
        process = self.enterContext(running(command))
        self.host = process.stdout.readline().split()[-1].removeprefix("http://")
        self.connection = http.client.HTTPConnection(self.host)
        self.addCleanup(self.connection.close)

    def call(self, method, path, body=None, **headers):
        sent = {"X-Request-ID": str(uuid.uuid4()), **ATTENDED, **headers}
        path = path.removeprefix(f"http://{self.host}")
        self.connection.request(method, path, json.dumps(body), sent)
        answer = self.connection.getresponse()
        content = answer.read()
        return answer, json.loads(content) if content else None

    def valid(self, name, status, answer):
        response, body = answer
        self.assertEqual(response.status, status, body)
        schema = {
            "$ref": f"#/definitions/{name}",
            "definitions": STANDARD["definitions"],
        }
        jsonschema.validate(body, schema)
        return body

    def test_every_code_of_the_bank_is_one_of_the_standard(self):
        used = set()
        for file in (CODE / "sandbox").glob("*.py"):
            used |= set(re.findall(r'Refusal\(\s*(\d+),\s*"(\w+)"', file.read_text()))
        self.assertGreater(len(used), 12)
        for status, code in used:
            self.assertIn(code, STANDARD["codes"][status])

    def test_every_answer_has_the_form_of_the_standard(self):
        for name in ("north", "south"):
            with self.subTest(name):
                self.bank(name)
                self.flow()

    def flow(self):
        redirect = {"TPP-Redirect-Preferred": "true"}
        made = self.call("POST", "/v1/consents", CONSENT, **redirect)
        consent = self.valid("consentsResponse-201", 201, made)
        self.assertEqual(made[0].headers["ASPSP-SCA-Approach"], "REDIRECT")
        links, key = consent["_links"], {"Consent-ID": consent["consentId"]}
        self.valid(
            "scaStatusResponse", 200, self.call("GET", links["scaStatus"]["href"])
        )
        self.call(
            "POST",
            "/app/" + links["scaRedirect"]["href"].rpartition("/")[2],
            {"outcome": "approve"},
        )
        self.valid(
            "consentStatusResponse-200", 200, self.call("GET", links["status"]["href"])
        )
        self.valid(
            "consentInformationResponse-200_json",
            200,
            self.call("GET", links["self"]["href"]),
        )
        accounts = self.valid(
            "accountList", 200, self.call("GET", "/v1/accounts", **key)
        )
        links = accounts["accounts"][0]["_links"]
        self.valid(
            "readAccountBalanceResponse-200",
            200,
            self.call("GET", links["balances"]["href"], **key),
        )
        query = "?bookingStatus=booked&dateFrom=2026-09-20"
        page = links["transactions"]["href"] + query
        self.valid("transactionsResponse-200_json", 200, self.call("GET", page, **key))
        self.payment(redirect)
        self.error()

    def payment(self, redirect):
        made = self.call(
            "POST", "/v1/payments/sepa-credit-transfers", ORDER, **redirect
        )
        links = self.valid("paymentInitationRequestResponse-201", 201, made)["_links"]
        self.valid(
            "paymentInitiationStatusResponse-200_json",
            200,
            self.call("GET", links["status"]["href"]),
        )
        self.valid(
            "paymentInitiationWithStatusResponse",
            200,
            self.call("GET", links["self"]["href"]),
        )
        self.assertEqual(self.call("DELETE", links["self"]["href"])[0].status, 204)

    def error(self):
        answer = self.call("GET", "/v1/accounts")
        problem = "problem" in answer[0].headers["Content-Type"]
        self.valid("problem" if problem else "tppMessages", 401, answer)

    def test_nonsense_is_refused_and_never_a_crash(self):
        self.bank("north")
        for body in (
            {},
            {"access": 1},
            [],
            7,
            {**CONSENT, "validUntil": 5},
            {**CONSENT, "frequencyPerDay": "4"},
        ):
            answer, said = self.call("POST", "/v1/consents", body)
            self.assertEqual(answer.status, 400, said)
        wrong = [
            {**ORDER, "instructedAmount": each}
            for each in (
                None,
                {},
                {"currency": "EUR", "amount": "1.234"},
                {"currency": "EUR", "amount": "-1"},
                {"currency": "USD", "amount": "1"},
                {"currency": "EUR", "amount": "0"},
            )
        ]
        for body in [*wrong, {}, [], {**ORDER, "debtorAccount": "x"}]:
            answer, said = self.call("POST", "/v1/payments/sepa-credit-transfers", body)
            self.assertEqual(answer.status, 400, said)


if __name__ == "__main__":
    unittest.main()
