// Many clients in one process, counted instead of logged: for storms and load.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Client } from "./client.js";

const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
const pause = plan.fixed ? () => plan.fixed : undefined;
const clients = [];
const state = { online: 0, lost: 0, connects: 0, messages: 0, prices: 0, chatAges: [], priceAges: [] };

function age(list, payload) {
  if (list.length < 200_000) list.push(Date.now() - Number(payload.split(" ")[0]));
}

function start({ user, password, rooms, symbols }) {
  let online = false;
  const hooks = {
    connected: () => {
      state.connects += 1;
      if (!online) state.online += 1;
      online = true;
    },
    lost: () => {
      if (online) {
        state.online -= 1;
        state.lost += 1;
      }
      online = false;
    },
    message: ({ text }) => {
      state.messages += 1;
      age(state.chatAges, text);
    },
    price: (_topic, payload) => {
      state.prices += 1;
      if (state.prices % 20 === 0) age(state.priceAges, payload.toString());
    },
  };
  const options = { url: plan.url, user, password, device: plan.device, rooms, symbols, hooks, eager: plan.eager };
  clients.push(new Client(pause ? { ...options, pause } : options));
}

const spread = (list, share) => list[Math.min(list.length - 1, Math.floor(list.length * share))] ?? null;

function ages(list) {
  const sorted = [...list].sort((a, b) => a - b);
  return { count: sorted.length, p50: spread(sorted, 0.5), p99: spread(sorted, 0.99), max: spread(sorted, 1) };
}

const orders = {
  report: () => {
    const { chatAges, priceAges, ...counts } = state;
    const report = { ...counts, chat: ages(chatAges), price: ages(priceAges), rss: process.memoryUsage().rss };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  },
  reset: () => Object.assign(state, { messages: 0, prices: 0, chatAges: [], priceAges: [] }),
  leave: async () => {
    const limit = new Promise((resolve) => { setTimeout(resolve, 15_000); });
    await Promise.race([limit, Promise.all(clients.map((client) => client.close(true)))]);
    process.exit(0);
  },
  say: ({ index, room, count, every }) => {
    let said = 0;
    const timer = setInterval(() => {
      clients[index].send(room, `${Date.now()} ${"x".repeat(80)}`);
      said += 1;
      if (said >= count) clearInterval(timer);
    }, every);
  },
};

plan.clients.forEach((each, index) => setTimeout(() => start(each), index * (plan.spread ?? 0)));
createInterface({ input: process.stdin }).on("line", (line) => {
  const { do: order, ...rest } = JSON.parse(line);
  orders[order](rest);
});
process.stdin.on("end", () => process.exit(0));
