// Clients for drills and measurements, driven by lines of JSON: {"do": ..., ...} on standard input.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Client } from "./client.js";

const [file] = process.argv.slice(2);
const plan = JSON.parse(readFileSync(file, "utf8"));
const clients = new Map();
const log = { messages: {}, prices: {}, ages: {}, connected: {}, settled: {} };

function start({ user, password, rooms, symbols }) {
  log.messages[user] = [];
  log.settled[user] = [];
  log.ages[user] = [];
  log.prices[user] = 0;
  const hooks = {
    connected: () => { log.connected[user] = Date.now(); },
    message: (message) => log.messages[user].push([message.room, message.seq, message.text, Date.now()]),
    price: (topic, payload) => {
      log.prices[user] += 1;
      log.ages[user].push(Date.now() - Number(payload.toString().split(" ")[0]));
    },
    other: (body) => (log.other ??= []).push([user, body]),
  };
  clients.set(user, new Client({ url: plan.url, user, password, device: plan.device, rooms, symbols, hooks }));
}

function send(user, room, text) {
  const at = Date.now();
  clients.get(user).send(room, text).then((outcome) => {
    log.settled[user].push([text, outcome.seq ?? null, outcome.refused ?? null, Date.now() - at]);
  });
}

const orders = {
  send: ({ user, room, texts }) => texts.forEach((text) => send(user, room, text)),
  pace: ({ user, room, text, every, count }) => {
    let n = 0;
    const timer = setInterval(() => {
      n += 1;
      send(user, room, `${text}${n}`);
      if (n >= count) clearInterval(timer);
    }, every);
  },
  read: ({ user, room, seq }) => clients.get(user).read(room, seq),
  report: () => process.stdout.write(`${JSON.stringify({ ...log, now: Date.now() })}\n`),
  end: async () => {
    await Promise.all([...clients.values()].map((client) => client.close(true)));
    process.exit(0);
  },
};

plan.clients.forEach((each, index) => setTimeout(() => start(each), index * (plan.spread ?? 0)));
createInterface({ input: process.stdin }).on("line", (line) => {
  const { do: order, ...rest } = JSON.parse(line);
  orders[order](rest);
});
process.stdin.on("end", () => process.exit(0));
