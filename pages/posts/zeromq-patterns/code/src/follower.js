// The other end of a feed: each event once and in order, or a list of what is missing.
import { Subscriber } from "zeromq";
import { ask } from "./ask.js";
import { ANY } from "./feed.js";

// region track
// Where a reader is in a feed: `judge` only looks, `advance` moves on.
export class Track {
  constructor({ epoch = null, seq = 0 } = {}) {
    this.advance({ epoch, seq });
  }

  judge({ epoch, seq, kind }) {
    if (epoch !== this.epoch) return "reborn";
    const expected = kind === "beat" ? this.seq : this.seq + 1;
    if (seq > expected) return "gap";
    return seq === expected ? "next" : "seen";
  }

  advance({ epoch, seq }) {
    Object.assign(this, { epoch, seq });
  }
}
// endregion track

export class Follower {
  constructor({ name, pub, desk }, options = {}) {
    const { after = {}, past = 0, silence = 350, renew = 1500, ...more } = options;
    const { highWater = 1000, keys = {} } = more;
    Object.assign(this, {
      name,
      pub,
      desk,
      past,
      renew,
      keys,
      live: false,
      closed: false,
    });
    const limits = { receiveTimeout: silence, receiveHighWaterMark: highWater };
    this.options = { ...limits, linger: 0, ...keys };
    this.track = new Track(after);
    this.#connect(renew);
  }

  // region listen
  async *[Symbol.asyncIterator]() {
    while (!this.closed) {
      const heard = await this.#hear();
      const changed = this.live !== Boolean(heard);
      this.live = Boolean(heard);
      if (changed) yield { kind: this.live ? "live" : "silence" };
      if (heard) yield* this.#settle(heard);
      else if (performance.now() > this.due) this.#connect(2 * this.wait);
    }
  }

  // A dead connection is as quiet as a feed that is down: only a new one can tell.
  #connect(wait) {
    if (this.closed) return;
    this.sub?.close();
    this.sub = new Subscriber(this.options);
    this.sub.connect(this.pub);
    this.sub.subscribe(this.name); // Another feed may one day get this address.
    this.#expectWithin(Math.min(wait, 10_000));
  }

  #expectWithin(wait) {
    this.wait = wait;
    this.due = performance.now() + wait;
  }

  // The next message; null after silence, or once this is closed.
  async #hear() {
    try {
      const [, text] = await this.sub.receive();
      this.#expectWithin(this.renew);
      return JSON.parse(text);
    } catch (error) {
      if (error.code === "EAGAIN") return null;
      throw error;
    }
  }
  // endregion listen

  // region follow
  async *#settle(heard) {
    let verdict = this.track.judge(heard);
    while (verdict === "gap" || verdict === "reborn") {
      const moved = yield* this.#catchUp();
      if (!moved) return; // No answer: the next beat asks again.
      const before = verdict;
      verdict = this.track.judge(heard);
      if (before === "reborn" && verdict === "reborn") return; // From an older life.
    }
    if (verdict === "seen") return;
    this.track.advance(heard);
    yield heard;
  }

  async *#catchUp() {
    const from = { epoch: this.track.epoch, seq: this.track.seq };
    const answer = await this.#ask(from.epoch, from.seq);
    if (!answer) return false;
    if (!answer.events) yield await this.#startAgain(from, answer);
    for (const event of answer.events ?? []) {
      this.track.advance(event);
      yield event;
    }
    return from.epoch !== this.track.epoch || from.seq !== this.track.seq;
  }
  // endregion follow

  // region again
  async #startAgain(from, snapshot) {
    const past = await this.#pastOf(snapshot);
    this.track.advance(snapshot);
    const missing = holes(from, snapshot, snapshot.seq - past.length);
    return { kind: "snapshot", feed: this.name, ...snapshot, past, missing };
  }

  // The events before a snapshot: as many as the feed has and `past` allows.
  async #pastOf({ epoch, seq, oldest }) {
    const past = [];
    let after = Math.max(oldest, seq - this.past);
    while (after < seq) {
      const answer = await this.#ask(epoch, after);
      const events = answer?.events ?? [];
      if (events.length === 0) return []; // No answer, or it was trimmed meanwhile.
      past.push(...events);
      after = past.at(-1).seq;
    }
    return past.filter((event) => event.seq <= seq);
  }
  // endregion again

  #ask(epoch, after) {
    return ask(this.desk, { epoch, after }, { keys: this.keys }).catch(() => null);
  }

  close() {
    this.closed = true;
    this.sub.close();
  }
}

// region holes
// What a reader at `from` will never get, where the feed's past begins after `first`.
export function holes(from, { epoch }, first) {
  if (from.epoch === null) return []; // It asked for the present alone.
  const same = from.epoch === epoch;
  const after = same ? from.seq : 0;
  const old = { epoch: from.epoch, after: from.seq, upTo: null }; // How far: unknown.
  const found = same || from.epoch === ANY ? [] : [old];
  if (first > after) found.push({ epoch, after, upTo: first });
  return found;
}
// endregion holes
