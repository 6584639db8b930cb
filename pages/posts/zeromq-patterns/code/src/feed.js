// One producer's events: a PUB socket for now, a ROUTER "desk" for what came before.
import { randomUUID } from "node:crypto";
import { Publisher, Router } from "zeromq";
import { History } from "./history.js";
import { Journal } from "./journal.js";
import { parsed } from "./parse.js";
import { attempt } from "./send.js";

export const ANY = "*"; // An epoch for who has read nothing yet and wants all that is kept.

export class Feed {
  constructor({ name, journal = null, keep = 10_000, beat = 100, highWater = 1000, keys = {} }) {
    Object.assign(this, { name, path: journal, beat });
    this.history = new History(keep);
    this.history.begin({ epoch: randomUUID() });
    this.pub = new Publisher({ sendHighWaterMark: highWater, sendTimeout: 0, linger: 0, ...keys });
    this.desk = new Router({ sendTimeout: 0, linger: 0, maxMessageSize: 1024, ...keys });
  }

  async open(pub = "tcp://127.0.0.1:*", desk = "tcp://127.0.0.1:*") {
    await this.pub.bind(pub); // Where another process still has the address, its journal is left alone.
    await this.desk.bind(desk);
    if (this.path) this.#remember(new Journal(this.path));
    this.timer = setInterval(() => this.#tell({ kind: "beat", seq: this.history.seq }), this.beat);
    this.serving = this.#serve();
    return { name: this.name, pub: this.pub.lastEndpoint, desk: this.desk.lastEndpoint };
  }

  #remember(journal) {
    this.journal = journal;
    this.history.begin(journal);
    for (const event of journal.events) this.history.add(event);
  }

  // region publish
  publish(kind, key, body) {
    const { epoch, seq } = this.history;
    const event = { feed: this.name, epoch, seq: seq + 1, kind, key, at: Date.now(), body };
    this.journal?.append(event); // First what must survive, then what may get lost.
    this.history.add(event);
    this.#tell(event);
    return event;
  }

  #tell(message) {
    const { epoch } = this.history;
    attempt(this.pub, [this.name, JSON.stringify({ feed: this.name, epoch, ...message })]);
  }

  async #serve() {
    for await (const [peer, empty, id, text] of this.desk) {
      const question = parsed(text);
      if (!question) continue; // A ROUTER hears whoever connects.
      await attempt(this.desk, [peer, empty, JSON.stringify(this.#answer(question))]);
    }
  }

  #answer({ epoch, after }) {
    const known = epoch === this.history.epoch || epoch === ANY;
    const events = known ? this.history.since(after) : null;
    return events ? { events } : this.history.snapshot;
  }
  // endregion publish

  async close() {
    clearInterval(this.timer);
    this.pub.close();
    this.desk.close();
    await this.serving;
    this.journal?.close();
  }
}
