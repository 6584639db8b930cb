"""How deep a payment has to lie before it counts, by what it is worth."""

from __future__ import annotations

from dataclasses import dataclass


# region policy
@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain has come: block numbers."""

    latest: int
    finalized: int


@dataclass(frozen=True, slots=True)
class Policy:
    """Pairs of (up to this amount, this many blocks); above the last: finality."""

    steps: tuple[tuple[int, int], ...]

    def firm_block(self, due: int, head: Head) -> int:
        """The newest block whose payments count for an invoice of this amount."""
        for limit, blocks in self.steps:
            if due <= limit:
                return max(head.finalized, head.latest - blocks + 1)
        return head.finalized


# endregion policy


# For a token with six decimals. The limits are an example: yours follow from what a
# reversed payment would cost you, and from the chain (see the article).
EXAMPLE = Policy(((50 * 10**6, 1), (1_000 * 10**6, 3)))
