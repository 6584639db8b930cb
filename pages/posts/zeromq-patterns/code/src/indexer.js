// Events into Elasticsearch: in batches, under ids that make a repetition harmless.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { ANY } from "./feed.js";
import { Follower } from "./follower.js";
import { parsed } from "./parse.js";

// region bulk
export function idOf({ feed, epoch, seq, kind, body }) {
  const place = kind === "gap" ? `${body.after}-${body.upTo}` : seq;
  return `${feed}:${epoch}:${place}`;
}

export function bulkBody(index, documents) {
  const lines = documents.flatMap(({ at, ...document }) => [
    { create: { _index: index, _id: idOf(document) } },
    { "@timestamp": new Date(at).toISOString(), ...document },
  ]);
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function fateOf({ create: { status } }) {
  if (status < 300 || status === 409) return "done";
  return status === 429 || status >= 500 ? "again" : "dead";
}

// The response holds one item per document, in order, each with a status of its own.
export function sorted(documents, items) {
  const fates = { done: [], again: [], dead: [] };
  items.forEach((item, n) => fates[fateOf(item)].push(documents[n]));
  return fates;
}
// endregion bulk

const report = (what) => (document) => console.error(what, JSON.stringify(document));

export class Indexer {
  counts = { created: 0, repeated: 0, dead: 0, retries: 0, gaps: 0 };

  constructor({ url, index, checkpoint, backoff = 50, limit = 10_000, ...handlers }) {
    const { dead = report("dead:"), gap = report("gap:") } = handlers;
    Object.assign(this, { url, index, checkpoint, backoff, limit, dead, gap });
  }

  // region deliver
  // Returns once each document is in the index or was handed to `dead`;
  // until then nothing newer is read.
  async deliver({ documents, position = null }) {
    let wait = this.backoff;
    let left = documents;
    while (left.length > 0) {
      const items = await this.#post(left);
      const { again, dead } = items ? sorted(left, items) : { again: left, dead: [] };
      for (const document of dead) this.dead(document);
      this.#count(items ?? [], dead.length, again.length);
      left = again;
      if (left.length > 0) await pause(wait * (0.5 + Math.random() / 2));
      wait = Math.min(2 * wait, this.limit);
    }
    this.#tellGaps(documents);
    if (position) this.#keep(position);
  }

  #keep(position) {
    writeFileSync(`${this.checkpoint}.new`, JSON.stringify(position));
    renameSync(`${this.checkpoint}.new`, this.checkpoint);
  }
  // endregion deliver

  #tellGaps(documents) {
    const gaps = documents.filter(({ kind }) => kind === "gap");
    for (const gap of gaps) this.gap(gap);
    this.counts.gaps += gaps.length;
  }

  async #post(documents) {
    const request = {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: bulkBody(this.index, documents),
      signal: AbortSignal.timeout(10_000),
    };
    const response = await fetch(`${this.url}/_bulk`, request).catch(() => null);
    const later = !response || response.status >= 500 || response.status === 429;
    if (later) return null;
    if (!response.ok) throw new Error(await response.text());
    const answer = await response.json().catch(() => null); // Null: it was cut off.
    return answer?.items ?? null;
  }

  #count(items, dead, retries) {
    this.counts.created += items.filter(({ create }) => create.status === 201).length;
    this.counts.repeated += items.filter(({ create }) => create.status === 409).length;
    this.counts.dead += dead;
    this.counts.retries += retries;
  }
}

// region batches
// Follows from the checkpoint; without one, from the first event that is kept.
export function followFrom(checkpoint, addresses, options) {
  const after = position(checkpoint) ?? { epoch: ANY, seq: 0 };
  return new Follower(addresses, { after, past: Infinity, ...options });
}

// Documents, at most `size` at a time, and the place in the feed that they reach.
export async function* batches(follower, size = 500) {
  let waiting = [];
  for await (const event of follower) {
    waiting.push(...documentsOf(event));
    const more = isEvent(event) && waiting.length < size; // A beat sends off the rest.
    if (waiting.length === 0 || more) continue;
    const { epoch, seq } = follower.track;
    while (waiting.length > size) yield { documents: waiting.splice(0, size) };
    yield { documents: waiting, position: { epoch, seq } };
    waiting = [];
  }
}

const isEvent = ({ kind }) => kind === "state" || kind === "event";

// What the feed no longer has becomes a document too: the index knows its holes.
function documentsOf(event) {
  if (event.kind !== "snapshot") return isEvent(event) ? [event] : [];
  const gaps = event.missing.map(({ epoch, after, upTo }) => ({
    feed: event.feed,
    epoch,
    kind: "gap",
    at: Date.now(),
    body: { after, upTo },
  }));
  return [...gaps, ...event.states, ...event.past];
}
// endregion batches

function position(checkpoint) {
  try {
    return parsed(readFileSync(checkpoint, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}
