// The other end of a feed: each event once and in order, or an honest word about what is missing.
import { Subscriber } from "zeromq";
import { ask } from "./ask.js";

// region track
// Where a reader is in a feed: `judge` only looks, `advance` moves on.
export class Track {
  constructor({ epoch = null, seq = 0 } = {}) {
    Object.assign(this, { epoch, seq });
  }

  judge({ epoch, seq, kind }) {
    if (epoch !== this.epoch) return "reborn";
    const expected = kind === "beat" ? this.seq : this.seq + 1;
    return seq === expected ? "next" : seq > expected ? "gap" : "seen";
  }

  advance({ epoch, seq }) {
    Object.assign(this, { epoch, seq });
  }
}
// endregion track

export class Follower {
  constructor({ name, pub, desk }, { after = {}, silence = 350, highWater = 1000, keys = {} } = {}) {
    this.desk = desk;
    this.keys = keys;
    this.live = false;
    this.track = new Track(after);
    this.sub = new Subscriber({ receiveTimeout: silence, receiveHighWaterMark: highWater, linger: 0, ...keys });
    this.sub.connect(pub);
    this.sub.subscribe(name); // Another feed may one day get this address.
  }

  // region follow
  async *[Symbol.asyncIterator]() {
    while (!this.sub.closed) {
      const heard = await this.#hear();
      if (this.live !== Boolean(heard)) yield { kind: (this.live = Boolean(heard)) ? "live" : "silence" };
      if (heard) yield* this.#settle(heard);
    }
  }

  async *#settle(heard) {
    for (let verdict; (verdict = this.track.judge(heard)) !== "seen"; ) {
      if (verdict === "next") {
        this.track.advance(heard);
        return yield heard;
      }
      const moved = yield* this.#catchUp();
      if (!moved) return; // The next beat tries again.
    }
  }

  async *#catchUp() {
    const { epoch, seq: after } = this.track;
    const answer = await ask(this.desk, { epoch, after }, { keys: this.keys }).catch(() => null);
    if (!answer) return false;
    const { events = [], ...snapshot } = answer;
    if (!answer.events) {
      this.track.advance(snapshot);
      yield { kind: "snapshot", ...snapshot, missed: epoch !== null };
    }
    for (const event of events) {
      this.track.advance(event);
      yield event;
    }
    return epoch !== this.track.epoch || after !== this.track.seq;
  }
  // endregion follow

  // The next message; null after silence, or once this is closed.
  async #hear() {
    try {
      const [, text] = await this.sub.receive();
      return JSON.parse(text);
    } catch (error) {
      if (error.code === "EAGAIN") return null;
      throw error;
    }
  }

  close() {
    this.sub.close();
  }
}
