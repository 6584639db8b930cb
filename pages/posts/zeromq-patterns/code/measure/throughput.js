// How many events a second get through, from process to process: messages of two sizes, batches, and the whole feed.
import { Publisher, Push, Subscriber } from "zeromq";
import { asked, said, start } from "../drills/cast.js";
import { Feed } from "../src/feed.js";

const SECONDS = 1.5;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

async function pushed(message, perMessage, batch) {
  const push = new Push({ linger: 0 });
  await push.bind("tcp://127.0.0.1:*");
  const puller = start("pull", { address: push.lastEndpoint, batch });
  await push.send(message);
  await said(puller);
  let [sent, begin] = [0, performance.now()];
  for (const end = begin + SECONDS * 1000; performance.now() < end; sent++) await push.send(message);
  while ((await asked(puller)).count < (sent + 1) * perMessage) await nextTurn();
  push.close();
  return (sent * perMessage * 1000) / (performance.now() - begin);
}

async function fed() {
  const feed = new Feed({ name: "orders", keep: 200_000 });
  const follower = start("follower", await feed.open());
  await said(follower);
  const begin = performance.now();
  for (let chunk = 0; chunk < 200; chunk++) {
    for (let n = 0; n < 200; n++) feed.publish("event", "order-1", { amount: "12.50", n });
    await nextTurn();
  }
  while ((await asked(follower)).last < 40_000) await nextTurn();
  const rate = 40_000_000 / (performance.now() - begin);
  await feed.close();
  return rate;
}

export async function rates() {
  const batch = JSON.stringify(Array.from({ length: 100 }, () => "x".repeat(98)));
  return {
    small: await pushed("x".repeat(100), 1, false),
    large: await pushed("x".repeat(10_000), 1, false),
    batched: await pushed(batch, 100, true),
    feed: await fed(),
  };
}

// How many messages a publisher sends between a subscriber's connect() and the first that arrives.
export async function lostByLateJoiner() {
  const pub = new Publisher({ linger: 0, sendTimeout: 0 });
  await pub.bind("tcp://127.0.0.1:*");
  const sub = new Subscriber({ linger: 0 });
  let [n, first] = [0, null];
  const sending = (async () => {
    for (; first === null; n++, await nextTurn()) pub.send(String(n));
  })();
  for (let turn = 0; turn < 100; turn++) await nextTurn();
  const before = n;
  sub.connect(pub.lastEndpoint);
  sub.subscribe();
  first = Number((await sub.receive())[0]);
  await sending;
  sub.close();
  pub.close();
  return first - before;
}
