"""The chat service of one shard: from MQTT into the history, and from the history to the room."""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import time
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from chat.store import Refused, Sent, Store, Stored

BATCH = 200
LARGE = 50  # rooms with more members get counts instead of names
PAUSE = 0.5  # seconds between two reports of what was read


@dataclass(frozen=True)
class Request:
    """One message from a client, and what the broker needs to hear that it is done."""

    topic: str
    body: dict[str, object]
    mid: int
    qos: int

    @property
    def user(self) -> str:
        return self.topic.rsplit("/", 1)[1]


class Service:
    """One writer for one shard of rooms."""

    def __init__(
        self, store: Store, shard: str, host: str, port: int, password: str
    ) -> None:
        self.store, self.shard = store, shard
        self.waiting: queue.Queue[Request] = queue.Queue()
        self.read: dict[tuple[str, str], int] = {}
        self.heads: dict[str, int] = {}
        self.ended = threading.Event()
        self.client = self._client(password)
        session = Properties(PacketTypes.CONNECT)
        session.SessionExpiryInterval = 86_400
        session.ReceiveMaximum = 1000
        self.client.connect_async(
            host, port, keepalive=5, clean_start=False, properties=session
        )

    # region session
    def _client(self, password: str) -> mqtt.Client:
        """The client id names the shard: the broker lets only one of that name live."""
        client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2,
            f"chat-{self.shard}",
            protocol=mqtt.MQTTv5,
            manual_ack=True,
        )
        client.username_pw_set("chat", password)
        client.max_inflight_messages_set(1000)
        client.reconnect_delay_set(0.2, 2)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    def run(self) -> None:
        threading.Thread(target=self._write_or_end, daemon=True).start()
        self.client.loop_forever(retry_first_connection=True)

    # endregion session

    def _on_connect(self, client, _data, _flags, reason, _properties) -> None:
        if reason.is_failure:
            return
        client.subscribe(f"up/{self.shard}/+", 1)
        with self.store.lock:
            self.heads |= self.store.heads()  # the broker may have lost them

    def _on_disconnect(self, _client, _data, _flags, reason, _properties) -> None:
        if reason.value == 142:  # Session taken over: another writer has this shard.
            self.ended.set()
            self.client.disconnect()

    def _on_message(self, _client, _data, message: mqtt.MQTTMessage) -> None:
        try:
            body = json.loads(message.payload)
        except ValueError:
            body = {}
        self.waiting.put(
            Request(
                message.topic,
                body if isinstance(body, dict) else {},
                message.mid,
                message.qos,
            )
        )

    def _write_or_end(self) -> None:
        """A writer that fails takes the process along, for its supervisor to start anew."""
        try:
            self._write()
        except Exception:
            traceback.print_exc()
            os._exit(1)  # nothing was acknowledged, so the broker still has it

    # region write
    def _write(self) -> None:
        """Take what is waiting, commit it once, then answer; acknowledge last."""
        while not self.ended.is_set():
            batch = [self.waiting.get()]
            while len(batch) < BATCH and not self.waiting.empty():
                batch.append(self.waiting.get())
            sends = [(each, sent(each)) for each in batch]
            good = [(request, message) for request, message in sends if message]
            answers = self.store.accept([message for _, message in good], now())
            with self.store.lock:
                for (request, _), answer in zip(good, answers, strict=True):
                    self._answer(request, answer)
                for request in batch:
                    self._other(request)
            for request in batch:
                self.client.ack(request.mid, request.qos)

    def _answer(self, request: Request, answer: Stored | Refused) -> None:
        if isinstance(answer, Stored):
            self._to_room(answer)
        else:
            self._to_inbox(request, {"kind": "refused", **asdict(answer)})

    # endregion write

    def _other(self, request: Request) -> None:
        room, body = str(request.body.get("room", "")), request.body
        if body.get("kind") == "history":
            start, found = self.store.history(
                room, request.user, whole(body.get("after"))
            )
            self._to_inbox(
                request,
                {
                    "kind": "history",
                    "room": room,
                    "from": start,
                    "messages": [asdict(each) for each in found],
                },
            )
        elif body.get("kind") == "send" and not sent(request):
            self._to_inbox(
                request,
                asdict(Refused(room, whole(body.get("n")), "malformed"))
                | {"kind": "refused"},
            )
        elif body.get("kind") == "read" and self.store.is_member(room, request.user):
            self.read[room, request.user] = self.store.read(
                room, request.user, whole(body.get("seq"))
            )

    def _to_room(self, stored: Stored) -> None:
        self.heads[stored.room] = max(stored.seq, self.heads.get(stored.room, 0))
        self.client.publish(
            f"room/{stored.room}", json.dumps({"kind": "message", **asdict(stored)}), 1
        )

    def _to_inbox(self, request: Request, body: dict[str, object]) -> None:
        device = str(request.body.get("device", ""))
        if device and not set(device) & set("+#/"):
            self.client.publish(f"inbox/{request.user}/{device}", json.dumps(body), 1)

    # region receipts
    def report(self) -> None:
        """Twice a second, whatever the number of messages and readers."""
        with self.store.lock:
            heads, self.heads = self.heads, {}
        for room, seq in heads.items():  # retained, for whoever subscribes later
            body = {"kind": "head", "room": room, "seq": seq}
            self.client.publish(f"head/{room}", json.dumps(body), 0, retain=True)
        self._report_reads()

    def _report_reads(self) -> None:
        """Names in small rooms, a count in large ones."""
        changed, self.read = self.read, {}
        for room in sorted({room for room, _ in changed}):
            if len(self.store.members(room)) <= LARGE:
                body = {
                    "kind": "read",
                    "by": {u: s for (r, u), s in changed.items() if r == room},
                }
            else:
                head = self.store.head(room)
                body = {
                    "kind": "read",
                    "seq": head,
                    "readers": self.store.readers(room, head),
                }
            self.client.publish(f"room/{room}", json.dumps({"room": room, **body}), 0)

    # endregion receipts


def sent(request: Request) -> Sent | None:
    """The message that a client wants stored; its name comes from the topic, never the body."""
    body = request.body
    fields = (body.get("room"), body.get("device"), body.get("text"))
    if body.get("kind") != "send" or not all(isinstance(each, str) for each in fields):
        return None
    if whole(body.get("n")) < 1 or len(str(body["text"])) > 4000:
        return None
    return Sent(
        str(body["room"]),
        request.user,
        str(body["device"]),
        whole(body["n"]),
        str(body["text"]),
    )


def whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def now() -> int:
    return time.time_ns() // 1_000_000


def main() -> None:
    path, shard, host, port, password = sys.argv[1:]
    service = Service(Store(Path(path)), shard, host, int(port), password)

    def report() -> None:
        while not service.ended.wait(PAUSE):
            service.report()

    threading.Thread(target=report, daemon=True).start()
    service.run()


if __name__ == "__main__":
    main()
