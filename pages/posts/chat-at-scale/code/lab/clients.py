"""A small MQTT client for tests: it notes what arrives, and waits for what it asked for."""

import json
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from lab.servers import wait_until

TIMEOUT = 20


class Probe:
    """One connection; `session` seconds of persistent session, or none."""

    def __init__(self, port, user, password, *, name="", host="127.0.0.1", session=0, will=None, connect=True):
        self.received = []
        self.granted = {}
        self.codes = []
        self.lock = threading.Lock()
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, name or f"{user}.probe", protocol=mqtt.MQTTv5)
        self.client.username_pw_set(user, password)
        self.client.on_message = self._on_message
        self.client.on_subscribe = self._on_subscribe
        self.client.on_disconnect = lambda *each: self.codes.append(str(each[3]))
        if will:
            topic, payload, delay = will
            properties = Properties(PacketTypes.WILLMESSAGE)
            properties.WillDelayInterval = delay
            self.client.will_set(topic, payload, 1, True, properties)
        self.properties = Properties(PacketTypes.CONNECT)
        self.properties.SessionExpiryInterval = session
        self.address, self.clean = (host, port), session == 0
        if connect:
            self.connect()

    def connect(self):
        joined = threading.Event()
        self.client.on_connect = lambda *each: (self.codes.append(str(each[3])), joined.set())
        self.client.connect(*self.address, keepalive=10, clean_start=self.clean, properties=self.properties)
        self.client.loop_start()
        if not joined.wait(TIMEOUT):
            raise TimeoutError("no CONNACK")
        return self

    def _on_message(self, _client, _data, message):
        with self.lock:
            self.received.append((message.topic, message.payload.decode(), message.retain))

    def _on_subscribe(self, _client, _data, mid, reasons, _properties):
        self.granted[mid] = [str(reason) for reason in reasons]

    def subscribe(self, topic, qos=1):
        """What the broker granted, in its words."""
        _, mid = self.client.subscribe(topic, options=SubscribeOptions(qos))
        return wait_until(lambda: self.granted.get(mid), TIMEOUT)[0]

    def publish(self, topic, body, qos=1, retain=False):
        payload = body if isinstance(body, str) else json.dumps(body)
        told = self.client.publish(topic, payload, qos, retain)
        told.wait_for_publish(TIMEOUT)
        return told

    def topics(self):
        with self.lock:
            return [topic for topic, _, _ in self.received]

    def bodies(self, prefix):
        with self.lock:
            return [json.loads(payload) for topic, payload, _ in self.received if topic.startswith(prefix)]

    def drop(self):
        """End the connection without a word, as a lost phone does."""
        self.client.loop_stop()
        self.client._sock.close()  # no DISCONNECT: the broker must send the will

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()
