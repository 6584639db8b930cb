// What happens when a machine or its link goes, without a word to anybody: drills in
// network namespaces. Runs inside of `tools/netns.sh lab`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { EVERYONE, Feed } from "../src/feed.js";
import { asked, netns, said, start } from "./cast.js";
import { jobs } from "./drills.js";
import { paced, until } from "./pace.js";

const HOST = "10.9.0.1"; // this process
const FEED = "10.9.0.2";
const HOME = "10.9.0.3"; // where the readers are
const SPARE = "10.9.0.4";

export function machine(name, address) {
  netns("up", name, `${address}/24`);
}

const at = (host) => ({ pub: `tcp://${host}:7001`, desk: `tcp://${host}:7002` });
const reports = (...children) => Promise.all(children.map(asked));

function feedOn(place, host, path, boot) {
  const options = { path, durable: true, boot, every: 5, ...at(host) };
  return start("feed", options, place);
}

// A folder that stands for a volume: it outlives the machine.
const volume = () => join(mkdtempSync(join(tmpdir(), "lab-")), "journal");

// region reborn
// The feed's machine goes, and comes back at `host`; `address` is what readers know.
async function reborn(address, place, host, moved = () => {}) {
  machine("feed", FEED);
  machine("home", HOME);
  const path = volume();
  await said(feedOn("feed", FEED, path, "first boot"));
  const addresses = { name: "orders", ...at(address) };
  const renewing = start("follower", { addresses }, "home");
  const deaf = start("follower", { addresses, options: { renew: null } }, "home");
  await until(async () =>
    (await reports(renewing, deaf)).every(({ count }) => count > 50),
  );
  netns("vanish", "feed");
  const death = performance.now();
  await until(async () => (await reports(renewing, deaf)).every(({ live }) => !live));
  const noticed = performance.now() - death;
  const before = await reports(renewing, deaf);
  await pause(3000);
  moved();
  machine(place, host);
  await said(feedOn(place, host, path, "second boot"));
  const birth = performance.now();
  await until(async () => (await asked(renewing)).last > before[0].last + 50);
  const back = performance.now() - birth;
  await pause(5000);
  const [one, other] = await reports(renewing, deaf);
  const still = !other.live && other.last === before[1].last;
  netns("vanish", place);
  netns("vanish", "home");
  return { noticed, back, wrong: one.wrong, snapshots: one.snapshots, deaf: still };
}
// endregion reborn

export const rebornFeed = () => reborn(FEED, "feed", FEED);

// The readers know a name; what it stands for changes.
export async function movedFeed() {
  const hosts = join(mkdtempSync(join(tmpdir(), "lab-")), "hosts");
  const known = (address) => writeFileSync(hosts, `${address} feed.lab\n`);
  known(FEED);
  execFileSync("mount", ["--bind", hosts, "/etc/hosts"]);
  try {
    return await reborn("feed.lab", "spare", SPARE, () => known(SPARE));
  } finally {
    execFileSync("umount", ["/etc/hosts"]);
  }
}

export async function cutLink() {
  machine("feed", FEED);
  machine("home", HOME);
  await said(feedOn("feed", FEED, volume(), "boot"));
  const addresses = { name: "orders", ...at(FEED) };
  const follower = start("follower", { addresses }, "home");
  await until(async () => (await asked(follower)).count > 50);
  netns("cut", "home");
  await pause(4000);
  const before = await asked(follower);
  netns("join", "home");
  const joined = performance.now();
  await until(async () => (await asked(follower)).last > before.last + 600);
  const back = performance.now() - joined;
  const { wrong, snapshots } = await asked(follower);
  netns("vanish", "feed");
  netns("vanish", "home");
  return { back, wrong, snapshots };
}

export async function vanishedWorker() {
  machine("w0", FEED);
  machine("w1", HOME);
  const hurt = async () => netns("vanish", "w0");
  const place = (n) => `w${n}`;
  const outcome = await jobs(hurt, { open: `tcp://${HOST}:7003`, place });
  netns("vanish", "w1");
  return outcome;
}

// How long a feed keeps a connection to a reader whose machine is gone.
export async function vanishedReader() {
  const released = {};
  for (const [name, options] of Object.entries({
    limited: {},
    endless: { speaker: {} },
  })) {
    machine("home", HOME);
    const feed = new Feed({ name: "orders", ...options });
    const addresses = await feed.open(`tcp://${HOST}:*`, `tcp://${HOST}:*`);
    const gone = new Promise((resolve) => feed.pub.events.on("disconnect", resolve));
    await said(start("follower", { addresses }, "home"));
    netns("vanish", "home");
    const since = performance.now();
    const first = await Promise.race([gone, pause(12_000, "still there")]);
    released[name] = first === "still there" ? null : performance.now() - since;
    await feed.close();
  }
  return released;
}

export async function vanishedGateway() {
  machine("gate", FEED);
  machine("home", HOME);
  const feed = new Feed({ name: "orders", keep: 50_000 });
  const addresses = await feed.open(`tcp://${HOST}:*`, `tcp://${HOST}:*`);
  const gateway = () =>
    start("gateway", { addresses, host: FEED, port: 7004, beat: 500 }, "gate");
  const { url } = await said(gateway());
  const browsers = start("browsers", { url, count: 5, silence: 1500 }, "home");
  const publish = () => feed.publish("event", "mail", null, EVERYONE);
  await until(async () => (await asked(browsers)).every(({ joined }) => joined));
  publish();
  await until(async () => (await asked(browsers)).every(({ last }) => last === 1));
  const before = await asked(browsers);
  netns("vanish", "gate");
  await paced(1000, 1, publish);
  machine("gate", FEED);
  await said(gateway());
  const birth = performance.now();
  const { seq } = feed.history;
  await until(
    async () => (await asked(browsers)).every(({ last }) => last === seq),
    40_000,
  );
  const back = performance.now() - birth;
  const after = await asked(browsers);
  const owed = (one, n) => seq - before[n].last - (one.count - before[n].count);
  const missing = after.map(owed).reduce((sum, one) => sum + one, 0);
  const lost = after.reduce((sum, one) => sum + one.lost, 0);
  await feed.close();
  netns("vanish", "gate");
  netns("vanish", "home");
  return { back, missing, lost };
}
