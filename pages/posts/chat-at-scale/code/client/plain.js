// A subscriber without a memory: what the broker alone delivers, for comparison.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import mqtt from "mqtt";

const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
const [{ user, password }] = plan.clients;
const state = { ready: false, chat: [], prices: 0, oldest: 0, sessions: 0 };
const connection = mqtt.connect(plan.url, {
  protocolVersion: 5, clientId: `${user}.plain`, username: user, password, keepalive: 60,
});

connection.on("connect", async () => {
  state.sessions += 1;
  await connection.subscribeAsync("room/lobby", { qos: 1 });
  await connection.subscribeAsync(plan.symbols.map((symbol) => `price/${symbol}`), { qos: plan.qos });
  state.ready = true;
});

connection.on("message", (topic, payload, packet) => {
  if (topic === "room/lobby") {
    state.chat.push(JSON.parse(payload).n);
  } else if (!packet.retain) {
    state.prices += 1;
    state.oldest = Math.max(state.oldest, Date.now() - Number(payload.toString().split(" ")[0]));
  }
});

createInterface({ input: process.stdin }).on("line", () => process.stdout.write(`${JSON.stringify(state)}\n`));
process.stdin.on("end", () => process.exit(0));
