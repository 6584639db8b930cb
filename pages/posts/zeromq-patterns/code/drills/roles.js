// The processes that the drills start, stop and kill: `role.js ROLE OPTIONS`.
import { setTimeout as pause } from "node:timers/promises";
import { Publisher, Pull, Router, Subscriber } from "zeromq";
import { Dispatcher } from "../src/dispatcher.js";
import { EVERYONE, Feed } from "../src/feed.js";
import { Follower } from "../src/follower.js";
import { Gateway } from "../src/gateway.js";
import { batches, followFrom, Indexer } from "../src/indexer.js";
import { Journal } from "../src/journal.js";
import { Connection, Reader } from "../src/reader.js";
import { attempt } from "../src/send.js";
import { Worker } from "../src/worker.js";
import { authenticate, Browser, ORIGIN } from "../test/browser.js";

const KIB = "x".repeat(1024);
const say = (message) => process.send(message);
const answer = (make) => process.on("message", () => say(make()));

const roles = {
  async sub({ address }) {
    const sub = new Subscriber({ linger: 0 });
    sub.connect(address);
    sub.subscribe();
    let count = 0;
    answer(() => ({ count }));
    for await (const [topic] of sub) {
      if (topic.toString() === "probe") say("ready");
      else count++;
    }
  },

  // Pings its publisher, and reads more slowly than it is sent to.
  async pinging() {
    const pub = new Publisher({ linger: 0, sendTimeout: 0 });
    await pub.bind("tcp://127.0.0.1:*");
    const pings = { heartbeatInterval: 100, heartbeatTimeout: 300 };
    const sub = new Subscriber({ linger: 0, receiveHighWaterMark: 10, ...pings });
    sub.connect(pub.lastEndpoint);
    sub.subscribe();
    const burst = () => Array.from({ length: 100 }, () => attempt(pub, KIB));
    setInterval(burst, 5);
    for (let round = 0; round < 20; round++) {
      for (let n = 0; n < 30; n++) await sub.receive();
      await pause(600); // The queue fills, and pings are not read.
    }
    process.exit();
  },

  async pull({ address, batch }) {
    const pull = new Pull({ linger: 0 });
    pull.connect(address);
    let count = 0;
    answer(() => ({ count }));
    for await (const [text] of pull) {
      if (count === 0) say("ready");
      count += batch ? JSON.parse(text).length : 1;
    }
  },

  async echo() {
    const router = new Router({ linger: 0, sendTimeout: 0 });
    await router.bind("tcp://127.0.0.1:*");
    say({ address: router.lastEndpoint });
    for await (const frames of router) await router.send(frames);
  },

  async worker({ address, ms }) {
    const act = async (body, id) => {
      await pause(ms);
      say({ did: id });
      return body;
    };
    await new Worker(act, { slots: 4 }).serve(address);
  },

  // The jobs' owner: what it was given to do, it does again after a restart.
  async owner({ address, ids }) {
    const dispatcher = new Dispatcher();
    const endpoint = await reopening(() => dispatcher.open(address));
    say({ address: endpoint });
    for (const id of ids) dispatcher.submit(null, id).then(() => say({ answered: id }));
  },

  async feed({ path, durable, boot, pub, desk, every = 1 }) {
    const journal = path ? new Journal(path, { durable, boot }) : null;
    const feed = new Feed({ name: "orders", journal, keep: 100_000 });
    say(await feed.open(pub, desk));
    const tick = () => feed.publish("event", "tick", null, EVERYONE);
    const ticking = setInterval(tick, every);
    process.once("message", () => clearInterval(ticking));
  },

  async follower({ addresses, options }) {
    const renew = options?.renew === null ? Infinity : undefined; // not in JSON
    const follower = new Follower(addresses, { ...options, renew });
    const seen = { count: 0, wrong: 0, snapshots: 0, last: null };
    answer(() => ({ ...seen, live: follower.live }));
    for await (const { kind, seq } of follower) {
      if (kind === "snapshot") {
        say("ready");
        seen.snapshots++;
      }
      if (kind !== "event") continue;
      seen.count++;
      if (seen.last !== null && seq !== seen.last + 1) seen.wrong++;
      seen.last = seq;
    }
  },

  // Publishes `count` events at once when it is told to.
  async burst({ count }) {
    const feed = new Feed({ name: "orders", keep: 2 * count, highWater: 0 });
    say(await feed.open());
    process.on("message", () => {
      const draft = { kind: "event", key: "", body: KIB, to: EVERYONE };
      feed.publishAll(Array.from({ length: count }, () => draft));
    });
  },

  async gateway({ addresses, port, host, beat, patience }) {
    const origins = new Set([ORIGIN]);
    const options = { authenticate, origins, beat, patience, keep: 50_000, room: 5000 };
    const gateway = new Gateway(addresses, options);
    say({ url: await gateway.open(port, host) });
  },

  async browsers({ url, count, silence }) {
    const fresh = () => ({
      joined: false,
      count: 0,
      wrong: 0,
      lost: 0,
      oldest: 0,
      last: 0,
    });
    const seen = Array.from({ length: count }, fresh);
    const readers = [];
    answer(() => {
      for (const [n, reader] of readers.entries()) {
        seen[n].joined = reader.states.has("$feed");
      }
      return seen;
    });
    for (const one of seen) {
      const notify = ({ seq, at }) => {
        one.count++;
        if (seq <= one.last) one.wrong++;
        one.last = seq;
        one.oldest = Math.max(one.oldest, Date.now() - at);
      };
      const reader = new Reader({ notify, lost: () => one.lost++ });
      readers.push(reader);
      new Connection(`${url}/?user=alice`, reader, { Socket: Browser, silence });
    }
  },

  // With `hold` it stops where its first batch is in the index and its place not noted.
  async indexer({ addresses, url, index, checkpoint, hold = false }) {
    const follower = followFrom(checkpoint, addresses);
    const indexer = new Indexer({ url, index, checkpoint });
    for await (const batch of batches(follower, 200)) {
      await indexer.deliver(hold ? { documents: batch.documents } : batch);
      say({ ...indexer.counts });
      if (hold) await new Promise(() => {});
      indexer.counts = { created: 0, repeated: 0, dead: 0, retries: 0, gaps: 0 };
    }
  },
};

// The address of a process that was just killed is free a moment later.
async function reopening(open) {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (error.code !== "EADDRINUSE") throw error;
      await pause(50);
    }
  }
}

process.on("disconnect", () => process.exit());
await roles[process.argv[2]](JSON.parse(process.argv[3] ?? "{}"));
