// What happens when a process is killed or stopped, or a queue is full: each drill gives figures.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { Publisher, Push } from "zeromq";
import { Dispatcher } from "../src/dispatcher.js";
import { ANY, Feed } from "../src/feed.js";
import { Follower } from "../src/follower.js";
import { Gateway } from "../src/gateway.js";
import { asked, killed, said, start } from "./cast.js";

const KIB = "x".repeat(1024);

async function until(condition, patience = 20_000) {
  for (const end = performance.now() + patience; performance.now() < end; await pause(10)) {
    const found = await condition();
    if (found) return found;
  }
  throw new Error(`still not so: ${condition}`);
}

// Calls `act` `count` times, at most so many a millisecond; gives the longest that one call took.
async function paced(count, perMs, act) {
  let longest = 0;
  for (let n = 0; n < count; n++) {
    const before = performance.now();
    await act(n);
    longest = Math.max(longest, performance.now() - before);
    if (n % perMs === 0) await pause(1);
  }
  return longest;
}

// Its count, once it no longer grows.
async function settled(child) {
  for (let last = -1; ; await pause(200)) {
    const { count } = await asked(child);
    if (count === last) return count;
    last = count;
  }
}

// region stopped-subscriber
export async function stoppedSubscriber({ sent = 20_000 } = {}) {
  const pub = new Publisher({ linger: 0, sendTimeout: 0 });
  await pub.bind("tcp://127.0.0.1:*");
  const [healthy, stopped] = [0, 1].map(() => start("sub", { address: pub.lastEndpoint }));
  const probing = setInterval(() => pub.send("probe"), 10);
  await Promise.all([healthy, stopped].map(said));
  clearInterval(probing);
  await pause(100);
  stopped.kill("SIGSTOP");
  const longest = await paced(sent, 10, () => pub.send(["event", KIB]));
  stopped.kill("SIGCONT");
  const counts = { healthy: await settled(healthy), stopped: await settled(stopped) };
  pub.close();
  return { sent, longest, ...counts };
}
// endregion stopped-subscriber

export async function stoppedPuller() {
  const push = new Push({ linger: 0, sendTimeout: 500 });
  await push.bind("tcp://127.0.0.1:*");
  const puller = start("pull", { address: push.lastEndpoint });
  await until(() => push.send(KIB).then(() => true, () => false));
  await said(puller);
  puller.kill("SIGSTOP");
  let sent = 1;
  while (await push.send(KIB).then(() => true, () => false)) sent++;
  puller.kill("SIGCONT");
  const received = await settled(puller);
  push.close();
  return { sent, received };
}

// Two workers on 200 jobs; `hurt` is done to the first of them when 20 are answered.
async function jobs(hurt) {
  const dispatcher = new Dispatcher();
  const address = await dispatcher.open();
  const did = [];
  const workers = [0, 1].map(() => start("worker", { address, ms: 20 }));
  for (const worker of workers) worker.on("message", ({ did: id }) => did.push(id));
  await pause(400);
  let answered = 0;
  const answers = Array.from({ length: 200 }, (_, n) => dispatcher.submit(n, `job-${n}`).then(() => answered++));
  await until(() => answered >= 20);
  await hurt(workers[0]);
  await Promise.all(answers);
  await pause(1500); // For the late ones.
  await dispatcher.close();
  return { answered, twice: did.length - new Set(did).size, undone: 200 - new Set(did).size };
}

export const killedWorker = () => jobs(killed);

export const stoppedWorker = () => jobs(async (worker) => {
  worker.kill("SIGSTOP");
  setTimeout(() => worker.kill("SIGCONT"), 1000);
});

export async function killedFeed() {
  const folder = mkdtempSync(join(tmpdir(), "drill-"));
  const journal = join(folder, "journal");
  const first = start("feed", { journal });
  const addresses = await said(first);
  const follower = new Follower(addresses, { after: { epoch: ANY } });
  const heard = [];
  const reading = (async () => {
    for await (const { kind, seq } of follower) if (kind !== "beat") heard.push({ kind, seq, at: performance.now() });
  })();
  const events = () => heard.filter(({ kind }) => kind === "event");
  await until(() => events().length >= 500);
  const death = performance.now();
  await killed(first);
  await pause(1000);
  const rebirth = performance.now();
  const second = start("feed", { journal, ...addresses });
  await until(() => events().length >= 1500);
  const at = (kind, since) => heard.find((one) => one.kind === kind && one.at > since).at - since;
  const wrong = events().filter(({ seq }, n) => seq !== n + 1).length;
  const figures = { count: events().length, wrong, noticed: at("silence", death), back: at("event", rebirth) };
  follower.close();
  await reading;
  await killed(second);
  rmSync(folder, { recursive: true });
  return figures;
}

export async function stoppedFollower({ sent = 20_000 } = {}) {
  const feed = new Feed({ name: "orders", keep: 50_000 });
  const addresses = await feed.open();
  const reader = start("follower", addresses);
  await said(reader);
  reader.kill("SIGSTOP");
  await paced(sent, 10, () => feed.publish("event", "tick", KIB));
  reader.kill("SIGCONT");
  const before = performance.now();
  await until(async () => (await asked(reader)).last >= sent);
  const caughtUp = performance.now() - before;
  const { count, wrong } = await asked(reader);
  await feed.close();
  return { sent, count, wrong, caughtUp };
}

export async function stoppedBrowser({ sent = 16_000 } = {}) {
  const feed = new Feed({ name: "orders", keep: 50_000 });
  const gateway = new Gateway(new Follower(await feed.open()), { patience: 1000, keep: 50_000 });
  const url = await gateway.open();
  await until(() => gateway.history.epoch);
  const healthy = start("browsers", { url, count: 5 });
  const stalled = start("browsers", { url, count: 1 });
  await until(() => gateway.server.clients.size === 6);
  await pause(200);
  stalled.kill("SIGSTOP");
  const [stop, { clients }] = [performance.now(), gateway.server];
  let cut = null;
  await paced(sent, 5, () => (feed.publish("event", "mail", KIB), (cut ??= clients.size < 6 ? performance.now() - stop : null)));
  stalled.kill("SIGCONT");
  const [late] = await until(async () => ((one) => one[0].last >= sent && one)(await asked(stalled)));
  const others = await asked(healthy);
  await gateway.close();
  await feed.close();
  return { sent, cut, late, others };
}

export async function killedIndexer({ url, sent = 5000 }) {
  const folder = mkdtempSync(join(tmpdir(), "drill-"));
  const [checkpoint, index] = [join(folder, "checkpoint"), `drill-${process.pid}`];
  const feed = new Feed({ name: "orders", keep: 50_000 });
  const options = { addresses: await feed.open(), url, index, checkpoint, start: { epoch: ANY } };
  const publishing = paced(sent, 1, (n) => feed.publish("event", "mail", { n }));
  let repeated = 0;
  const count = (counts) => (repeated += counts.repeated);
  for (let deaths = 0; deaths < 5; deaths++) {
    const indexer = start("indexer", options).on("message", count);
    await said(indexer);
    await pause(50 * Math.random());
    await killed(indexer);
  }
  start("indexer", options).on("message", count);
  await publishing;
  const documents = await until(async () => {
    await fetch(`${url}/${index}/_refresh`, { method: "POST" });
    const { count: found } = await (await fetch(`${url}/${index}/_count`)).json();
    return found >= sent && found;
  });
  await feed.close();
  rmSync(folder, { recursive: true });
  return { sent, documents, repeated };
}
