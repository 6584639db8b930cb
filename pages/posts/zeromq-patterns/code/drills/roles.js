// The processes that the drills start, stop and kill: `role.js <role> <options as JSON>`, told more over IPC.
import { Dealer, Pull, Router, Subscriber } from "zeromq";
import WebSocket from "ws";
import { Feed } from "../src/feed.js";
import { Follower } from "../src/follower.js";
import { batches, Indexer } from "../src/indexer.js";
import { follow, Reader } from "../src/reader.js";
import { Worker } from "../src/worker.js";
import { setTimeout as pause } from "node:timers/promises";

const say = (message) => process.send(message);
const answer = (make) => process.on("message", () => say(make()));

const roles = {
  async sub({ address }) {
    const sub = new Subscriber({ linger: 0 });
    sub.connect(address);
    sub.subscribe();
    let count = 0;
    answer(() => ({ count }));
    for await (const [topic] of sub) if (topic.toString() === "probe") say("ready");
    else count++;
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

  async feed({ journal, pub, desk }) {
    const feed = new Feed({ name: "orders", journal, keep: 100_000 });
    say(await feed.open(pub, desk));
    let publish = setInterval(() => feed.publish("event", "tick", null), 1);
    process.once("message", () => clearInterval(publish));
  },

  async follower(addresses) {
    const seen = { count: 0, wrong: 0, snapshots: 0, last: null };
    answer(() => seen);
    for await (const { kind, seq } of new Follower(addresses)) {
      if (kind === "snapshot") say("ready", seen.snapshots++);
      if (kind !== "event") continue;
      seen.count++;
      if (seen.last !== null && seq !== seen.last + 1) seen.wrong++;
      seen.last = seq;
    }
  },

  async browsers({ url, count }) {
    const seen = Array.from({ length: count }, () => ({ count: 0, wrong: 0, lost: 0, oldest: 0, last: 0 }));
    answer(() => seen);
    for (const one of seen) {
      const notify = ({ seq, at }) => {
        one.count++;
        if (seq <= one.last) one.wrong++;
        one.last = seq;
        one.oldest = Math.max(one.oldest, Date.now() - at);
      };
      follow(url, new Reader({ notify, lost: () => one.lost++ }), WebSocket);
    }
  },

  async indexer({ addresses, url, index, checkpoint, start }) {
    const position = Indexer.position(checkpoint);
    const follower = new Follower(addresses, { after: position.epoch ? position : start });
    const indexer = new Indexer({ url, index, checkpoint });
    for await (const batch of batches(follower, 200)) {
      await indexer.deliver(batch);
      say({ ...indexer.counts });
      indexer.counts = { created: 0, repeated: 0, dead: 0, retries: 0 };
    }
  },
};

process.on("disconnect", () => process.exit());
await roles[process.argv[2]](JSON.parse(process.argv[3] ?? "{}"));
