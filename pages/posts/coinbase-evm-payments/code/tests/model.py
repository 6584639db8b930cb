"""A chain in memory that can be reorganised at will, with the watcher's view of it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from till.chain import Block, Payment


@dataclass
class ModelChain:
    """Blocks with payments; `final` blocks at its start are never replaced."""

    finality: int = 6
    blocks: list[tuple[Block, list[Payment]]] = field(default_factory=list)
    aside: list[tuple[Block, list[Payment]]] = field(default_factory=list)
    hidden: int = 0  # newest blocks that a lagging node does not know yet
    names: itertools.count[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.mine([])

    def mine(self, payments: list[tuple[str, str, int]], pause: int = 10) -> None:
        """A block with payments of (to, token, amount), so long after its parent."""
        parent = (
            self.blocks[-1][0] if self.blocks else Block(-1, "none", "none", -pause)
        )
        height, name = parent.number + 1, f"block-{next(self.names)}"
        block = Block(height, name, parent.hash, parent.time + pause)
        made = [
            Payment(
                name,
                index,
                f"tx-{to}-{token}-{amount}-{index}",
                token,
                "payer",
                to,
                amount,
            )
            for index, (to, token, amount) in enumerate(payments)
        ]
        self.blocks.append((block, made))

    def drop(self, depth: int) -> None:
        """Takes newest blocks off, down to the final ones, and keeps them aside."""
        depth = min(depth, len(self.blocks) - 1 - self.final)
        if depth > 0:
            self.aside = self.blocks[-depth:]
            del self.blocks[-depth:]

    def restore(self) -> None:
        """Goes back to the branch that was left last, where it still fits."""
        if not self.aside:
            return
        first = self.aside[0][0]
        fork = first.number
        if not self.final < fork <= len(self.blocks):
            return
        if self.blocks[fork - 1][0].hash != first.parent:
            return
        other = self.blocks[fork:]
        self.blocks[fork:] = self.aside
        self.aside = other

    highest: int = 0

    @property
    def final(self) -> int:
        """Once final, always final."""
        self.highest = max(self.highest, len(self.blocks) - 1 - self.finality, 0)
        return self.highest

    def block(self, at: int | str) -> Block | None:
        visible = self.blocks[: max(self.final + 1, len(self.blocks) - self.hidden)]
        if at == "latest":
            return visible[-1][0]
        height = self.final if at == "finalized" else at
        assert isinstance(height, int)
        return visible[height][0] if height < len(visible) else None

    def payments(self, block: Block) -> list[Payment]:
        return next(made for one, made in self.blocks if one.hash == block.hash)

    def payments_between(self, first: int, last: int) -> list[tuple[Block, Payment]]:
        return [
            (block, one)
            for block, made in self.blocks[first : last + 1]
            for one in made
        ]
