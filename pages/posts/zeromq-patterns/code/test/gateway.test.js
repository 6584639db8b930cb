import assert from "node:assert/strict";
import { test } from "node:test";
import WebSocket from "ws";
import { Feed } from "../src/feed.js";
import { Follower } from "../src/follower.js";
import { Gateway, TOO_SLOW } from "../src/gateway.js";
import { Mailbox } from "../src/mailbox.js";
import { follow, Reader } from "../src/reader.js";
import { until } from "./support.js";

async function site(options) {
  const feed = new Feed({ name: "orders" });
  const gateway = new Gateway(new Follower(await feed.open()), options);
  const url = await gateway.open();
  await until(() => gateway.history.epoch);
  return { feed, gateway, url, close: async () => (await gateway.close(), feed.close()) };
}

test("a mailbox keeps the newest of each state and every notification, in order", () => {
  const mailbox = new Mailbox(2);
  mailbox.put({ kind: "state", key: "a", seq: 1 });
  mailbox.put({ kind: "event", seq: 2 });
  mailbox.put({ kind: "state", key: "a", seq: 3 });
  assert.equal(mailbox.put({ kind: "event", seq: 4 }), true);
  assert.equal(mailbox.put({ kind: "event", seq: 5 }), false);
  assert.deepEqual(mailbox.take().map(({ seq }) => seq), [2, 3, 4, 5]);
  assert.equal(mailbox.size, 0);
});

test("a browser gets a snapshot, then the present, each once", async () => {
  const { feed, url, close } = await site();
  feed.publish("state", "order-1", "paid");
  const told = [];
  const reader = new Reader({ notify: ({ body }) => told.push(body), lost: assert.fail });
  class Socket extends WebSocket {
    constructor(url) {
      super(url);
      Socket.last = this;
    }
  }
  follow(url, reader, Socket);
  await until(() => reader.states.get("order-1"));
  feed.publish("event", "mail", 1);
  await until(() => told.length === 1);
  Socket.last.terminate(); // The connection breaks; two events pass meanwhile.
  feed.publish("event", "mail", 2);
  feed.publish("event", "mail", 3);
  await until(() => told.length === 3);
  assert.deepEqual(told, [1, 2, 3]);
  Socket.last.onclose = null;
  await close();
});

test("a browser that stops reading is cut off, and the others never wait for it", async () => {
  const { feed, gateway, url, close } = await site({ room: 500, patience: 300 });
  const stalled = new WebSocket(url);
  stalled.on("open", () => stalled.send("{}"));
  await new Promise((resolve) => stalled.once("message", resolve));
  stalled.pause();
  let heard = 0;
  const reader = new Reader({ notify: () => heard++, lost: assert.fail });
  const healthy = new WebSocket(url);
  healthy.on("open", () => healthy.send("{}"));
  healthy.on("message", (text) => reader.apply(JSON.parse(text)));
  await until(() => reader.position);
  const body = "x".repeat(20_000);
  const publishing = setInterval(() => feed.publish("event", "mail", body), 1);
  await until(() => gateway.server.clients.size === 1, 20_000);
  clearInterval(publishing);
  assert.equal(reader.position.seq, heard);
  assert.ok(heard > 0);
  stalled.terminate();
  await close();
});

test("notifications that no longer fit end the connection with a code of our own", async () => {
  const { feed, gateway, url, close } = await site({ room: 10 });
  const socket = new WebSocket(url);
  socket.on("open", () => socket.send("{}"));
  await new Promise((resolve) => socket.once("message", resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const [server] = gateway.server.clients;
  server._socket.cork(); // Nothing leaves, and no write is reported as done.
  for (let n = 0; n < 50; n++) feed.publish("event", "mail", n);
  await until(() => server.readyState === WebSocket.CLOSING);
  server._socket.uncork();
  assert.equal(await closed, TOO_SLOW);
  await close();
});

test("whoever missed more than fits is given all of it, in slices", async () => {
  const { feed, gateway, url, close } = await site({ room: 10 });
  for (let n = 0; n < 1200; n++) feed.publish("event", "mail", n);
  await until(() => gateway.history.seq === 1200);
  const slices = [];
  const socket = new WebSocket(url);
  socket.on("open", () => socket.send(JSON.stringify({ after: { epoch: gateway.history.epoch, seq: 0 } })));
  socket.on("message", (text) => slices.push(JSON.parse(text).length));
  await until(() => slices.length === 3);
  assert.deepEqual(slices, [500, 500, 201]);
  await close();
});
