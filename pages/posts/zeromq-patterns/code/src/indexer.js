// Events into Elasticsearch: in batches, under ids that make a repetition harmless.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { parsed } from "./parse.js";

// region bulk
export const idOf = ({ feed, epoch, seq }) => `${feed}:${epoch}:${seq}`;

export function bulkBody(index, events) {
  const lines = events.flatMap(({ at, body, ...event }) => [
    { create: { _index: index, _id: idOf(event) } },
    { "@timestamp": new Date(at).toISOString(), ...event, body },
  ]);
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

// The response holds one item per event, in order, each with a status of its own.
export function sorted(events, items) {
  const verdicts = { done: [], again: [], dead: [] };
  items.forEach(({ create: { status } }, n) => {
    const fate = status < 300 || status === 409 ? "done" : status === 429 || status >= 500 ? "again" : "dead";
    verdicts[fate].push(events[n]);
  });
  return verdicts;
}
// endregion bulk

export class Indexer {
  counts = { created: 0, repeated: 0, dead: 0, retries: 0 };

  constructor({ url, index, checkpoint, dead = () => {}, backoff = 50, limit = 10_000 }) {
    Object.assign(this, { url, index, checkpoint, dead, backoff, limit });
  }

  // region deliver
  // Returns once every event is in the index or was handed to `dead`; until then nothing newer is read.
  async deliver(events) {
    let wait = this.backoff;
    for (let left = events; left.length > 0; ) {
      const items = await this.#post(left);
      const { again, dead } = items ? sorted(left, items) : { again: left, dead: [] };
      for (const event of dead) this.dead(event);
      this.#count(items ?? [], dead.length, again.length);
      left = again;
      if (left.length > 0) await pause(wait * (0.5 + Math.random() / 2));
      wait = Math.min(2 * wait, this.limit);
    }
    this.#keep(events.at(-1));
  }

  #keep({ epoch, seq }) {
    writeFileSync(`${this.checkpoint}.new`, JSON.stringify({ epoch, seq }));
    renameSync(`${this.checkpoint}.new`, this.checkpoint);
  }
  // endregion deliver

  async #post(events) {
    const headers = { "content-type": "application/x-ndjson" };
    const request = { method: "POST", headers, body: bulkBody(this.index, events), signal: AbortSignal.timeout(10_000) };
    const response = await fetch(`${this.url}/_bulk`, request).catch(() => null);
    if (response?.ok) return response.json().then(({ items }) => items, () => null); // Cut off on the way: again.
    if (response && response.status < 500 && response.status !== 429) throw new Error(await response.text());
    return null;
  }

  #count(items, dead, retries) {
    this.counts.created += items.filter(({ create }) => create.status === 201).length;
    this.counts.repeated += items.filter(({ create }) => create.status === 409).length;
    this.counts.dead += dead;
    this.counts.retries += retries;
  }

  // Where to go on: the last event of which all before are indexed.
  static position(checkpoint) {
    try {
      return parsed(readFileSync(checkpoint, "utf8")) ?? {};
    } catch {
      return {};
    }
  }
}

// region batches
// Events in batches of at most `size`; a beat or a silence sends off what is there.
export async function* batches(follower, size = 500) {
  let batch = [];
  for await (const event of follower) {
    const indexed = event.kind === "state" || event.kind === "event";
    if (indexed) batch.push(event);
    if (batch.length === 0 || (indexed && batch.length < size)) continue;
    yield batch;
    batch = [];
  }
}
// endregion batches
