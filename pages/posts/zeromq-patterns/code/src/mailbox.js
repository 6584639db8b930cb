// What waits for one slow reader: the latest of each state, and every notification up to a limit.

// region mailbox
export class Mailbox {
  #waiting = new Map(); // in the order of arrival
  #notifications = 0;

  constructor(room) {
    this.room = room;
  }

  // False where a notification no longer fits: this reader has to start again.
  put(event) {
    const slot = event.kind === "state" ? event.key : event;
    this.#waiting.delete(slot); // A newer state takes the older one's place, at the end.
    this.#waiting.set(slot, event);
    if (event.kind !== "state") this.#notifications++;
    return this.#notifications <= this.room;
  }

  // The oldest `limit`, which then no longer wait.
  take(limit = 500) {
    const batch = [...this.#waiting].slice(0, limit);
    for (const [slot, { kind }] of batch) {
      this.#waiting.delete(slot);
      if (kind !== "state") this.#notifications--;
    }
    return batch.map(([, event]) => event);
  }

  get size() {
    return this.#waiting.size;
  }
}
// endregion mailbox
