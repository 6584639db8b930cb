// What makes the chat lane complete: pure bookkeeping, without a socket or a clock.

// region room
/** Hands on each message of a room once, in order, and says when some are missing. */
export class Room {
  constructor(seen = 0) {
    this.seen = seen;
    this.early = new Map();
  }

  take(messages) {
    for (const message of messages) {
      if (message.seq > this.seen) this.early.set(message.seq, message);
    }
    const ready = [];
    while (this.early.has(this.seen + 1)) {
      this.seen += 1;
      ready.push(this.early.get(this.seen));
      this.early.delete(this.seen);
    }
    return { ready, missing: this.early.size > 0 };
  }

  /** Nothing up to here is for us: we have it, or it was said before we joined. */
  startAt(seq) {
    this.seen = Math.max(this.seen, seq);
  }
}
// endregion room

// region outbox
/** Messages that no room has echoed yet, numbered for each room without a gap. */
export class Outbox {
  constructor() {
    this.counters = new Map();
    this.entries = new Map();
  }

  add(room, text, now) {
    const n = (this.counters.get(room) ?? 0) + 1;
    this.counters.set(room, n);
    const entry = { room, n, text, sentAt: now };
    entry.done = new Promise((resolve) => { entry.resolve = resolve; });
    this.entries.set(`${room} ${n}`, entry);
    return entry;
  }

  waiting() {
    return [...this.entries.values()];
  }

  from(room, n) {
    return this.waiting().filter((entry) => entry.room === room && entry.n >= n);
  }

  settle(room, n, outcome) {
    const entry = this.entries.get(`${room} ${n}`);
    this.entries.delete(`${room} ${n}`);
    entry?.resolve(outcome);
  }
}
// endregion outbox
