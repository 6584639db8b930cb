// What a feed remembers: its newest events in order, and the last value of each key.

// region history
export class History {
  #events = [];
  #states = new Map();
  epoch = null;
  seq = 0;

  constructor(keep) {
    this.keep = keep;
  }

  // `past` holds the events that lead up to `seq`, without a hole.
  begin({ epoch, seq = 0, states = [], past = [] }) {
    Object.assign(this, { epoch, seq });
    this.#events = [...past];
    this.#states = new Map(states.map((state) => [state.key, state]));
  }

  add(event) {
    this.seq = event.seq;
    this.#events.push(event);
    const tooMany = this.#events.length >= 2 * this.keep;
    if (tooMany) this.#events = this.#events.slice(-this.keep);
    if (event.kind === "state") this.#states.set(event.key, event);
  }

  // The events after `seq`, or null where some of them are no longer kept.
  since(seq, limit = 1000) {
    if (!(seq >= this.oldest && seq <= this.seq)) return null;
    const from = seq - this.oldest;
    return this.#events.slice(from, from + limit);
  }
  // endregion history

  // The number before the oldest event that is kept.
  get oldest() {
    return this.seq - this.#events.length;
  }

  get past() {
    return this.#events;
  }

  state(key) {
    return this.#states.get(key);
  }

  get snapshot() {
    const { epoch, seq, oldest } = this;
    return { epoch, seq, oldest, states: [...this.#states.values()] };
  }
}
