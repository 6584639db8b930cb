"""No amount passes through a float, and none is rounded."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.amounts import parsed, shown


@given(st.integers(0, 2**256 - 1), st.integers(0, 18))
def test_what_is_shown_reads_as_it_was(amount: int, decimals: int) -> None:
    assert parsed(shown(amount, decimals), decimals) == amount


@pytest.mark.parametrize(
    "text", ["1.0000001", "-1", "NaN", "Infinity", "1e-7", "", "1,5"]
)
def test_what_a_token_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parsed(text, 6)


def test_the_same_digits_are_another_amount_with_other_decimals() -> None:
    assert parsed("25.00", 6) * 10**12 == parsed("25.00", 18)


def test_a_float_would_have_lost_a_wei() -> None:
    assert int(float("1.000000000000000001") * 10**18) != parsed(
        "1.000000000000000001", 18
    )


def test_a_decimal_in_its_usual_context_would_have_lost_one_too() -> None:
    amount = 10**28 + 1
    assert int(Decimal(str(amount)).scaleb(0)) == amount - 1
    assert parsed(str(amount), 0) == amount
