"""A rail in memory: stands for a bank or a chain where a test needs thousands of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from backend.payments import Observation
from backend.rails import Order, Refused, Unanswered


@dataclass
class MemoryRail:
    """Like a bank that knows no request again: each `prepare` is another order to it."""

    name: str
    needed: int
    mood: str = (
        "fine"  # refuses, loses the first name, loses the commit, loses the answer
    )
    prepared: dict[str, Order] = field(default_factory=dict)
    moved: dict[str, uuid.UUID] = field(
        default_factory=dict
    )  # what left, by our name there
    final: bool = True

    def prepare(self, order: Order) -> str:
        if self.mood == "refuses":
            raise Refused("no")
        ref = uuid.uuid4().hex
        self.prepared[ref] = order
        if self.mood == "loses the first name":
            self.mood = "fine"
            raise Unanswered
        return ref

    def commit(self, payment: uuid.UUID, ref: str) -> None:
        assert self.prepared[ref].payment == payment
        if self.mood == "loses the commit":
            self.mood = "fine"
            raise Unanswered
        self.moved[ref] = payment
        if self.mood == "loses the answer":
            self.mood = "fine"
            raise Unanswered

    def observe(self, payment: uuid.UUID, ref: str) -> Observation:
        if ref not in self.moved:
            return Observation("waiting", 0, ref)
        return Observation("seen", self.needed if self.final else 0, ref)
