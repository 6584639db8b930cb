// What waits for one slow reader: each state's latest, and notifications up to a limit.

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
    this.#waiting.delete(slot); // A newer state replaces the older, at the end.
    this.#waiting.set(slot, event);
    if (event.kind !== "state") this.#notifications++;
    return this.#notifications <= this.room;
  }

  // The oldest `limit`, which then no longer wait.
  take(limit = 500) {
    const batch = [];
    for (const [slot, event] of this.#waiting) {
      if (batch.length === limit) break;
      this.#waiting.delete(slot);
      if (event.kind !== "state") this.#notifications--;
      batch.push(event);
    }
    return batch;
  }

  get size() {
    return this.#waiting.size;
  }
}
// endregion mailbox
