"""The one port behind which a bank and a chain look alike."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from backend.payments import Observation


# region port
class Unanswered(Exception):
    """The request may or may not have arrived. Only `observe` can tell."""


class Refused(Exception):
    """The rail has said no before it took anything."""


class NotYet(Exception):
    """Nothing was done; try again when the lease ends."""


@dataclass(frozen=True, slots=True)
class Order:
    payment: uuid.UUID
    minor: int
    currency: str
    to: Mapping[str, Any]


class Rail(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def needed(self) -> int:
        """The depth at which its word is final."""

    def prepare(self, order: Order) -> str:
        """The rail's own name for it. Moves nothing, so it may be repeated."""

    def commit(self, payment: uuid.UUID, ref: str) -> None:
        """Let it go. Repeated for the same name, it moves nothing more."""

    def observe(self, payment: uuid.UUID, ref: str) -> Observation:
        """What the rail says of it now. Reads only."""


# endregion port
