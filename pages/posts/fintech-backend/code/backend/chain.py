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
from psycopg import Connection

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
    """Broadcasts what was signed. All attempts have one nonce: the chain takes one."""

    node: Node
    signed: Callable[[uuid.UUID], list[bytes]]  # the newest last
    needed: int = 3
    name: str = "chain"

    def prepare(self, order: Order) -> str:
        raws = self.signed(order.payment)
        if not raws:
            raise NotYet  # the signer has not, or will not
        return name_of(raws[-1])

    def commit(self, payment: uuid.UUID, ref: str) -> None:
        [*_, raw] = self.signed(payment)
        try:
            self.node("eth_sendRawTransaction", "0x" + raw.hex())
        except ValueError as error:  # known, or in a block already: `observe` tells
            raise Unanswered(str(error)) from error

    def observe(self, payment: uuid.UUID, ref: str) -> Observation:
        """Of whichever attempt is in a block."""
        try:
            saws = [self.look(name_of(raw)) for raw in self.signed(payment)]
        except Unanswered:
            return Observation("unknown", 0, ref)
        return next(filter(None, saws), Observation("absent", 0, ref))

    # endregion chain
    # region look
    def look(self, tx: str) -> Observation | None:
        receipt = self.node("eth_getTransactionReceipt", tx)
        if receipt is None:
            return None
        block = self.node("eth_getBlockByNumber", receipt["blockNumber"], False)
        if block is None or block["hash"] != receipt["blockHash"]:
            return None  # the receipt is of a block that lost
        kind = "seen" if int(receipt["status"], 16) else "rejected"
        latest = int(self.node("eth_blockNumber"), 16)
        return Observation(kind, latest - int(receipt["blockNumber"], 16) + 1, tx)


# endregion look


def name_of(raw: bytes) -> str:
    return "0x" + keccak(raw).hex()


# region wish
NEWEST = """SELECT DISTINCT ON (signature.payment)
  signature.payment, attempt, max_fee, tip
FROM signature JOIN payment_view ON payment_view.payment = signature.payment
WHERE state IN ('sent', 'unanswered', 'receded')
ORDER BY signature.payment, attempt DESC"""


def wish_dearer(conn: Connection[Any], node: Node) -> None:
    """Where the base fee has passed our newest offer, ask the signer for another."""
    base = int(node("eth_getBlockByNumber", "latest", False)["baseFeePerGas"], 16)
    for payment, attempt, max_fee, tip in conn.execute(NEWEST).fetchall():
        if base < max_fee:
            continue
        tip = -(-9 * int(tip) // 8)
        most = max(-(-9 * int(max_fee) // 8), 2 * base + tip)
        conn.execute(
            "INSERT INTO fee_wish VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (payment, attempt) DO UPDATE"
            " SET max_fee = excluded.max_fee, tip = excluded.tip",
            (payment, attempt + 1, most, tip),
        )


# endregion wish
