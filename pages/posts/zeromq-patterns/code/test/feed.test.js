import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Dealer } from "zeromq";
import { ANY, Feed } from "../src/feed.js";
import { Follower, holes, Track } from "../src/follower.js";
import { History } from "../src/history.js";
import { Journal } from "../src/journal.js";
import { collected, reopened, until } from "./support.js";

const seqs = (events) => events.map(({ seq }) => seq);
const upTo = (count) => Array.from({ length: count }, (_, n) => n + 1);

test("a track tells next, seen, gap and reborn apart", () => {
  const track = new Track({ epoch: "a", seq: 5 });
  assert.equal(track.judge({ epoch: "a", seq: 6 }), "next");
  assert.equal(track.judge({ epoch: "a", seq: 5 }), "seen");
  assert.equal(track.judge({ epoch: "a", seq: 8 }), "gap");
  assert.equal(track.judge({ epoch: "b", seq: 6 }), "reborn");
});

test("a beat shows that the last event was lost", () => {
  const track = new Track({ epoch: "a", seq: 5 });
  assert.equal(track.judge({ epoch: "a", seq: 5, kind: "beat" }), "next");
  assert.equal(track.judge({ epoch: "a", seq: 6, kind: "beat" }), "gap");
});

test("a history gives what came after a number, and nothing when it no longer can", () => {
  const history = new History(3);
  history.begin({ epoch: "a" });
  for (const seq of upTo(6)) history.add({ seq, kind: "event" });
  assert.deepEqual(seqs(history.since(4)), [5, 6]);
  assert.equal(history.since(0), null);
  assert.equal(history.since(7), null);
  assert.deepEqual(history.since(6), []);
});

test("a late joiner gets the latest state of each key, then the present, without a hole", async () => {
  const feed = new Feed({ name: "orders" });
  const addresses = await feed.open();
  for (const n of upTo(50)) feed.publish("state", `order-${n % 5}`, n);
  const follower = new Follower(addresses);
  const seen = collected(follower);
  const busy = setInterval(() => feed.publish("event", "tick", 0), 1);
  await until(() => seen.of("event").length >= 100);
  clearInterval(busy);
  const [snapshot] = seen.of("snapshot");
  assert.deepEqual(
    snapshot.states.map(({ body }) => body).sort(),
    [46, 47, 48, 49, 50],
  );
  const got = seqs(seen.of("event"));
  assert.deepEqual(
    got,
    upTo(got.length).map((n) => n + snapshot.seq),
  );
  follower.close();
  await seen.ended;
  await feed.close();
});

test("who has read nothing can have all that is kept", async () => {
  const feed = new Feed({ name: "orders" });
  const addresses = await feed.open();
  for (const n of upTo(2500)) feed.publish("event", "", n);
  const follower = new Follower(addresses, { after: { epoch: ANY } });
  const seen = collected(follower);
  await until(() => seen.of("event").length === 2500);
  assert.deepEqual(seqs(seen.of("event")), upTo(2500));
  follower.close();
  await seen.ended;
  await feed.close();
});

test("who was away for too long is told so and gets a snapshot", async () => {
  const feed = new Feed({ name: "orders", keep: 10 });
  const addresses = await feed.open();
  for (const n of upTo(100)) feed.publish("state", "a", n);
  const follower = new Follower(addresses, {
    after: { epoch: feed.history.epoch, seq: 3 },
  });
  const seen = collected(follower);
  const [snapshot] = await until(() =>
    seen.of("snapshot").length ? seen.of("snapshot") : null,
  );
  const { epoch } = feed.history;
  assert.deepEqual(snapshot.missing, [{ epoch, after: 3, upTo: 100 }]);
  assert.equal(snapshot.states[0].body, 100);
  follower.close();
  await seen.ended;
  await feed.close();
});

test("a feed that begins again from its journal goes on counting, torn last line or not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "feed-"));
  const path = join(folder, "journal");
  const before = new Feed({ name: "orders", journal: new Journal(path) });
  const addresses = await before.open();
  const follower = new Follower(addresses);
  const seen = collected(follower);
  await until(() => seen.of("snapshot").length === 1);
  for (const n of upTo(5)) before.publish("event", "", n);
  await until(() => seen.of("event").length === 5);
  await before.close();
  appendFileSync(path, '{"feed":"orders","seq":6,"ki');
  const after = await reopened(
    () => new Feed({ name: "orders", journal: new Journal(path) }),
    addresses.pub,
    addresses.desk,
  );
  for (const n of [6, 7]) after.publish("event", "", n);
  await until(() => seen.of("event").length === 7);
  assert.deepEqual(seqs(seen.of("event")), upTo(7));
  follower.close();
  await seen.ended;
  await after.close();
  rmSync(folder, { recursive: true });
});

test("a second feed at the same address fails before it touches the journal", async () => {
  const folder = mkdtempSync(join(tmpdir(), "feed-"));
  const path = join(folder, "journal");
  const first = new Feed({ name: "orders", journal: new Journal(path) });
  const addresses = await first.open();
  first.publish("event", "", 1);
  appendFileSync(path, "half a line");
  const second = new Feed({ name: "orders", journal: new Journal(path) });
  await assert.rejects(second.open(addresses.pub, addresses.desk), {
    code: "EADDRINUSE",
  });
  assert.ok(readFileSync(path, "utf8").endsWith("half a line"));
  second.pub.close();
  second.desk.close();
  await first.close();
  rmSync(folder, { recursive: true });
});

