"""A small account servicing bank (ASPSP) after Berlin Group's NextGenPSD2 1.3, for tests.

Start it from the folder above with any Python 3.11 or later; it needs no package:

    python3 aspsp.py --port 8080 [--bank north|south] [--settle SECONDS] [--balance EUR]
                     [--identify] [--signatures CA.pem] [--host 127.0.0.1]

Port 0 takes a free one. The first line of its output is `sandbox: http://127.0.0.1:PORT`.
All state is in memory, money is counted in cents, and one lock orders all requests.
`--identify` wants the client's certificate, URL-encoded, in the header `X-Client-Cert`, as
nginx's `$ssl_client_escaped_cert` gives it, and checks its PSD2 roles. `--signatures` also
wants a `Signature` by a seal certificate, and needs the package `cryptography`.

The interface of the standard (JSON; every request needs an `X-Request-ID`):

    POST   /v1/consents                              create a consent; 201
    GET    /v1/consents/{id}                         its content
    GET    /v1/consents/{id}/status                  {"consentStatus": …}
    DELETE /v1/consents/{id}                         end it; 204
    POST   /v1/consents/{id}/authorisations          authenticate the customer again; 201
    GET    /v1/consents/{id}/authorisations/{aid}    {"scaStatus": …}
    GET    /v1/accounts                              with the header `Consent-ID`
    GET    /v1/accounts/{rid}/balances
    GET    /v1/accounts/{rid}/transactions           ?bookingStatus=booked&dateFrom=…[&dateTo=…]
    POST   /v1/payments/{product}                    sepa-credit-transfers, or instant-…; 201
    GET    /v1/payments/{product}/{id}               its content
    GET    /v1/payments/{product}/{id}/status        {"transactionStatus": …}
    DELETE /v1/payments/{product}/{id}               cancel before it is authorised; 204
    GET    /v1/payments/{product}/{id}/authorisations/{aid}

`TPP-Redirect-URI` is where the customer goes afterwards, `TPP-Nok-Redirect-URI` where after a
refusal. `TPP-Redirect-Preferred: false` asks for the decoupled approach. A request without
`PSU-IP-Address` counts as unattended. An answer says the approach in `ASPSP-SCA-Approach`.

What stands for the customer and the bank's own website:

    GET  /sca/{aid}                  the page that `scaRedirect` leads to
    POST /sca/{aid}                  form `outcome=approve` or `reject`; 303 back to the client.
                                     Asked again, it redirects again, and changes nothing.
    POST /app/{aid}                  {"outcome": …}: the bank's app, for the decoupled approach

What only a sandbox has:

    GET  /sandbox/state              clock, balances, payments and consents by status, the
                                     authorisations that wait for the customer, entries,
                                     requests by the serial number of their seal
    POST /sandbox/clock              {"days": 180} or {"seconds": 5}: moves the bank's clock
    POST /sandbox/psu/revoke         {"consentId": …}: the customer revokes it at the bank
    POST /sandbox/faults             {"method", "path", "kind", "times", "seconds"}: the next
                                     `times` requests whose path begins with `path` meet it:
        silence   no answer for `seconds`, and nothing is done
        lost      the request is carried out, then the connection closes without an answer
        late      it is carried out, and the answer comes after `seconds`
        error     503, and nothing is done

Payments run RCVD, then ACTC once authorised, ACSP, and ACSC after `--settle` seconds of the
bank's clock (`south` stops at ACSP, and shows the entry). Too little money gives RJCT.
Errors are `{"tppMessages": [{"category": "ERROR", "code": …, "text": …}]}`; `south` writes
`application/problem+json` instead. The customer is `PSU-1234`, with DE14100100109876543210
(the money) and DE09100100101234567890.
"""
