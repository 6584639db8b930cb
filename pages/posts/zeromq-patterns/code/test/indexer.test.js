import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { Feed, ANY } from "../src/feed.js";
import { Follower } from "../src/follower.js";
import {
  batches,
  bulkBody,
  followFrom,
  idOf,
  Indexer,
  sorted,
} from "../src/indexer.js";
import { until } from "./support.js";

const SEARCH = process.env.SEARCH_URL; // An OpenSearch-compatible server; without it those tests are skipped.
const event = (seq, body = {}) => ({
  feed: "orders",
  epoch: "e",
  seq,
  kind: "event",
  key: "k",
  at: 0,
  body,
});
const folder = () => mkdtempSync(join(tmpdir(), "indexer-"));

test("an event's id is where it stands, so the same event has the same id", () => {
  assert.equal(idOf(event(7)), "orders:e:7");
  const [action, source] = bulkBody("events", [event(7)]).split("\n");
  assert.deepEqual(JSON.parse(action), {
    create: { _index: "events", _id: "orders:e:7" },
  });
  assert.equal(JSON.parse(source)["@timestamp"], "1970-01-01T00:00:00.000Z");
});

test("each item of a bulk response has a fate of its own", () => {
  const items = [201, 409, 429, 503, 400].map((status) => ({ create: { status } }));
  const { done, again, dead } = sorted(
    [1, 2, 3, 4, 5].map((seq) => event(seq)),
    items,
  );
  assert.deepEqual(
    [done, again, dead].map((events) => events.map(({ seq }) => seq)),
    [[1, 2], [3, 4], [5]],
  );
});

test("what is refused for now is sent again, alone, until it is in", async () => {
  const sizes = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const events = text.trim().split("\n").length / 2;
    sizes.push(events);
    const status = (n) => (sizes.length < 3 && n > 0 ? 429 : 201);
    response.end(
      JSON.stringify({
        items: Array.from({ length: events }, (_, n) => ({
          create: { status: status(n) },
        })),
      }),
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const path = folder();
  const indexer = new Indexer({
    url: `http://127.0.0.1:${server.address().port}`,
    index: "e",
    checkpoint: join(path, "c"),
    backoff: 5,
  });
  await indexer.deliver({
    documents: [event(1), event(2), event(3)],
    position: { epoch: "e", seq: 3 },
  });
  assert.deepEqual(sizes, [3, 2, 1]);
  assert.deepEqual(JSON.parse(readFileSync(join(path, "c"))), { epoch: "e", seq: 3 });
  server.closeAllConnections();
  server.close();
  rmSync(path, { recursive: true });
});

test("an answer that is cut off on the way is asked for again", async () => {
  let requests = 0;
  const server = createServer((request, response) => {
    request.resume();
    const text = JSON.stringify({ items: [{ create: { status: 201 } }] });
    if (++requests > 1) return response.end(text);
    response.writeHead(200, { "content-length": text.length });
    response.write(text.slice(0, 10));
    setTimeout(() => response.destroy(), 50); // When the head of the answer has arrived.
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const path = folder();
  const indexer = new Indexer({
    url: `http://127.0.0.1:${server.address().port}`,
    index: "e",
    checkpoint: join(path, "c"),
    backoff: 5,
  });
  await indexer.deliver({ documents: [event(1)] });
  assert.equal(requests, 2);
  server.closeAllConnections();
  server.close();
  rmSync(path, { recursive: true });
});

test(
  "a repeated delivery adds nothing, and a document that can't be is set aside",
  { skip: !SEARCH },
  async () => {
    const index = `test-${process.pid}`;
    const mappings = { properties: { body: { properties: { n: { type: "long" } } } } };
    await fetch(`${SEARCH}/${index}`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ mappings }),
    });
    const path = folder();
    const dead = [];
    const indexer = new Indexer({
      url: SEARCH,
      index,
      checkpoint: join(path, "c"),
      dead: (one) => dead.push(one.seq),
    });
    const events = [event(1, { n: 1 }), event(2, { n: "many" }), event(3, { n: 3 })];
    await indexer.deliver({ documents: events });
    await indexer.deliver({ documents: events });
    await fetch(`${SEARCH}/${index}/_refresh`, { method: "POST" });
    assert.equal((await (await fetch(`${SEARCH}/${index}/_count`)).json()).count, 2);
    assert.deepEqual(indexer.counts, {
      created: 2,
      repeated: 2,
      dead: 2,
      retries: 0,
      gaps: 0,
    });
    assert.deepEqual(dead, [2, 2]);
    rmSync(path, { recursive: true });
  },
);

