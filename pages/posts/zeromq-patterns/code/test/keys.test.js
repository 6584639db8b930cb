import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Context, curveKeyPair, Publisher, Subscriber } from "zeromq";
import { ask } from "../src/ask.js";
import { Dispatcher } from "../src/dispatcher.js";
import { Feed } from "../src/feed.js";
import { Follower } from "../src/follower.js";
import { clientKeys, guard, serverKeys } from "../src/keys.js";
import { Messages } from "../src/messages.js";
import { z85bytes } from "../src/z85.js";
import { Worker } from "../src/worker.js";
import { collected, until } from "./support.js";

const server = curveKeyPair();
const friend = curveKeyPair();
const stranger = curveKeyPair();
const hand = curveKeyPair();
const gate = curveKeyPair();
const MEMBERS = {
  readers: [friend],
  workers: [hand],
  gateways: [gate],
};
const mayEnter = (key, domain) =>
  MEMBERS[domain].some(({ publicKey }) => z85bytes(publicKey).toString("hex") === key);
let door;

before(async () => (door = await guard(mayEnter)));
after(() => door.close());

test("a known key follows the feed, snapshot and all", async () => {
  const feed = new Feed({ name: "orders", keys: serverKeys(server, "readers") });
  const follower = new Follower(await feed.open(), {
    keys: clientKeys(friend, server.publicKey),
  });
  feed.publish("state", "a", 1);
  const seen = collected(follower);
  await until(() => seen.of("snapshot").length === 1 || seen.of("state").length === 1);
  follower.close();
  await seen.ended;
  await feed.close();
});

for (const [who, keys] of [
  ["an unknown key", clientKeys(stranger, server.publicKey)],
  ["the wrong server key", clientKeys(friend, stranger.publicKey)],
  ["no key at all", {}],
]) {
  test(`${who} hears nothing, and no error`, async () => {
    const pub = new Publisher({ linger: 0, ...serverKeys(server, "readers") });
    await pub.bind("tcp://127.0.0.1:*");
    const sub = new Subscriber({ linger: 0, receiveTimeout: 300, ...keys });
    sub.connect(pub.lastEndpoint);
    sub.subscribe();
    const talking = setInterval(() => pub.send("secret"), 10);
    await assert.rejects(sub.receive(), { code: "EAGAIN" });
    clearInterval(talking);
    pub.close();
    sub.close();
  });
}

test("the refusal shows in the monitors, and a refused client does not try again", async () => {
  const pub = new Publisher({ linger: 0, ...serverKeys(server, "readers") });
  const refused = new Promise((resolve) =>
    pub.events.on("handshake:error:auth", resolve),
  );
  await pub.bind("tcp://127.0.0.1:*");
  const sub = new Subscriber({ linger: 0, ...clientKeys(stranger, server.publicKey) });
  sub.connect(pub.lastEndpoint);
  assert.equal((await Promise.race([refused, pause(10_000)]))?.error.status, 400);
  pub.events.on("accept", assert.fail);
  await pause(1000); // It reconnects every 100 ms after other errors.
  sub.close();
  pub.close();
});

for (const [guardless, zapEnforceDomain] of [
  ["refuses everyone", true],
  ["lets everyone in unless the domain is enforced", false],
]) {
  test(`a server without a guard ${guardless}`, async () => {
    const context = new Context(); // Guards are per context: this one has none.
    const pub = new Publisher({
      context,
      linger: 0,
      ...serverKeys(server, "readers"),
      zapEnforceDomain,
    });
    await pub.bind("tcp://127.0.0.1:*");
    const sub = new Subscriber({
      context,
      linger: 0,
      receiveTimeout: zapEnforceDomain ? 500 : 10_000,
      ...clientKeys(stranger, server.publicKey),
    });
    sub.connect(pub.lastEndpoint);
    sub.subscribe();
    const talking = setInterval(() => pub.send("secret"), 10);
    const heard = await sub.receive().then(
      () => true,
      () => false,
    );
    clearInterval(talking);
    pub.close();
    sub.close();
    assert.equal(heard, !zapEnforceDomain);
  });
}

test("a worker's key does jobs; a reader's key, a stranger's and none get nothing", async () => {
  const keys = serverKeys(server, "workers");
  const dispatcher = new Dispatcher({ keys, beat: 30 });
  const endpoint = await dispatcher.open();
  const intruders = [
    clientKeys(friend, server.publicKey),
    clientKeys(stranger, server.publicKey),
    {},
  ].map((own) => new Worker(async () => "stolen", { keys: own, beat: 30 }));
  const serving = intruders.map((worker) => worker.serve(endpoint));
  const answer = dispatcher.submit("secret");
  await pause(500);
  assert.equal(dispatcher.workers, 0);
  assert.equal(dispatcher.waiting, 1);
  const own = clientKeys(hand, server.publicKey);
  const worker = new Worker(async () => "done", { keys: own, beat: 30 });
  serving.push(worker.serve(endpoint));
  assert.equal(await answer, "done");
  for (const one of [worker, ...intruders]) one.close();
  await Promise.all(serving);
  await dispatcher.close();
});

test("a gateway's key brings messages; a reader's key, a stranger's and none cannot", async () => {
  const feed = new Feed({ name: "messages" });
  await feed.open();
  const keys = serverKeys(server, "gateways");
  const messages = new Messages(feed, { mayWrite: async () => true, keys });
  const address = await messages.open();
  const bring = (own, more) =>
    ask(address, { from: "alice", to: "bob", text: "hello" }, { keys: own, ...more });
  const intruders = [
    clientKeys(friend, server.publicKey),
    clientKeys(stranger, server.publicKey),
    {},
  ];
  const refused = (own) => assert.rejects(bring(own, { tries: 1 }), /no answer/);
  await Promise.all(intruders.map(refused));
  assert.equal(feed.history.seq, 0);
  assert.equal((await bring(clientKeys(gate, server.publicKey), { tries: 20 })).seq, 1);
  await messages.close();
  await feed.close();
});

test("a worker's key does not open the feed", async () => {
  const feed = new Feed({ name: "orders", keys: serverKeys(server, "readers") });
  const keys = clientKeys(hand, server.publicKey);
  const follower = new Follower(await feed.open(), { keys });
  const seen = collected(follower);
  await pause(500);
  assert.deepEqual(seen.events, []);
  follower.close();
  await seen.ended;
  await feed.close();
});
