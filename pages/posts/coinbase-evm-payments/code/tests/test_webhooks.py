"""The signature: Hook0's own vectors, and everything that must not pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.webhooks import MAX_AGE, Refused, event, fields, signature, signed, verify

# hook0/hook0, output-worker/src/work.rs: create_signature_v0 and create_signature_v1.
BODY, SECRET, SIGNED_AT = b"hello !", b"secret", 1636936200
V0 = "1b3d69df55f1e52f05224ba94a5162abeb17ef52cd7f4948c390f810d6a87e98"
V1 = "bc521546ba5de381b12f135782d2008b028c3065c191760b12b76850a8fc8f51"
HEADER = f"t={SIGNED_AT},v0={V0},h=x-event-id x-event-type,v1={V1}"
HEADERS = {
    "x-event-id": "1a01cb48-5142-4d9b-8f90-d20cca61f0ee",
    "x-event-type": "service.resource.verb",
}


def test_the_vectors_of_the_sender() -> None:
    assert signature(SECRET, b"1636936200", BODY) == V0
    verify((SECRET,), HEADER, HEADERS, BODY, SIGNED_AT)


def test_during_a_rotation_either_secret_does() -> None:
    verify((b"new", SECRET), HEADER, HEADERS, BODY, SIGNED_AT)


@pytest.mark.parametrize(
    "case",
    [
        {"secrets": (b"other",)},
        {"secrets": ()},
        {"body": b"hello ?"},
        {"headers": {**HEADERS, "x-event-id": "another"}},
        {"headers": {}},
        {"now": SIGNED_AT + MAX_AGE + 1},
        {"now": SIGNED_AT - MAX_AGE - 1},
        {"header": ""},
        {"header": f"t={SIGNED_AT},v0={V0}"},
        {"header": HEADER.replace(V1, "")},
        {"header": HEADER.replace(V1, "ü" * 64)},
        {"header": HEADER.replace(f"t={SIGNED_AT}", "t=soon")},
        {"header": HEADER + f",v1={V1}"},
        {"header": HEADER.replace("x-event-id x-event-type", "x-event-type")},
    ],
    ids=str,
)
def test_what_was_not_signed_like_this_is_refused(case: dict[str, object]) -> None:
    good = {
        "secrets": (SECRET,),
        "header": HEADER,
        "headers": HEADERS,
        "body": BODY,
        "now": SIGNED_AT,
    }
    with pytest.raises(Refused):
        verify(**{**good, **case})  # type: ignore[arg-type]


# region flip
@given(st.binary(min_size=1, max_size=200), st.data())
def test_one_flipped_bit_of_the_body_is_noticed(
    body: bytes, data: st.DataObject
) -> None:
    headers = signed(SECRET, body, "event-1", SIGNED_AT)
    verify((SECRET,), headers["x-hook0-signature"], headers, body, SIGNED_AT)
    at = data.draw(st.integers(0, len(body) - 1))
    flipped = (
        body[:at]
        + bytes([body[at] ^ 1 << data.draw(st.integers(0, 7))])
        + body[at + 1 :]
    )
    with pytest.raises(Refused):
        verify((SECRET,), headers["x-hook0-signature"], headers, flipped, SIGNED_AT)


# endregion flip


# region v0
def test_v0_would_let_a_captured_delivery_come_back_under_a_new_event_id() -> None:
    headers = signed(SECRET, BODY, "event-1", SIGNED_AT)
    given = fields(headers["x-hook0-signature"])
    headers["x-event-id"] = "event-2"
    assert given["v0"] == signature(
        SECRET, given["t"].encode(), BODY
    )  # v0 sees nothing
    with pytest.raises(Refused):
        verify((SECRET,), headers["x-hook0-signature"], headers, BODY, SIGNED_AT)


# endregion v0


def test_a_signature_that_leaves_the_event_id_out_is_refused() -> None:
    stamp, names = str(SIGNED_AT), "x-event-type"
    made = signature(
        SECRET, stamp.encode(), names.encode(), b"service.resource.verb", BODY
    )
    with pytest.raises(Refused, match="not signed"):
        verify((SECRET,), f"t={stamp},h={names},v1={made}", HEADERS, BODY, SIGNED_AT)


@given(st.text(max_size=200), st.binary(max_size=200))
def test_nothing_that_a_stranger_sends_raises_anything_else(
    header: str, body: bytes
) -> None:
    with pytest.raises(Refused):
        verify((SECRET,), header, HEADERS, body, SIGNED_AT)


@given(st.binary(max_size=200) | st.from_regex(rb'\{"id": ?[0-9\[\{"]+\}?'))
def test_a_signed_body_that_is_no_event_is_refused_too(body: bytes) -> None:
    with pytest.raises(Refused):
        event(body)


def test_json_written_anew_is_another_body() -> None:
    """Why the raw bytes are kept: this is what frameworks hand over."""
    import json

    body = b'{"amount":"100.00", "fee":1.0}'
    headers = signed(SECRET, body, "event-1", SIGNED_AT)
    with pytest.raises(Refused):
        verify(
            (SECRET,),
            headers["x-hook0-signature"],
            headers,
            json.dumps(json.loads(body)).encode(),
            SIGNED_AT,
        )