test("events come in batches, and a beat sends off the rest", async () => {
  const feed = new Feed({ name: "orders" });
  const addresses = await feed.open();
  for (let n = 0; n < 25; n++) feed.publish("event", "", n);
  const follower = new Follower(addresses, { after: { epoch: ANY } });
  const sizes = [];
  const reading = (async () => {
    for await (const batch of batches(follower, 10)) sizes.push(batch.documents.length);
  })();
  await until(() => sizes.length === 3);
  assert.deepEqual(sizes, [10, 10, 5]);
  follower.close();
  await reading;
  await feed.close();
});

// What the batches of an indexer with this checkpoint hold, up to the feed's last event.
async function indexed(feed, addresses, checkpoint) {
  const follower = followFrom(checkpoint, addresses);
  const documents = [];
  let position;
  for await (const batch of batches(follower, 50)) {
    documents.push(...batch.documents);
    position = batch.position ?? position;
    if (position?.seq === feed.history.seq) break;
  }
  follower.close();
  return { documents, position };
}

const unique = (documents) => new Set(documents.map(idOf)).size;

test("an indexer without a checkpoint begins with the first event that is kept", async () => {
  const feed = new Feed({ name: "orders" });
  const addresses = await feed.open();
  for (let n = 0; n < 102; n++) feed.publish("event", "", n);
  const { documents } = await indexed(feed, addresses, join(folder(), "none"));
  assert.equal(unique(documents), 102);
  await feed.close();
});

test("an indexer without a checkpoint records what the feed has forgotten", async () => {
  const feed = new Feed({ name: "orders", keep: 10 });
  const addresses = await feed.open();
  for (let n = 0; n < 102; n++) feed.publish("event", "", n);
  const { documents } = await indexed(feed, addresses, join(folder(), "none"));
  assert.deepEqual(documents[0].body, { after: 0, upTo: feed.history.oldest });
  await feed.close();
});

test("an indexer that was away for too long writes the gap into the index", async () => {
  const feed = new Feed({ name: "orders", keep: 10 });
  const addresses = await feed.open();
  for (let n = 0; n < 102; n++) feed.publish("event", "", n);
  const checkpoint = join(folder(), "checkpoint");
  const { epoch, oldest } = feed.history;
  writeFileSync(checkpoint, JSON.stringify({ epoch, seq: 5 }));
  const { documents, position } = await indexed(feed, addresses, checkpoint);
  const [gap, ...rest] = documents;
  assert.equal(gap.kind, "gap");
  assert.deepEqual(gap.body, { after: 5, upTo: oldest });
  assert.equal(rest.length, 102 - oldest); // Nothing that is kept is left out.
  assert.deepEqual(position, { epoch, seq: 102 });
  await feed.close();
});

test("a gap is reported as well", async () => {
  const server = createServer((request, response) => {
    request.resume();
    response.end(JSON.stringify({ items: [{ create: { status: 201 } }] }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const gaps = [];
  const url = `http://127.0.0.1:${server.address().port}`;
  const checkpoint = join(folder(), "c");
  const indexer = new Indexer({
    url,
    index: "e",
    checkpoint,
    gap: (one) => gaps.push(one),
  });
  const gap = {
    feed: "orders",
    epoch: "e",
    kind: "gap",
    at: 0,
    body: { after: 5, upTo: 82 },
  };
  await indexer.deliver({ documents: [gap] });
  assert.deepEqual(gaps, [gap]);
  assert.equal(indexer.counts.gaps, 1);
  server.closeAllConnections();
  server.close();
});
