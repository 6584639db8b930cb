import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { promises as dns } from "node:dns";
import { test } from "node:test";
import { endpoints, Roster } from "../src/discovery.js";

// A name server that knows one service with two instances: just enough of RFC 1035 and RFC 2782.
const SRV = 33;
const name = (text) =>
  Buffer.concat(
    [...text.split("."), ""].map((label) =>
      Buffer.from([label.length, ...Buffer.from(label)]),
    ),
  );
const short = (...numbers) =>
  Buffer.from(numbers.flatMap((number) => [number >> 8, number & 255]));
const record = (type, value) =>
  Buffer.concat([short(0xc00c, type, 1, 0, 5, value.length), value]);

function answers(asked, type) {
  if (type === SRV)
    return [7001, 7002].map((port, n) =>
      record(
        SRV,
        Buffer.concat([short(1, 1, port), name(`feed-${n}.events.internal`)]),
      ),
    );
  return asked.startsWith("feed-")
    ? [record(1, Buffer.from([127, 0, 0, asked.startsWith("feed-0") ? 1 : 2]))]
    : [];
}

async function nameServer() {
  const socket = createSocket("udp4");
  socket.on("message", (query, peer) => {
    const end = query.indexOf(0, 12);
    const asked = query.subarray(13, end).toString("latin1");
    const found = answers(asked, query.readUInt16BE(end + 1));
    const head = Buffer.concat([
      query.subarray(0, 2),
      short(0x8180, 1, found.length, 0, 0),
    ]);
    socket.send(
      Buffer.concat([head, query.subarray(12, end + 5), ...found]),
      peer.port,
      peer.address,
    );
  });
  await new Promise((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return socket;
}

test("SRV records become endpoints", async () => {
  const server = await nameServer();
  const resolver = new dns.Resolver();
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  const found = await endpoints(resolver, "_feeds._tcp.events.internal");
  assert.deepEqual([...found].sort(), ["tcp://127.0.0.1:7001", "tcp://127.0.0.2:7002"]);
  server.close();
});

function rosterOf(looks) {
  const log = [];
  const roster = new Roster(async () => looks.shift()(), {
    join: (endpoint) => (log.push(`+${endpoint}`), endpoint),
    leave: (endpoint) => log.push(`-${endpoint}`),
    misses: 2,
  });
  return { log, roster };
}

test("members come at once and leave after they were missed twice", async () => {
  const { log, roster } = rosterOf(
    [["a", "b"], ["a"], ["a", "c"], ["a", "c"]].map((names) => () => new Set(names)),
  );
  for (let n = 0; n < 4; n++) await roster.refresh();
  assert.deepEqual(log, ["+a", "+b", "+c", "-b"]);
});

test("a failed or empty look-up changes nothing", async () => {
  const { log, roster } = rosterOf([
    () => new Set(["a"]),
    () => new Set(),
    () => Promise.reject(new Error("SERVFAIL")),
    () => new Set(),
  ]);
  for (let n = 0; n < 4; n++) await roster.refresh();
  assert.deepEqual(log, ["+a"]);
});
