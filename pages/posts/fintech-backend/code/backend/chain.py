"""The chain behind the port: an ERC-20 transfer that the signer signed, N blocks deep."""

from __future__ import annotations

import http.client
import itertools
import json
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from eth_hash.auto import keccak

from backend.payments import Observation
from backend.rails import NotYet, Order, Unanswered


@dataclass(frozen=True, slots=True)
class Node:
    """JSON-RPC to one node."""

    url: str
    timeout: float = 10
    ids: Any = field(default_factory=itertools.count)

    def __call__(self, method: str, *params: Any) -> Any:
        call = {
            "jsonrpc": "2.0",
            "id": next(self.ids),
            "method": method,
            "params": params,
        }
        request = urllib.request.Request(
            self.url, json.dumps(call).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                answer = json.load(response)
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Unanswered(str(error)) from error
        if "error" in answer:
            raise ValueError(answer["error"].get("message", ""))
        return answer["result"]


# region chain
@dataclass(frozen=True, slots=True)
class ChainRail:
    """Broadcasts what was signed: the same bytes each time, so it may be repeated."""

    node: Node
    signed: Callable[[uuid.UUID], bytes | None]
    needed: int = 3
    name: str = "chain"

    def prepare(self, order: Order) -> str:
        raw = self.signed(order.payment)
        if raw is None:
            raise NotYet  # the signer has not, or will not
        return "0x" + keccak(raw).hex()

    def commit(self, payment: uuid.UUID, ref: str) -> None:
        raw = self.signed(payment) or b""
        try:
            self.node("eth_sendRawTransaction", "0x" + raw.hex())
        except (
            ValueError
        ) as error:  # known already, or in a block already: `observe` tells
            raise Unanswered(str(error)) from error

    def observe(self, payment: uuid.UUID, ref: str) -> Observation:
        try:
            receipt = self.node("eth_getTransactionReceipt", ref)
            if receipt is None:
                return Observation("absent", 0, ref)
            block = self.node("eth_getBlockByNumber", receipt["blockNumber"], False)
            latest = int(self.node("eth_blockNumber"), 16)
        except Unanswered:
            return Observation("unknown", 0, ref)
        if block is None or block["hash"] != receipt["blockHash"]:
            return Observation("absent", 0, ref)  # the receipt is of a block that lost
        kind = "seen" if int(receipt["status"], 16) else "rejected"
        return Observation(kind, latest - int(receipt["blockNumber"], 16) + 1, ref)


# endregion chain
