// From a feed to browsers: one follower in; one mailbox and one write at a time per browser out.
import { WebSocketServer } from "ws";
import { History } from "./history.js";
import { Mailbox } from "./mailbox.js";
import { parsed } from "./parse.js";

export const TOO_SLOW = 4008; // 4000 to 4999 are for private use (RFC 6455, 7.4.2).

export class Gateway {
  #readers = new Set();
  #health = { kind: "state", key: "$feed", body: "silence" };

  constructor(follower, { room = 1000, patience = 2000, keep = 10_000 } = {}) {
    Object.assign(this, { follower, room, patience });
    this.history = new History(keep);
  }

  async open(port = 0) {
    this.server = new WebSocketServer({ host: "127.0.0.1", port, maxPayload: 1024, perMessageDeflate: false });
    this.server.on("connection", (socket) => this.#greet(socket));
    await new Promise((resolve) => this.server.once("listening", resolve));
    this.following = this.#follow();
    return `ws://127.0.0.1:${this.server.address().port}`;
  }

  async #follow() {
    for await (const event of this.follower) {
      if (event.kind === "snapshot") {
        this.history.begin(event);
        this.#offerAll(event);
      } else if (event.kind === "live" || event.kind === "silence") {
        this.#health = { ...this.#health, body: event.kind };
        this.#offerAll(this.#health);
      } else if (event.kind !== "beat") {
        this.history.add(event);
        this.#offerAll(event);
      }
    }
  }

  #greet(socket) {
    socket.on("error", () => socket.terminate());
    socket.once("message", (text) => this.#welcome(socket, parsed(text)?.after));
  }

  // region reader
  // No await in here: nothing can be published between the past and the present.
  #welcome(socket, after) {
    const known = after?.epoch === this.history.epoch;
    const missed = known ? this.history.since(after.seq, Infinity) : null;
    const past = missed ?? [{ kind: "snapshot", ...this.history.snapshot }];
    const reader = { socket, mailbox: new Mailbox(this.room + past.length), writing: false };
    this.#readers.add(reader);
    socket.on("close", () => this.#readers.delete(reader));
    for (const event of [...past, this.#health]) this.#offer(reader, event);
  }

  #offer(reader, event) {
    if (reader.mailbox.put(event)) return this.#write(reader);
    this.#readers.delete(reader);
    reader.socket.close(TOO_SLOW, "too slow");
  }

  async #write(reader) {
    if (reader.writing) return;
    reader.writing = true;
    await null; // So that what is offered in one go leaves in one batch.
    while (reader.mailbox.size > 0) {
      const timer = setTimeout(() => reader.socket.terminate(), this.patience);
      await sent(reader.socket, JSON.stringify(reader.mailbox.take()));
      clearTimeout(timer);
    }
    reader.writing = false;
  }
  // endregion reader

  #offerAll(event) {
    for (const reader of this.#readers) this.#offer(reader, event);
  }

  async close() {
    this.follower.close();
    for (const socket of this.server.clients) socket.terminate();
    await new Promise((resolve) => this.server.close(resolve));
    await this.following;
  }
}

// Resolves when the text was handed to the kernel, or never will be.
function sent(socket, text) {
  return new Promise((resolve) => socket.send(text, resolve));
}
