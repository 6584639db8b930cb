// From a feed to browsers: one follower in, a mailbox per browser out.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { maySee, shown } from "./audience.js";
import { EVERYONE } from "./feed.js";
import { Follower } from "./follower.js";
import { History } from "./history.js";
import { Mailbox } from "./mailbox.js";
import { parsed } from "./parse.js";

export const TOO_SLOW = 4008; // 4000 to 4999 are for private use (RFC 6455, 7.4.2).

export class Gateway {
  #readers = new Map(); // user -> their readers: one per open tab
  #health = { kind: "state", key: "$feed", body: "silence", to: EVERYONE };

  constructor(addresses, { authenticate, origins, command, ...options }) {
    const { room = 1000, patience = 2000, keep = 10_000, beat = 5000, keys } = options;
    Object.assign(this, { authenticate, origins, command, room, patience, beat });
    this.history = new History(keep);
    this.follower = new Follower(addresses, { past: keep, keys });
    const limits = { maxPayload: 4096, perMessageDeflate: false };
    this.sockets = new WebSocketServer({ noServer: true, ...limits });
    this.server = createServer((request, response) => response.writeHead(426).end());
    this.server.on("upgrade", (request, socket, head) =>
      this.#admit(request, socket, head),
    );
    this.ready = new Promise((resolve) => (this.begun = resolve));
  }

  // Listens once the past is here: until then it would have to say "lost" to everyone.
  async open(port = 0, host = "127.0.0.1") {
    this.following = this.#follow();
    await this.ready;
    await new Promise((resolve) => this.server.listen(port, host, resolve));
    this.beats = setInterval(() => this.#beat(), this.beat);
    return `ws://${host}:${this.server.address().port}`;
  }

  async #follow() {
    for await (const event of this.follower) {
      if (event.kind === "snapshot") this.#begin(event);
      else if (event.kind === "live" || event.kind === "silence")
        this.#tellHealth(event.kind);
      else if (event.kind !== "beat") this.#pass(event);
    }
  }

  #begin(snapshot) {
    this.history.begin(snapshot);
    for (const reader of this.#all())
      this.#offer(reader, this.#snapshotFor(reader.user));
    this.begun();
  }

  #tellHealth(body) {
    this.#health = { ...this.#health, body };
    for (const reader of this.#all()) this.#offer(reader, this.#health);
  }

  // region admit
  async #admit(request, socket, head) {
    socket.on("error", () => socket.destroy());
    const ours = this.origins.has(request.headers.origin); // Or any site could ask
    const user = ours ? await this.#who(request) : null; // with its cookie.
    if (!user)
      return socket.end("HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n");
    this.sockets.handleUpgrade(request, socket, head, (browser) =>
      this.#greet(browser, user),
    );
  }

  // A session that cannot be read is no session.
  async #who(request) {
    try {
      return await this.authenticate(request);
    } catch {
      return null;
    }
  }

  // Whom an event is for, without a look at everyone else.
  #readersOf({ to }) {
    if (to === EVERYONE) return this.#all();
    return (to ?? []).flatMap((user) => [...(this.#readers.get(user) ?? [])]);
  }

  #pass(event) {
    this.history.add(event);
    for (const reader of this.#readersOf(event)) this.#offer(reader, event);
  }
  // endregion admit

  #all() {
    return [...this.#readers.values()].flatMap((readers) => [...readers]);
  }

  #greet(socket, user) {
    socket.heard = performance.now();
    socket.on("pong", () => (socket.heard = performance.now()));
    socket.on("error", () => socket.terminate());
    socket.once("message", (text) => {
      const reader = this.#welcome(socket, user, parsed(text)?.after);
      socket.on("message", (more) => this.#command(reader, parsed(more) ?? {}));
    });
  }

  // region welcome
  // No await in here: nothing can be published between the past and the present.
  #welcome(socket, user, after) {
    const known = after?.epoch === this.history.epoch;
    const missed = known ? this.history.since(after.seq, Infinity) : null;
    const past = missed?.filter((event) => maySee(user, event));
    const first = past ?? [this.#snapshotFor(user)];
    const mailbox = new Mailbox(this.room + first.length);
    const reader = { socket, user, mailbox, writing: false, busy: false };
    this.#join(reader);
    for (const event of [...first, this.#health]) this.#offer(reader, event);
    return reader;
  }

  #snapshotFor(user) {
    const { epoch, seq, states } = this.history.snapshot;
    const theirs = states.filter((state) => maySee(user, state)).map(shown);
    return { kind: "snapshot", epoch, seq, states: theirs };
  }
  // endregion welcome

  #join(reader) {
    const readers = this.#readers.get(reader.user) ?? new Set();
    this.#readers.set(reader.user, readers.add(reader));
    reader.socket.on("close", () => this.#leave(reader));
  }

  #leave({ user, socket }) {
    const left = [...(this.#readers.get(user) ?? [])].filter(
      (one) => one.socket !== socket,
    );
    if (left.length > 0) this.#readers.set(user, new Set(left));
    else this.#readers.delete(user);
  }

  // region write
  #offer(reader, event) {
    if (reader.mailbox.put(event)) return this.#write(reader);
    this.#leave(reader);
    reader.socket.close(TOO_SLOW, "too slow");
  }

  async #write(reader) {
    if (reader.writing) return;
    reader.writing = true;
    await null; // So that what is offered in one go leaves in one batch.
    while (reader.mailbox.size > 0) {
      const timer = setTimeout(() => reader.socket.terminate(), this.patience);
      await sent(reader.socket, this.#batch(reader.mailbox));
      clearTimeout(timer);
    }
    reader.writing = false;
  }

  // `at`: nothing up to there is still to come, whether this user may see it or not.
  #batch(mailbox) {
    const texts = mailbox.take().map(textOf).join(",");
    const { epoch, seq } = this.history;
    const at = mailbox.size === 0 ? JSON.stringify({ epoch, seq }) : "null";
    return `{"at":${at},"events":[${texts}]}`;
  }
  // endregion write

  // region command
  // The browser says what and to whom; from whom is not for the browser to say.
  async #command(reader, { id, to, text }) {
    if (reader.busy || !this.command) return reader.socket.close(1008, "one at a time");
    reader.busy = true;
    const order = { id: `${reader.user}:${id}`, from: reader.user, to, text };
    const outcome = await this.command(order).catch(() => ({ error: "try again" }));
    reader.busy = false;
    this.#offer(reader, { kind: "answer", id, ...outcome });
  }
  // endregion command

  // region beat
  // Who is silent is dropped; who has nothing to read hears how far we are.
  #beat() {
    const now = performance.now();
    for (const reader of this.#all()) {
      const { socket } = reader;
      if (now - socket.heard > 3 * this.beat) socket.terminate();
      else if (!reader.writing) sent(socket, this.#batch(reader.mailbox));
      socket.ping();
    }
  }
  // endregion beat

  async close() {
    clearInterval(this.beats);
    this.follower.close();
    for (const socket of this.sockets.clients) socket.terminate();
    await new Promise((resolve) => this.server.close(resolve));
    await this.following;
  }
}

// Resolves when the text was handed to the kernel, or never will be.
function sent(socket, text) {
  return new Promise((resolve) => socket.send(text, resolve));
}

// region text
// Each event becomes text once, however many browsers it goes to.
const texts = new WeakMap();

function textOf(event) {
  if (!texts.has(event)) texts.set(event, JSON.stringify(shown(event)));
  return texts.get(event);
}
// endregion text
