// One producer's events: a PUB socket for now, a ROUTER "desk" for what came before.
import { randomUUID } from "node:crypto";
import { Publisher, Router } from "zeromq";
import { History } from "./history.js";
import { Journal } from "./journal.js";
import { SPEAKER } from "./link.js";
import { parsed } from "./parse.js";
import { attempt } from "./send.js";

export const ANY = "*"; // An epoch: of a reader that wants all that is kept.
export const EVERYONE = "*"; // An audience.

export class Feed {
  constructor({ name, journal = null, keep = 10_000, beat = 100, ...options }) {
    const { highWater = 1000, keys = {}, speaker = SPEAKER } = options;
    Object.assign(this, { name, journal, beat });
    this.history = new History(keep);
    this.history.begin({ epoch: randomUUID() });
    const common = { sendTimeout: 0, linger: 0, ...speaker, ...keys };
    this.pub = new Publisher({ sendHighWaterMark: highWater, ...common });
    this.desk = new Router({ maxMessageSize: 1024, ...common });
  }

  // Where another process still has the address, its journal is left alone.
  async open(pub = "tcp://127.0.0.1:*", desk = "tcp://127.0.0.1:*") {
    await this.pub.bind(pub);
    await this.desk.bind(desk);
    if (this.journal) this.#remember();
    this.timer = setInterval(() => this.#beat(), this.beat);
    this.serving = this.#serve();
    return {
      name: this.name,
      pub: this.pub.lastEndpoint,
      desk: this.desk.lastEndpoint,
    };
  }

  #remember() {
    const left = this.journal.recall();
    if (left) {
      const { events, seq } = left;
      this.history.begin({ ...left, past: events.filter((event) => event.seq <= seq) });
      for (const event of events) if (event.seq > seq) this.history.add(event);
    }
    this.journal.begin(this.history.snapshot, this.history.past);
  }

  // region publish
  // `to` lists the users who may see it, or is EVERYONE; by default none may.
  publish(kind, key, body, to = []) {
    const [event] = this.publishAll([{ kind, key, body, to }]);
    return event;
  }

  // All of them in one write and, in a durable journal, one flush.
  publishAll(drafts) {
    const { epoch, seq } = this.history;
    const place = (n) => ({ feed: this.name, epoch, seq: seq + 1 + n, at: Date.now() });
    const events = drafts.map((draft, n) => ({ ...place(n), ...draft }));
    for (const event of events) this.#checkAudience(event);
    this.journal?.append(events); // First what must survive,
    for (const event of events) {
      this.history.add(event); // then what can be asked for,
      this.#tell(event); // then what may get lost.
    }
    this.#trimJournal();
    return events;
  }
  // endregion publish

  // A state whose audience changes would stay with the old audience, out of date.
  #checkAudience({ kind, key, to = [] }) {
    if (to !== EVERYONE && !Array.isArray(to))
      throw new Error(`no list of users: ${to}`);
    const before = kind === "state" ? this.history.state(key) : undefined;
    if (before && String(before.to) !== String(to)) {
      throw new Error(
        `${key} is for "${before.to}" and not for "${to}": use another key`,
      );
    }
  }

  #trimJournal() {
    const long = this.journal?.lines >= 4 * this.history.keep;
    if (long) this.journal.begin(this.history.snapshot, this.history.past);
  }

  #beat() {
    const { epoch, seq } = this.history;
    this.#tell({ feed: this.name, epoch, kind: "beat", seq });
  }

  #tell(message) {
    attempt(this.pub, [this.name, JSON.stringify(message)]);
  }

  // region desk
  async #serve() {
    for await (const [peer, empty, id, text] of this.desk) {
      const question = parsed(text);
      if (!question) continue; // A ROUTER hears whoever connects.
      const answer = JSON.stringify(this.#answer(question));
      await attempt(this.desk, [peer, empty, answer]);
    }
  }

  #answer({ epoch, after }) {
    const known = epoch === this.history.epoch || epoch === ANY;
    const events = known ? this.history.since(after) : null;
    return events ? { events } : this.history.snapshot;
  }
  // endregion desk

  async close() {
    clearInterval(this.timer);
    this.pub.close();
    this.desk.close();
    await this.serving;
    this.journal?.close();
  }
}
