"""Money: whole minor units of one currency. No float comes in, and no cent is lost by dividing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Decimal, InvalidOperation


# region money
@dataclass(frozen=True, slots=True)
class Currency:
    code: str
    scale: int  # decimal places: 2 for EUR, 6 for many tokens, 18 for ETH


@dataclass(frozen=True, slots=True)
class Money:
    minor: int  # cents, or the token's smallest unit
    currency: Currency

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are whole numbers, not {self.minor!r}")

    def __add__(self, other: Money) -> Money:
        if self.currency != other.currency:
            raise ValueError(
                f"{self.currency.code} + {other.currency.code}: convert first"
            )
        return Money(self.minor + other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return self + -other

    def __str__(self) -> str:
        return (
            f"{Decimal(self.minor).scaleb(-self.currency.scale):f} {self.currency.code}"
        )


# endregion money


# region parse
def parse(text: str, currency: Currency) -> Money:
    """Money from the text of a message; an amount finer than the currency is refused."""
    try:
        minor = Decimal(text).scaleb(currency.scale)
    except InvalidOperation:
        raise ValueError(f"{text!r} is no amount") from None
    if not minor.is_finite() or minor != minor.to_integral_value():
        raise ValueError(f"{text!r} is no whole number of {currency.code} units")
    return Money(int(minor), currency)


# endregion parse


# region rounding
def convert(money: Money, rate: Decimal, into: Currency, up: bool = False) -> Money:
    """At `rate` units of `into` for one of ours. Down what we pay, up what we take."""
    exact = Decimal(money.minor) * rate.scaleb(into.scale - money.currency.scale)
    rounded = exact.to_integral_value(ROUND_UP if up else ROUND_DOWN)
    return Money(int(rounded), into)


def share(money: Money, weights: Sequence[int]) -> list[Money]:
    """Without loss: the units left over go to the largest remainders."""
    total = sum(weights)
    parts = [money.minor * weight // total for weight in weights]
    rest = [money.minor * weight % total for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda place: -rest[place])
    for place in by_rest[: money.minor - sum(parts)]:
        parts[place] += 1
    return [Money(part, money.currency) for part in parts]


# endregion rounding
