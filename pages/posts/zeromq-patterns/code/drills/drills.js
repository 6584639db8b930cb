// What happens when a process is killed or stopped, or a queue is full.
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { Publisher, Push } from "zeromq";
import { Dispatcher } from "../src/dispatcher.js";
import { ANY, EVERYONE, Feed } from "../src/feed.js";
import { Follower } from "../src/follower.js";
import { Gateway } from "../src/gateway.js";
import { authenticate, ORIGIN } from "../test/browser.js";
import { asked, killed, said, start } from "./cast.js";
import { paced, settled, until } from "./pace.js";

const KIB = "x".repeat(1024);

// region stopped-subscriber
export async function stoppedSubscriber({ sent = 20_000 } = {}) {
  const pub = new Publisher({ linger: 0, sendTimeout: 0 });
  await pub.bind("tcp://127.0.0.1:*");
  const healthy = start("sub", { address: pub.lastEndpoint });
  const stopped = start("sub", { address: pub.lastEndpoint });
  const probing = setInterval(() => pub.send("probe"), 10);
  await Promise.all([said(healthy), said(stopped)]);
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

// A subscriber with ZeroMQ's own heartbeats that is slow: how does its process end?
export async function pingingReader() {
  const child = start("pinging", {}, null, "ignore");
  const [, signal] = await once(child, "exit");
  return { signal };
}

export async function stoppedPuller() {
  const push = new Push({ linger: 0, sendTimeout: 500 });
  await push.bind("tcp://127.0.0.1:*");
  const puller = start("pull", { address: push.lastEndpoint });
  const accepted = () =>
    push.send(KIB).then(
      () => true,
      () => false,
    );
  await until(accepted);
  await said(puller);
  puller.kill("SIGSTOP");
  let sent = 1;
  while (await accepted()) sent++;
  puller.kill("SIGCONT");
  const received = await settled(puller);
  push.close();
  return { sent, received };
}

// Two workers on 200 jobs; `hurt` is done to the first of them when 20 are answered.
export async function jobs(hurt, { open = undefined, place = () => null } = {}) {
  const dispatcher = new Dispatcher();
  const address = await dispatcher.open(open);
  const did = [];
  const workers = [0, 1].map((n) => start("worker", { address, ms: 20 }, place(n)));
  for (const worker of workers) worker.on("message", ({ did: id }) => did.push(id));
  await until(() => dispatcher.workers === 2);
  let answered = 0;
  const answers = Array.from({ length: 200 }, async (_, n) => {
    await dispatcher.submit(n, `job-${n}`);
    answered++;
  });
  await until(() => answered >= 20);
  await hurt(workers[0]);
  const since = performance.now();
  await Promise.all(answers);
  const finished = performance.now() - since;
  await pause(2500); // For the late ones.
  await dispatcher.close();
  const acts = new Set(did).size;
  return { answered, finished, twice: did.length - acts, undone: 200 - acts };
}

export const killedWorker = () => jobs(killed);

export async function stoppedWorker() {
  return jobs(async (worker) => {
    worker.kill("SIGSTOP");
    setTimeout(() => worker.kill("SIGCONT"), 2000);
  });
}

export async function killedOwner() {
  const open = new Set(Array.from({ length: 200 }, (_, n) => `job-${n}`));
  const did = [];
  const settle = ({ answered }) => open.delete(answered);
  const first = start("owner", { ids: [...open] });
  const { address } = await said(first);
  first.on("message", settle);
  const workers = [0, 1].map(() => start("worker", { address, ms: 20 }));
  for (const worker of workers) worker.on("message", ({ did: id }) => did.push(id));
  await until(() => open.size <= 150);
  await killed(first);
  const second = start("owner", { address, ids: [...open] }).on("message", settle);
  await until(() => open.size === 0);
  await killed(second);
  const acts = new Set(did).size;
  return { answered: 200 - open.size, twice: did.length - acts, undone: 200 - acts };
}

export async function killedFeed() {
  const folder = mkdtempSync(join(tmpdir(), "drill-"));
  const path = join(folder, "journal");
  const first = start("feed", { path });
  const addresses = await said(first);
  const follower = new Follower(addresses, { after: { epoch: ANY } });
  const heard = [];
  const reading = (async () => {
    for await (const { kind, seq } of follower) {
      if (kind !== "beat") heard.push({ kind, seq, at: performance.now() });
    }
  })();
  const events = () => heard.filter(({ kind }) => kind === "event");
  await until(() => events().length >= 500);
  const death = performance.now();
  await killed(first);
  await pause(1000);
  const rebirth = performance.now();
  const second = start("feed", { path, ...addresses });
  await until(() => events().length >= 1500);
  const at = (kind, since) =>
    heard.find((one) => one.kind === kind && one.at > since).at - since;
  const wrong = events().filter(({ seq }, n) => seq !== n + 1).length;
  const times = { noticed: at("silence", death), back: at("event", rebirth) };
  const count = events().length;
  follower.close();
  await reading;
  await killed(second);
  rmSync(folder, { recursive: true });
  return { count, wrong, ...times };
}

export async function stoppedFollower({ sent = 20_000 } = {}) {
  const feed = new Feed({ name: "orders", keep: 50_000 });
  const addresses = await feed.open();
  const reader = start("follower", { addresses });
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
  const origins = new Set([ORIGIN]);
  const options = { authenticate, origins, patience: 1000, keep: 50_000 };
  const gateway = new Gateway(await feed.open(), options);
  const url = await gateway.open();
  const healthy = start("browsers", { url, count: 5 });
  const stalled = start("browsers", { url, count: 1 });
  const { clients } = gateway.sockets;
  await until(() => clients.size === 6);
  await pause(200);
  stalled.kill("SIGSTOP");
  const stop = performance.now();
  let cut = null;
  await paced(sent, 5, () => {
    feed.publish("event", "mail", KIB, EVERYONE);
    if (clients.size < 6) cut ??= performance.now() - stop;
  });
  stalled.kill("SIGCONT");
  const [late] = await until(async () => {
    const seen = await asked(stalled);
    return seen[0].last >= sent ? seen : null;
  });
  const others = await asked(healthy);
  await gateway.close();
  await feed.close();
  return { sent, cut, late, others };
}

// region killed-gateway
export async function killedGateway({ sent = 3000 } = {}) {
  const feed = new Feed({ name: "orders", keep: 50_000 });
  const addresses = await feed.open();
  const first = start("gateway", { addresses });
  const { url } = await said(first);
  const browsers = start("browsers", { url, count: 5 });
  const publish = () => feed.publish("event", "mail", KIB, EVERYONE);
  await until(async () => (await asked(browsers)).every(({ joined }) => joined));
  const publishing = paced(sent, 1, publish);
  await pause(500);
  await killed(first);
  await pause(500);
  start("gateway", { addresses, port: Number(new URL(url).port) });
  await publishing;
  const { seq } = feed.history;
  await until(async () => (await asked(browsers)).every(({ last }) => last === seq));
  const after = await asked(browsers);
  const missing = after.map(({ count }) => sent - count);
  const lost = after.map((one) => one.lost);
  await feed.close();
  return {
    sent,
    missing: sum(missing),
    lost: sum(lost),
    wrong: sum(after.map((one) => one.wrong)),
  };
}
// endregion killed-gateway

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

// Dies five times: three at any moment, two between a batch and its checkpoint.
export async function killedIndexer({ url, sent = 5000, deaths = 5 }) {
  const folder = mkdtempSync(join(tmpdir(), "drill-"));
  const checkpoint = join(folder, "checkpoint");
  const index = `drill-${process.pid}-${Date.now()}`;
  const feed = new Feed({ name: "orders", keep: 50_000 });
  const options = { addresses: await feed.open(), url, index, checkpoint };
  const publish = () => feed.publish("event", "mail", null);
  const publishing = paced(sent - deaths, 1, publish);
  let repeated = 0;
  let owed = 0; // Items that were in the index when their indexer died.
  const count = (counts) => {
    repeated += counts.repeated;
  };
  for (let death = 0; death < deaths; death++) {
    publish(); // So that each finds something new, however late it starts.
    const hold = death % 2 === 1;
    const indexer = start("indexer", { ...options, hold }).on("message", count);
    const first = await said(indexer);
    if (hold) owed += first.created + first.repeated;
    else await pause(50 * Math.random());
    await killed(indexer);
  }
  const last = start("indexer", options).on("message", count);
  await publishing;
  const documents = await until(async () => {
    await fetch(`${url}/${index}/_refresh`, { method: "POST" });
    const { count: found } = await (await fetch(`${url}/${index}/_count`)).json();
    return found >= sent && found;
  });
  await killed(last); // Or it may write its checkpoint once more.
  await feed.close();
  rmSync(folder, { recursive: true });
  return { sent, documents, repeated, owed };
}
