from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.money import Money, convert, parse, share
from tests.conftest import ETH, EUR, TUSD


def test_money_refuses_what_is_no_whole_unit() -> None:
    for text in ("12.345", "1e-3", "NaN", "Infinity", "", "ten"):
        with pytest.raises(ValueError):
            parse(text, EUR)
    assert (
        parse("12.30", EUR) == Money(1_230, EUR) and str(Money(-5, EUR)) == "-0.05 EUR"
    )
    assert parse("0.000000000000000001", ETH).minor == 1
    with pytest.raises(TypeError):
        Money(0.1, EUR)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        Money(1, EUR) + Money(1, TUSD)


# region rounding
@given(st.integers(0, 10**15), st.lists(st.integers(0, 1_000), min_size=1).filter(any))
def test_a_split_loses_nothing_and_is_fair_to_one_unit(
    minor: int, weights: list[int]
) -> None:
    parts = share(Money(minor, EUR), weights)
    assert sum(part.minor for part in parts) == minor
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor * sum(weights) - minor * weight) < sum(weights)


@given(st.integers(0, 10**12), st.decimals("0.0001", "10000", places=6))
def test_there_and_back_never_makes_money(minor: int, rate: Decimal) -> None:
    tokens = convert(Money(minor, EUR), rate, TUSD)
    assert convert(tokens, 1 / rate, EUR).minor <= minor


# endregion rounding
