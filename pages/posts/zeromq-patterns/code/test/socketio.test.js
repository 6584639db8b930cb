// What the article says of Socket.IO's guarantees, tried.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Server } from "socket.io";
import { io } from "socket.io-client";
import { until } from "./support.js";

const RECOVERY = { connectionStateRecovery: { maxDisconnectionDuration: 60_000 } };

async function opened(options, port = 0) {
  const http = createServer();
  const server = new Server(http, options);
  await new Promise((resolve) => http.listen(port, "127.0.0.1", resolve));
  return { server, port: http.address().port };
}

// A client whose connection breaks while three events are sent.
async function afterABreak(options, meanwhile = async () => {}) {
  const first = await opened(options);
  const client = io(`http://127.0.0.1:${first.port}`, {
    transports: ["websocket"],
    reconnectionDelay: 300,
  });
  const got = [];
  client.on("event", (n) => got.push(n));
  await until(() => first.server.engine.clientsCount === 1 && client.connected);
  first.server.emit("event", 0);
  await until(() => got.length === 1);
  client.io.engine.close();
  await until(() => first.server.of("/").sockets.size === 0);
  for (const n of [1, 2, 3]) first.server.emit("event", n);
  const last = (await meanwhile(first)) ?? first;
  await until(() => client.connected);
  last.server.emit("event", 4);
  await until(() => got.includes(4));
  const outcome = { got, recovered: client.recovered };
  client.close();
  await last.server.close();
  return outcome;
}

test("Socket.IO by default delivers at most once: what is sent during a break is gone", async () => {
  const { got } = await afterABreak({});
  assert.deepEqual(got, [0, 4]);
});

test("Socket.IO with connection state recovery brings it back from a server that stayed", async () => {
  const { got, recovered } = await afterABreak(RECOVERY);
  assert.deepEqual(got, [0, 1, 2, 3, 4]);
  assert.equal(recovered, true);
});

test("Socket.IO with recovery in memory loses it when the server begins again", async () => {
  const { got, recovered } = await afterABreak(RECOVERY, async ({ server, port }) => {
    await server.close();
    await pause(50);
    return opened(RECOVERY, port);
  });
  assert.deepEqual(got, [0, 4]);
  assert.equal(recovered, false);
});
