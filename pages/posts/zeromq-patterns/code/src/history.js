// What a feed remembers: the newest events in order, and the last value of each key.

// region history
export class History {
  #events = [];
  #states = new Map();
  epoch = null;
  seq = 0;

  constructor(keep) {
    this.keep = keep;
  }

  begin({ epoch, seq = 0, states = [] }) {
    Object.assign(this, { epoch, seq });
    this.#events = [];
    this.#states = new Map(states.map((state) => [state.key, state]));
  }

  add(event) {
    this.seq = event.seq;
    this.#events.push(event);
    if (this.#events.length >= 2 * this.keep) this.#events = this.#events.slice(-this.keep);
    if (event.kind === "state") this.#states.set(event.key, event);
  }

  // The events after `seq`, or null where some of them are no longer kept.
  since(seq, limit = 1000) {
    const first = this.seq - this.#events.length; // the number before the oldest that is kept
    return seq < first || seq > this.seq ? null : this.#events.slice(seq - first, seq - first + limit);
  }

  get snapshot() {
    return { epoch: this.epoch, seq: this.seq, states: [...this.#states.values()] };
  }
}
// endregion history
