import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Publisher, Pull, Push, Router, Subscriber } from "zeromq";
import { until } from "./support.js";

test("what is published before a subscription arrived is lost", async () => {
  const pub = new Publisher({ linger: 0 });
  await pub.bind("tcp://127.0.0.1:*");
  await pub.send("early");
  const sub = new Subscriber({ linger: 0 });
  sub.connect(pub.lastEndpoint);
  sub.subscribe();
  const sending = setInterval(() => pub.send("late"), 20);
  assert.equal((await sub.receive()).toString(), "late");
  clearInterval(sending);
  pub.close();
  sub.close();
});

test("a PUSH socket without a peer waits, and says EAGAIN after its timeout", async () => {
  const push = new Push({ sendTimeout: 50, linger: 0 });
  await push.bind("tcp://127.0.0.1:*");
  await assert.rejects(push.send("job"), { code: "EAGAIN" });
  push.close();
});

test("a PUSH socket that connects queues for a peer that isn't there, unless it is told not to", async () => {
  const eager = new Push({ sendTimeout: 50, linger: 0 });
  eager.connect("tcp://127.0.0.1:9");
  await eager.send("goes into a queue that nobody reads");
  const careful = new Push({ sendTimeout: 50, linger: 0, immediate: true });
  careful.connect("tcp://127.0.0.1:9");
  await assert.rejects(careful.send("job"), { code: "EAGAIN" });
  eager.close();
  careful.close();
});

test("a ROUTER drops what it cannot route, and tells so only when mandatory", async () => {
  const silent = new Router({ linger: 0 });
  const honest = new Router({ linger: 0, mandatory: true, sendTimeout: 0 });
  await silent.send(["nobody", "hello"]);
  await assert.rejects(honest.send(["nobody", "hello"]), { code: "EHOSTUNREACH" });
  silent.close();
  honest.close();
});

test("PUB takes 513 sends in one turn of the event loop and no more, unless it may not wait", async () => {
  const waiting = new Publisher({ linger: 0 });
  const hasty = new Publisher({ linger: 0, sendTimeout: 0 });
  const burst = (socket, count) => {
    for (let n = 0; n < count; n++) socket.send("x");
  };
  burst(waiting, 513);
  assert.throws(() => waiting.send("x"), { code: "EBUSY" });
  burst(hasty, 2000);
  await pause(20);
  waiting.close();
  hasty.close();
});

test("PUB counts sends of earlier turns as well, until one of them had to wait", async () => {
  const pub = new Publisher({ linger: 0 });
  for (let n = 0; n < 500; n++) {
    pub.send("x");
    if (n % 100 === 0) await pause(1);
  }
  await pause(20);
  for (let n = 0; n < 13; n++) pub.send("x");
  assert.throws(() => pub.send("x"), { code: "EBUSY" });
  await pause(20);
  pub.close();
});

test("a SUB socket that conflates keeps the newest message of each connection", async () => {
  const pubs = [new Publisher({ linger: 0 }), new Publisher({ linger: 0 })];
  const sub = new Subscriber({ conflate: true, linger: 0, receiveTimeout: 100 });
  for (const pub of pubs) {
    await pub.bind("tcp://127.0.0.1:*");
    sub.connect(pub.lastEndpoint);
  }
  sub.subscribe();
  const heard = async () => {
    for (let n = 0; n < 5; n++)
      for (const [name, pub] of pubs.entries()) await pub.send(`${name}:${n}`);
    await pause(100);
    const texts = [];
    const next = () => sub.receive().then(String, () => null); // Null: nothing waits.
    for (let text = await next(); text; text = await next()) texts.push(text);
    return texts.length === 2 && texts.sort(); // Fewer: a subscription was on its way.
  };
  assert.deepEqual(await until(heard), ["0:4", "1:4"]);
  for (const socket of [sub, ...pubs]) socket.close();
});

test("PUSH shares out by turns, not by load", async () => {
  const push = new Push({ linger: 0 });
  await push.bind("tcp://127.0.0.1:*");
  const pulls = [new Pull({ linger: 0 }), new Pull({ linger: 0 })];
  let peers = 0;
  push.events.on("handshake", () => peers++);
  for (const pull of pulls) pull.connect(push.lastEndpoint);
  await until(() => peers === 2);
  for (let n = 0; n < 10; n++) await push.send(String(n));
  for (const pull of pulls) for (let n = 0; n < 5; n++) await pull.receive();
  for (const socket of [push, ...pulls]) socket.close();
});
