import assert from "node:assert/strict";
import { test } from "node:test";
import WebSocket from "ws";
import { EVERYONE, Feed } from "../src/feed.js";
import { Gateway, TOO_SLOW } from "../src/gateway.js";
import { Mailbox } from "../src/mailbox.js";
import { Connection, Reader } from "../src/reader.js";
import { authenticate, Browser, ORIGIN } from "./browser.js";
import { until } from "./support.js";

const open = (addresses, options = {}, ...where) => {
  const gateway = new Gateway(addresses, {
    authenticate,
    origins: new Set([ORIGIN]),
    ...options,
  });
  return gateway.open(...where).then((url) => ({ gateway, url }));
};

async function site(options) {
  const feed = new Feed({ name: "orders" });
  const addresses = await feed.open();
  const { gateway, url } = await open(addresses, options);
  const close = async () => {
    await gateway.close();
    await feed.close();
  };
  return { feed, addresses, gateway, url, close };
}

// A browser that notes what it was shown.
function visitor(url, user) {
  const seen = { told: [], lost: 0 };
  const notify = ({ body }) => seen.told.push(body);
  const reader = new Reader({ notify, lost: () => seen.lost++ });
  const connection = new Connection(`${url}/?user=${user}`, reader, {
    Socket: Browser,
  });
  return Object.assign(seen, { reader, connection });
}

const ready = (...visitors) =>
  until(() => visitors.every(({ reader }) => reader.states.has("$feed")));

test("a mailbox keeps the newest of each state and every notification, in order", () => {
  const mailbox = new Mailbox(2);
  mailbox.put({ kind: "state", key: "a", seq: 1 });
  mailbox.put({ kind: "event", seq: 2 });
  mailbox.put({ kind: "state", key: "a", seq: 3 });
  assert.equal(mailbox.put({ kind: "event", seq: 4 }), true);
  assert.equal(mailbox.put({ kind: "event", seq: 5 }), false);
  const taken = mailbox.take().map(({ seq }) => seq);
  assert.deepEqual(taken, [2, 3, 4, 5]);
  assert.equal(mailbox.size, 0);
});

test("a browser gets a snapshot, then the present, each once", async () => {
  const { feed, url, close } = await site();
  feed.publish("state", "order-1", "paid", EVERYONE);
  const alice = visitor(url, "alice");
  await until(() => alice.reader.states.get("order-1"));
  feed.publish("event", "mail", 1, EVERYONE);
  await until(() => alice.told.length === 1);
  alice.connection.socket.terminate(); // The link breaks; two events pass meanwhile.
  feed.publish("event", "mail", 2, EVERYONE);
  feed.publish("event", "mail", 3, EVERYONE);
  await until(() => alice.told.length === 3);
  assert.deepEqual(alice.told, [1, 2, 3]);
  assert.equal(alice.lost, 0);
  alice.connection.stop();
  await close();
});

test("users see what is for them, and not for whom else it is", async () => {
  const { feed, url, close } = await site();
  const [alice, bob, carol] = ["alice", "bob", "carol"].map((name) =>
    visitor(url, name),
  );
  await ready(alice, bob, carol);
  feed.publish("event", "", "for nobody");
  feed.publish("event", "", "for two", ["alice", "bob"]);
  feed.publish("state", "order-1", "paid", ["bob"]);
  feed.publish("event", "", "for all", EVERYONE);
  await until(() => [alice, bob, carol].every(({ told }) => told.includes("for all")));
  assert.deepEqual(alice.told, ["for two", "for all"]);
  assert.deepEqual(bob.told, ["for two", "for all"]);
  assert.deepEqual(carol.told, ["for all"]);
  const late = [visitor(url, "bob"), visitor(url, "carol")];
  await ready(...late);
  assert.equal(late[0].reader.states.get("order-1").body, "paid");
  assert.equal(late[1].reader.states.get("order-1"), undefined);
  assert.ok(!JSON.stringify([...late[0].reader.states]).includes('"to"'));
  for (const { connection } of [alice, bob, carol, ...late]) connection.stop();
  await close();
});

test("a user for whom nothing came is as far as the feed, and loses nothing by it", async () => {
  const { feed, url, gateway, close } = await site({ beat: 50 });
  const carol = visitor(url, "carol");
  await ready(carol);
  for (let n = 0; n < 500; n++) feed.publish("event", "", n, ["alice"]);
  await until(() => carol.reader.position.seq === 500);
  assert.equal(gateway.history.seq, 500);
  carol.connection.stop();
  await close();
});

test("without a user, or from another site's page, there is no upgrade", async () => {
  const { url, close } = await site();
  const refused = async (address, origin) => {
    const socket = new Browser(address, { origin });
    const [error] = await new Promise((resolve) =>
      socket.once("error", (...all) => resolve(all)),
    );
    return error.message;
  };
  assert.match(await refused(url, ORIGIN), /401/);
  assert.match(await refused(`${url}/?user=alice`, "https://evil.example"), /401/);
  await close();
});

