// How many events a second get through, from process to process.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { Publisher, Push, Subscriber } from "zeromq";
import { asked, end, said, start } from "../drills/cast.js";
import { until } from "../drills/pace.js";
import { Feed } from "../src/feed.js";
import { Journal } from "../src/journal.js";

const SECONDS = 1;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

// PUSH to PULL: one message after the other.
async function pushed(message, perMessage = 1, batch = false) {
  const push = new Push({ linger: 0 });
  await push.bind("tcp://127.0.0.1:*");
  const puller = start("pull", { address: push.lastEndpoint, batch });
  await push.send(message);
  await said(puller);
  let sent = 0;
  const begin = performance.now();
  while (performance.now() < begin + SECONDS * 1000) {
    await push.send(message);
    sent++;
  }
  while ((await asked(puller)).count < (sent + 1) * perMessage) await nextTurn();
  push.close();
  return (sent * perMessage * 1000) / (performance.now() - begin);
}

// Feed to follower: `count` events, so many to a write of the journal.
async function fed(count, perWrite, journalOptions = null) {
  const folder = mkdtempSync(join(tmpdir(), "rate-"));
  const path = join(folder, "journal");
  const journal = journalOptions ? new Journal(path, journalOptions) : null;
  const feed = new Feed({ name: "orders", keep: 200_000, journal });
  const follower = start("follower", { addresses: await feed.open() });
  await said(follower);
  const body = { amount: "12.50", currency: "EUR" };
  const draft = { kind: "event", key: "order-1", body, to: ["alice"] };
  const drafts = Array.from({ length: perWrite }, () => draft);
  const begin = performance.now();
  for (let written = 0; written < count; written += perWrite) {
    feed.publishAll(drafts);
    if (written % 200 === 0) await nextTurn();
  }
  while ((await asked(follower)).last < count) await nextTurn();
  const rate = (count * 1000) / (performance.now() - begin);
  await feed.close();
  rmSync(folder, { recursive: true });
  return rate;
}

// One event for everyone is `count` writes for the gateway.
async function delivered(count = 200, events = 1000) {
  const feed = start("burst", { count: events });
  const addresses = await said(feed);
  const gateway = start("gateway", { addresses, patience: 60_000 });
  const { url } = await said(gateway);
  const browsers = start("browsers", { url, count });
  const all = async (condition) => (await asked(browsers)).every(condition);
  await until(() => all(({ joined }) => joined));
  const begin = performance.now();
  feed.send("go");
  await until(() => all(({ last }) => last >= events), 60_000);
  return (count * events * 1000) / (performance.now() - begin);
}

const BATCH = JSON.stringify(Array.from({ length: 100 }, () => "x".repeat(98)));

const MEASURES = {
  push_100: () => pushed("x".repeat(100)),
  push_1k: () => pushed("x".repeat(1000)),
  push_10k: () => pushed("x".repeat(10_000)),
  push_100k: () => pushed("x".repeat(100_000)),
  push_batched: () => pushed(BATCH, 100, true),
  feed: () => fed(40_000, 1),
  feed_journal: () => fed(40_000, 1, { durable: false }),
  feed_flushed: () => fed(1000, 1, { durable: true }),
  feed_flushed_100: () => fed(40_000, 100, { durable: true }),
  deliveries: delivered,
};

export async function rates() {
  const found = {};
  for (const [name, measure] of Object.entries(MEASURES)) {
    found[name] = await measure();
    await end();
  }
  return found;
}

// How many messages a publisher sends between connect() and the first that arrives.
export async function lostByLateJoiner() {
  const pub = new Publisher({ linger: 0, sendTimeout: 0 });
  await pub.bind("tcp://127.0.0.1:*");
  const sub = new Subscriber({ linger: 0 });
  let n = 0;
  let first = null;
  const sending = (async () => {
    while (first === null) {
      pub.send(String(n));
      n++;
      await nextTurn();
    }
  })();
  for (let turn = 0; turn < 100; turn++) await nextTurn();
  const before = n;
  sub.connect(pub.lastEndpoint);
  sub.subscribe();
  const [text] = await sub.receive();
  first = Number(text);
  await sending;
  sub.close();
  pub.close();
  return first - before;
}
