// One MQTT connection with two lanes: chat is complete and in order, prices are the latest.
import mqtt from "mqtt";
import { Outbox, Room } from "./lanes.js";

const DAY = 86_400;
const PATIENCE = 2_000; // milliseconds until a message that nobody echoed is sent again

// region jitter
/** Milliseconds until the next attempt: anything up to a limit that doubles. */
export function jittered(attempts, random = Math.random) {
  return random() * Math.min(30_000, 1_000 * 2 ** attempts);
}
// endregion jitter

export class Client {
  constructor({ url, user, password, device, rooms = {}, symbols = [], hooks = {}, pause = jittered, eager = false }) {
    Object.assign(this, { url, user, device, hooks, symbols, pause, eager });
    this.rooms = new Map();
    for (const [name, place] of Object.entries(rooms)) {
      this.rooms.set(name, new Room(place.seen ?? 0));
    }
    this.shards = new Map(Object.entries(rooms).map(([name, { shard }]) => [name, shard]));
    this.outbox = new Outbox();
    this.prices = new Map();
    this.attempts = 0;
    this.mqtt = this.#connect(password);
    this.ticked = Date.now();
    this.timer = setInterval(() => this.#tick(Date.now()), PATIENCE / 4);
  }

  // region connect
  #connect(password) {
    const connection = mqtt.connect(this.url, {
      protocolVersion: 5,
      clientId: `${this.user}.${this.device}`,
      username: this.user,
      password,
      clean: false,
      properties: { sessionExpiryInterval: DAY, receiveMaximum: 100 },
      keepalive: 5,
      connectTimeout: 4_000,
      reconnectPeriod: 0, // we wait by ourselves, with jitter
      resubscribe: false,
      queueQoSZero: false,
      will: this.#presence("offline", { willDelayInterval: 2 }),
    });
    connection.on("connect", () => this.#connected());
    connection.on("message", (topic, payload) => this.#arrived(topic, payload));
    connection.on("close", () => this.#comeBack());
    connection.on("error", () => {}); // "close" follows
    return connection;
  }

  #presence(state, properties) {
    const topic = `presence/${this.user}/${this.user}.${this.device}`;
    return { topic, payload: state, qos: 1, retain: true, properties };
  }
  // endregion connect

  // region back
  #comeBack() {
    if (this.closed) return;
    this.hooks.lost?.();
    setTimeout(() => this.closed || this.mqtt.reconnect(), this.pause(this.attempts));
    this.attempts += 1;
  }

  #connected() {
    this.attempts = 0;
    const chat = [...this.rooms.keys()].flatMap((room) => [`room/${room}`, `head/${room}`]);
    const inbox = `inbox/${this.user}/${this.user}.${this.device}`;
    const prices = this.symbols.map((symbol) => `price/${symbol}`);
    this.mqtt.subscribe([inbox, ...chat], { qos: 1 }, (error) => this.#subscribed(error));
    if (prices.length > 0) this.mqtt.subscribe(prices, { qos: 0 });
    const { topic, payload, qos, retain } = this.#presence("online");
    this.mqtt.publish(topic, payload, { qos, retain });
  }

  #subscribed(error) {
    if (error) return;
    if (this.eager) this.#askAll(); // without it, a room's head says whether we missed anything
    this.#resend(Infinity);
    this.hooks.connected?.();
  }
  // endregion back

  /** Resolves with the message as stored, when the room has echoed it. */
  send(room, text) {
    const entry = this.outbox.add(room, text, Date.now());
    this.#publish(entry);
    return entry.done;
  }

  #publish(entry) {
    entry.sentAt = Date.now();
    const { room, n, text } = entry;
    this.#ask(room, { kind: "send", room, n, text });
  }

  /** Sends again what nobody echoed; and asks for everything after a sleep without heads. */
  #tick(now) {
    if (now - this.ticked > 2 * PATIENCE) this.#askAll();
    this.ticked = now;
    this.#resend(now - PATIENCE);
  }

  #askAll() {
    for (const name of this.rooms.keys()) this.#askHistory(name);
  }

  #resend(before) {
    if (!this.mqtt.connected) return;
    for (const entry of this.outbox.waiting()) {
      if (entry.sentAt <= before) this.#publish(entry);
    }
  }

  #ask(room, body) {
    if (!this.mqtt.connected) return;
    const topic = `up/${this.shards.get(room)}/${this.user}`;
    const device = `${this.user}.${this.device}`;
    this.mqtt.publish(topic, JSON.stringify({ device, ...body }), { qos: 1 });
  }

  #askHistory(name, now = Date.now()) {
    const room = this.rooms.get(name);
    if (now - (room.askedAt ?? 0) < 500) return; // an answer is on its way
    room.askedAt = now;
    this.#ask(name, { kind: "history", room: name, after: room.seen });
  }

  read(room, seq) {
    this.#ask(room, { kind: "read", room, seq });
  }

  // region lanes
  #arrived(topic, payload) {
    if (topic.startsWith("price/")) {
      this.prices.set(topic.slice("price/".length), payload); // the latest alone counts
      this.hooks.price?.(topic, payload);
      return;
    }
    const body = JSON.parse(payload);
    if (body.kind === "message") this.#messages(body.room, [body]);
    else if (body.kind === "history") this.#history(body);
    else if (body.kind === "head") this.#head(body);
    else if (body.kind === "refused") this.#refused(body);
    else this.hooks.other?.(body);
  }
  // endregion lanes

  #messages(name, messages) {
    const room = this.rooms.get(name);
    if (!room) return;
    for (const message of messages) this.#settle(message);
    const { ready, missing } = room.take(messages);
    for (const message of ready) this.hooks.message?.(message);
    if (missing) this.#askHistory(name);
  }

  #settle(message) {
    if (message.device !== `${this.user}.${this.device}`) return;
    this.outbox.settle(message.room, message.n, message);
  }

  #head({ room, seq }) {
    if (seq > this.rooms.get(room)?.seen) this.#askHistory(room);
  }

  #history({ room, from, messages }) {
    const place = this.rooms.get(room);
    if (!place) return;
    place.startAt(from);
    place.askedAt = 0;
    this.#messages(room, messages);
    if (messages.length > 0) this.#askHistory(room);
  }

  #refused({ room, n, reason, expected }) {
    if (reason === "gap") this.outbox.from(room, expected).forEach((entry) => this.#publish(entry));
    else this.outbox.settle(room, n, { refused: reason });
  }

  /** Says goodbye; a client that will not come back also takes its session along. */
  async close(forever = false) {
    this.closed = true;
    clearInterval(this.timer);
    const { topic, qos, retain } = this.#presence("offline");
    if (this.mqtt.connected) await this.mqtt.publishAsync(topic, "offline", { qos, retain });
    const session = forever ? { properties: { sessionExpiryInterval: 0 } } : {};
    await this.mqtt.endAsync(false, session);
  }
}
