"""Fees under EIP-1559: what the base fee will be, and what to offer."""

from __future__ import annotations

from dataclasses import dataclass

from till.rpc import Rpc, number


@dataclass(frozen=True, slots=True)
class Fees:
    """In wei per gas. The price paid is min(max_fee, base fee + tip)."""

    max_fee: int
    tip: int


# region fees
def next_base_fee(base: int, used: int, limit: int) -> int:
    """The next block's base fee by EIP-1559: at most an eighth up or down."""
    aim = limit // 2
    if used == aim:
        return base
    if used > aim:
        return base + max(base * (used - aim) // aim // 8, 1)
    return base - base * (aim - used) // aim // 8


def offer(rpc: Rpc, floor: int = 10**6) -> Fees:
    """The median tip of the last blocks, and room for six full blocks in a row."""
    history = rpc("eth_feeHistory", hex(10), "latest", [50])
    tips = sorted(number(block[0]) for block in history.get("reward") or [["0x0"]])
    tip = max(tips[len(tips) // 2], floor)
    return Fees(max_fee=2 * number(history["baseFeePerGas"][-1]) + tip, tip=tip)


def bumped(fees: Fees, now: Fees) -> Fees:
    """Enough to replace: nodes want 10 % more of both numbers, some of them 12.5 %."""
    return Fees(
        max(now.max_fee, fees.max_fee + fees.max_fee // 8 + 1),
        max(now.tip, fees.tip + fees.tip // 8 + 1),
    )


# endregion fees
