"""A chain as the watcher sees it: blocks with a parent, and the payments in each.

`NodeChain` reads it from a node. The property tests have a chain of their own with the
same three methods.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from till.rpc import NodeError, Rpc, number


@dataclass(frozen=True, slots=True)
class Block:
    number: int
    hash: str
    parent: str
    time: int


@dataclass(frozen=True, slots=True)
class Payment:
    """A log that moved tokens; `to` is an address, or an id from the contract."""

    block: str
    index: int
    tx: str
    token: str
    payer: str
    to: str
    amount: int


class Gone(Exception):
    """The block is off the chain, or not on this node yet: ask again later."""


class Chain(Protocol):
    def block(self, at: int | str) -> Block | None: ...
    def payments(self, block: Block) -> list[Payment]: ...
    def payments_between(
        self, first: int, last: int
    ) -> list[tuple[Block, Payment]]: ...


def topic(signature: str) -> str:
    return "0x" + keccak(text=signature).hex()


# region logs
TRANSFER = topic("Transfer(address,address,uint256)")
PAID = topic("Paid(bytes32,address,address,uint256)")


class NodeChain:
    """Payments in the tokens that we take, and through our contract; nothing else."""

    def __init__(self, rpc: Rpc, contract: str, tokens: tuple[str, ...]) -> None:
        self.rpc = rpc
        self.contract = to_checksum_address(contract)
        self.filter = {
            "address": [self.contract, *tokens],
            "topics": [[TRANSFER, PAID]],
        }

    def payments(self, block: Block) -> list[Payment]:
        """Those of this very block: asked by hash, no node answers for a twin."""
        try:
            logs = self.rpc("eth_getLogs", {"blockHash": block.hash, **self.filter})
        except NodeError as error:
            raise Gone(block.hash) from error
        return [found for found in map(self.payment, logs) if found]

    def payment(self, log: dict[str, Any]) -> Payment | None:
        """What a log says; None for a transfer of nothing, which anyone can make."""
        topics, data = log["topics"], bytes.fromhex(log["data"][2:])
        at = (log["blockHash"], number(log["logIndex"]), log["transactionHash"])
        source = to_checksum_address(log["address"])
        if topics[0] == PAID and source == self.contract and len(topics) == 4:
            token, payer = address(topics[3]), address(topics[2])
            return Payment(
                *at, token, payer, topics[1], int.from_bytes(data[:32], "big")
            )
        if topics[0] != TRANSFER or len(topics) != 3 or not any(data[:32]):
            return None
        amount = int.from_bytes(data[:32], "big")
        return Payment(*at, source, address(topics[1]), address(topics[2]), amount)

    # endregion logs

    def block(self, at: int | str) -> Block | None:
        """By number, or by one of the tags `latest`, `safe` and `finalized`."""
        found = self.rpc(
            "eth_getBlockByNumber", hex(at) if isinstance(at, int) else at, False
        )
        if found is None:
            return None
        return Block(
            number(found["number"]),
            found["hash"],
            found["parentHash"],
            number(found["timestamp"]),
        )

    def payments_between(self, first: int, last: int) -> list[tuple[Block, Payment]]:
        """For final blocks alone: a range does not say which blocks it was of."""
        logs = self.rpc(
            "eth_getLogs",
            {"fromBlock": hex(first), "toBlock": hex(last), **self.filter},
        )
        blocks: dict[int, Block] = {}
        found = []
        for log in logs:
            height = number(log["blockNumber"])
            if height not in blocks:
                block = self.block(height)
                if block is None:
                    raise Gone(str(height))
                blocks[height] = block
            payment = self.payment(log)
            if payment:
                found.append((blocks[height], payment))
        return found


def address(word: str) -> str:
    """The address in a word of 32 bytes."""
    return str(to_checksum_address("0x" + word[-40:]))