test("nonsense from a browser, or a session that cannot be read, ends nothing but itself", async () => {
  const throwing = (request) => {
    if (request.url.includes("broken")) throw new Error("no such session");
    return authenticate(request);
  };
  const { feed, url, close } = await site({ authenticate: throwing });
  const alice = visitor(url, "alice");
  const vandal = new Browser(`${url}/?user=vandal`);
  vandal.on("open", () => ["null", "{", "7"].forEach((text) => vandal.send(text)));
  const broken = new Browser(`${url}/?user=broken`);
  const gone = (socket, event) => new Promise((resolve) => socket.once(event, resolve));
  await Promise.all([gone(vandal, "close"), gone(broken, "error"), ready(alice)]);
  feed.publish("event", "", "still here", EVERYONE);
  await until(() => alice.told.length === 1);
  alice.connection.stop();
  await close();
});

test("a gateway that begins again still owes its browsers the notifications between", async () => {
  const { feed, addresses, gateway, url } = await site();
  const alice = visitor(url, "alice");
  await ready(alice);
  for (const n of [1, 2, 3]) feed.publish("event", "", n, EVERYONE);
  await until(() => alice.told.length === 3);
  await gateway.close();
  for (const n of [4, 5]) feed.publish("event", "", n, EVERYONE);
  const port = Number(new URL(url).port);
  const second = await open(addresses, {}, port);
  feed.publish("event", "", 6, EVERYONE);
  await until(() => alice.told.length === 6, 10_000);
  assert.deepEqual(alice.told, [1, 2, 3, 4, 5, 6]);
  assert.equal(alice.lost, 0);
  alice.connection.stop();
  await second.gateway.close();
  await feed.close();
});

test("a gateway listens once it has a history", async () => {
  const feed = new Feed({ name: "orders" });
  const { pub, desk } = await feed.open();
  await feed.close();
  const options = { authenticate, origins: new Set([ORIGIN]) };
  const gateway = new Gateway({ name: "orders", pub, desk }, options);
  gateway.open();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(gateway.server.listening, false);
  gateway.follower.close();
});

test("a browser leaves a connection that is silent, and comes back", async () => {
  const { feed, gateway, url, close } = await site({ beat: 100_000 });
  const reader = new Reader({ notify() {}, lost: assert.fail });
  const address = `${url}/?user=alice`;
  const connection = new Connection(address, reader, { Socket: Browser, silence: 200 });
  await until(() => reader.states.has("$feed"));
  const first = connection.socket;
  await until(() => connection.socket && connection.socket !== first);
  connection.stop();
  await close();
});

test("a gateway drops a browser that does not answer its pings", async () => {
  const { gateway, url, close } = await site({ beat: 50 });
  const socket = new Browser(`${url}/?user=alice`);
  socket.on("open", () => socket.send("{}"));
  await until(() => gateway.sockets.clients.size === 1);
  socket.pause(); // Neither reads nor answers.
  await until(() => gateway.sockets.clients.size === 0);
  socket.terminate();
  await close();
});

test("a browser that stops reading is cut off, and the others never wait for it", async () => {
  const { feed, gateway, url, close } = await site({ room: 500, patience: 300 });
  const stalled = new Browser(`${url}/?user=slow`);
  stalled.on("open", () => stalled.send("{}"));
  await new Promise((resolve) => stalled.once("message", resolve));
  stalled.pause();
  const alice = visitor(url, "alice");
  await ready(alice);
  const body = "x".repeat(16_384);
  const publish = () => feed.publish("event", "mail", body, EVERYONE);
  const publishing = setInterval(publish, 2);
  await until(() => gateway.sockets.clients.size === 1, 20_000);
  clearInterval(publishing);
  await until(() => alice.told.length === feed.history.seq);
  assert.equal(alice.lost, 0);
  stalled.terminate();
  alice.connection.stop();
  await close();
});

test("notifications that no longer fit end the connection with a code of our own", async () => {
  const { feed, gateway, url, close } = await site({ room: 10 });
  const socket = new Browser(`${url}/?user=alice`);
  socket.on("open", () => socket.send("{}"));
  await new Promise((resolve) => socket.once("message", resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const [server] = gateway.sockets.clients;
  server._socket.cork(); // Nothing leaves, and no write is reported as done.
  for (let n = 0; n < 50; n++) feed.publish("event", "mail", n, EVERYONE);
  await until(() => server.readyState === WebSocket.CLOSING);
  server._socket.uncork();
  assert.equal(await closed, TOO_SLOW);
  await close();
});

test("whoever missed more than fits is given all of it, in slices", async () => {
  const { feed, gateway, url, close } = await site({ room: 10 });
  for (let n = 0; n < 1200; n++) feed.publish("event", "mail", n, EVERYONE);
  await until(() => gateway.history.seq === 1200);
  const slices = [];
  const socket = new Browser(`${url}/?user=alice`);
  const after = { epoch: gateway.history.epoch, seq: 0 };
  socket.on("open", () => socket.send(JSON.stringify({ after })));
  socket.on("message", (text) => slices.push(JSON.parse(text)));
  await until(() => slices.length === 3);
  const sizes = slices.map(({ events }) => events.length);
  assert.deepEqual(sizes, [500, 500, 201]);
  assert.deepEqual(
    slices.map(({ at }) => at?.seq),
    [undefined, undefined, 1200],
  );
  socket.terminate();
  await close();
});
