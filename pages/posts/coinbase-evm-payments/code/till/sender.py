"""Our own transactions: each purpose once, one nonce each, stored before it is sent.

One sender per key. The key is any object with `address` and `sign(fields)`, which gives
the raw transaction and its hash. `LocalKey` holds one in memory, for
tests. Put an HSM or a signing service in its place.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Protocol

from eth_account import Account

from till.fees import Fees, bumped, offer
from till.rpc import NodeError, Rpc, number
from till.store import transaction


class Key(Protocol):
    address: str

    def sign(self, fields: dict[str, Any]) -> tuple[str, str]: ...


class LocalKey:
    def __init__(self, private: str) -> None:
        self._account = Account.from_key(private)
        self.address: str = self._account.address

    def sign(self, fields: dict[str, Any]) -> tuple[str, str]:
        made = self._account.sign_transaction(fields)
        return made.raw_transaction.to_0x_hex(), made.hash.to_0x_hex()


class Sender:
    def __init__(
        self, connection: sqlite3.Connection, rpc: Rpc, key: Key, chain_id: int
    ) -> None:
        self.connection, self.rpc, self.key, self.chain_id = (
            connection,
            rpc,
            key,
            chain_id,
        )

    # region queue
    def queue(
        self, purpose: str, target: str, data: str, gas: int, value: int = 0
    ) -> int:
        """Notes what is to be sent; a purpose that is known gives the id it has."""
        self.connection.execute(
            "INSERT INTO outgoing (purpose, target, value, data, gas)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (purpose) DO NOTHING",
            (purpose, target, str(value), data, gas),
        )
        row = self.connection.execute(
            "SELECT id FROM outgoing WHERE purpose = ?", (purpose,)
        )
        return int(row.fetchone()[0])

    def send(self) -> list[str]:
        """Gives a nonce to all that have none, signs, stores, and only then sends."""
        fees = offer(self.rpc)
        chain_nonce = number(
            self.rpc("eth_getTransactionCount", self.key.address, "latest")
        )
        with transaction(self.connection):
            [newest] = self.connection.execute(
                "SELECT max(nonce) FROM outgoing"
            ).fetchone()
            nonce = max(chain_nonce, -1 if newest is None else newest + 1)
            waiting = self.connection.execute(
                "SELECT id FROM outgoing WHERE nonce IS NULL ORDER BY id"
            ).fetchall()
            for at, (outgoing,) in enumerate(waiting):
                self.connection.execute(
                    "UPDATE outgoing SET nonce = ? WHERE id = ?", (nonce + at, outgoing)
                )
                self.sign(outgoing, fees)
        return self.broadcast()

    # endregion queue

    def sign(self, outgoing: int, fees: Fees) -> None:
        row = self.connection.execute(
            "SELECT * FROM outgoing WHERE id = ?", (outgoing,)
        ).fetchone()
        fields = {
            "type": 2,
            "chainId": self.chain_id,
            "nonce": row["nonce"],
            "gas": row["gas"],
            "to": row["target"],
            "value": int(row["value"]),
            "data": row["data"],
            "maxFeePerGas": fees.max_fee,
            "maxPriorityFeePerGas": fees.tip,
        }
        raw, name = self.key.sign(fields)
        self.connection.execute(
            "INSERT INTO attempt VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (name, outgoing, raw, str(fees.max_fee), str(fees.tip)),
        )

    # region broadcast
    def broadcast(self) -> list[str]:
        """Sends the newest attempt of all that is not mined, as often as need be."""
        rows = self.connection.execute(
            "SELECT hash, raw, max(attempt.rowid) FROM attempt"
            " JOIN outgoing ON outgoing.id = outgoing WHERE mined IS NULL"
            " GROUP BY outgoing ORDER BY nonce"
        ).fetchall()
        refused = []
        for row in rows:
            try:
                self.rpc("eth_sendRawTransaction", row["raw"])
            except NodeError as error:
                if not harmless(str(error)):
                    refused.append(f"{row['hash']}: {error}")
        return refused

    def replace_oldest(self) -> bool:
        """Offers more for the lowest open nonce: all others wait for that one."""
        row = self.connection.execute(
            "SELECT outgoing, max_fee, tip FROM attempt"
            " JOIN outgoing ON outgoing.id = outgoing WHERE mined IS NULL"
            " ORDER BY nonce, attempt.rowid DESC LIMIT 1"
        ).fetchone()
        if row is None:
            return False
        fees = bumped(Fees(int(row["max_fee"]), int(row["tip"])), offer(self.rpc))
        with transaction(self.connection):
            self.sign(row["outgoing"], fees)
        self.broadcast()
        return True

    # endregion broadcast

    def confirm(self, firm_block: int) -> list[int]:
        """Notes which attempt of each was mined and lies deep enough; their ids."""
        done = []
        rows = self.connection.execute(
            "SELECT outgoing, hash FROM attempt JOIN outgoing ON outgoing.id = outgoing"
            " WHERE mined IS NULL"
        ).fetchall()
        for row in rows:
            receipt = self.rpc("eth_getTransactionReceipt", row["hash"])
            if receipt and number(receipt["blockNumber"]) <= firm_block:
                self.connection.execute(
                    "UPDATE outgoing SET mined = ? WHERE id = ?",
                    (row["hash"], row["outgoing"]),
                )
                done.append(int(row["outgoing"]))
        return done


def harmless(message: str) -> bool:
    """Answers that say the node has it already, or has mined it."""
    message = message.lower()
    return any(
        text in message
        for text in ("already known", "already imported", "nonce too low")
    )