test("a follower hears nothing of another feed that got the address", async () => {
  const feed = new Feed({ name: "payments" });
  const addresses = await feed.open();
  const follower = new Follower({ ...addresses, name: "orders" });
  const seen = collected(follower);
  const busy = setInterval(() => feed.publish("event", "", 1), 10);
  await pause(300);
  clearInterval(busy);
  assert.deepEqual(seen.events, []);
  follower.close();
  await seen.ended;
  await feed.close();
});

test("silence is reported once, and so is its end", async () => {
  const feed = new Feed({ name: "orders" });
  const addresses = await feed.open();
  const follower = new Follower(addresses, { silence: 150 });
  const seen = collected(follower);
  await until(() => seen.of("live").length > 0);
  clearInterval(feed.timer);
  await until(() => seen.events.at(-1).kind === "silence");
  feed.publish("event", "", 1);
  await until(() => seen.of("event").length === 1);
  const told = seen.events.map(({ kind }) => kind);
  assert.deepEqual(told.slice(-3), ["silence", "live", "event"]);
  const turns = told.filter((kind) => kind === "live" || kind === "silence");
  assert.ok(turns.every((kind, n) => kind === (n % 2 === 0 ? "live" : "silence")));
  follower.close();
  await seen.ended;
  await feed.close();
});

test("a reader that asks for the past gets what the feed still has, up to the snapshot", async () => {
  const feed = new Feed({ name: "orders", keep: 1500 });
  const addresses = await feed.open();
  for (const n of upTo(4000)) feed.publish("event", "", n);
  const follower = new Follower(addresses, { past: 2000 });
  const seen = collected(follower);
  await until(() => seen.of("snapshot").length === 1);
  const [{ seq, past, missing }] = seen.of("snapshot");
  assert.deepEqual(seqs(past), upTo(4000).slice(2000));
  assert.ok(seq === 4000);
  assert.deepEqual(missing, []);
  follower.close();
  await seen.ended;
  await feed.close();
});

test("what a reader will never get is named", () => {
  const a = { epoch: "a" };
  assert.deepEqual(holes({ epoch: null, seq: 0 }, a, 9), []);
  assert.deepEqual(holes({ epoch: "*", seq: 0 }, a, 0), []);
  assert.deepEqual(holes({ epoch: "*", seq: 0 }, a, 9), [
    { epoch: "a", after: 0, upTo: 9 },
  ]);
  assert.deepEqual(holes({ epoch: "a", seq: 5 }, a, 5), []);
  assert.deepEqual(holes({ epoch: "a", seq: 5 }, a, 9), [
    { epoch: "a", after: 5, upTo: 9 },
  ]);
  assert.deepEqual(holes({ epoch: "old", seq: 5 }, a, 2), [
    { epoch: "old", after: 5, upTo: null },
    { epoch: "a", after: 0, upTo: 2 },
  ]);
});

test("a state cannot change its audience, and nothing is published when it would", async () => {
  const feed = new Feed({ name: "orders" });
  await feed.open();
  feed.publish("state", "order-1", "paid", ["alice"]);
  feed.publish("state", "order-1", "sent", ["alice"]);
  const drafts = [
    { kind: "event", key: "", body: 1 },
    { kind: "state", key: "order-1", body: "sent", to: ["bob"] },
  ];
  assert.throws(
    () => feed.publishAll(drafts),
    /order-1 is for "alice" and not for "bob"/,
  );
  assert.equal(feed.history.seq, 2);
  assert.throws(() => feed.publish("event", "", 1, "alice"), /no list of users: alice/);
  await feed.close();
});

test("a desk hangs up on whoever sends too much, and goes on answering others", async () => {
  const feed = new Feed({ name: "orders" });
  const addresses = await feed.open();
  const stranger = new Dealer({ linger: 0 });
  const hungUp = new Promise((resolve) => feed.desk.events.on("disconnect", resolve));
  stranger.connect(addresses.desk);
  await stranger.send(["", "id", "x".repeat(2000)]);
  await hungUp;
  const follower = new Follower(addresses);
  const seen = collected(follower);
  await until(() => seen.of("snapshot").length === 1);
  stranger.close();
  follower.close();
  await seen.ended;
  await feed.close();
});

test("a follower that hears nothing for long listens on a new connection, in the same place", async () => {
  const feed = new Feed({ name: "orders" });
  const addresses = await feed.open();
  const follower = new Follower(addresses, { silence: 50, renew: 150 });
  const seen = collected(follower);
  await until(() => seen.of("snapshot").length === 1);
  const first = follower.sub;
  clearInterval(feed.timer); // No beats: as from a connection that is dead.
  await until(() => follower.sub !== first);
  assert.equal(first.closed, true);
  for (const n of upTo(3)) feed.publish("event", "", n);
  feed.timer = setInterval(() => feed.publish("event", "", 0), 20);
  await until(() => seen.of("event").length > 5);
  const got = seqs(seen.of("event"));
  assert.deepEqual(got, upTo(got.length));
  assert.equal(seen.of("snapshot").length, 1);
  follower.close();
  await seen.ended;
  await feed.close();
});
