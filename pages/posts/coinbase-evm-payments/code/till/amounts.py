"""Amounts of tokens as whole numbers of the smallest unit; text only at the edges."""

from __future__ import annotations

from decimal import Context, Inexact, InvalidOperation

# region amounts
# Python's own context rounds to 28 digits without a word; this one refuses to round.
EXACT = Context(prec=100, traps=[Inexact, InvalidOperation])


def parsed(text: str, decimals: int) -> int:
    """The amount in the smallest unit; ValueError where the token cannot hold it."""
    try:
        scaled = EXACT.scaleb(EXACT.create_decimal(text), decimals)
        whole = EXACT.to_integral_exact(scaled)
    except (InvalidOperation, Inexact, TypeError):
        raise ValueError(f"“{text}” is no amount with {decimals} decimals.") from None
    if not whole.is_finite() or whole < 0:
        raise ValueError(f"“{text}” is no amount.")
    return int(whole)


def shown(amount: int, decimals: int) -> str:
    """The amount with all its decimals, without a float on the way."""
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), 10**decimals)
    return f"{sign}{whole}.{part:0{decimals}d}" if decimals else f"{sign}{whole}"


# endregion amounts
