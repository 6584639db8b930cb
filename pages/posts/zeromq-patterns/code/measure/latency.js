// The same server, stopped for 200 ms, measured by two clients: one waits for each
// answer, one keeps to its plan.
import { Dealer } from "zeromq";
import { said, start } from "../drills/cast.js";

const RATE = 1000; // a second
const SECONDS = 4;
const STALL = 200; // ms

async function stalledEcho() {
  const echo = start("echo");
  const { address } = await said(echo);
  const dealer = new Dealer({ linger: 0, sendTimeout: 0 });
  dealer.connect(address);
  for (let n = 0; n < 200; n++) {
    await dealer.send("warm up");
    await dealer.receive();
  }
  setTimeout(() => echo.kill("SIGSTOP"), 1500);
  setTimeout(() => echo.kill("SIGCONT"), 1500 + STALL);
  return dealer;
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

// region loops
// Sends when the last answer is in: while the server stands still, nothing is measured.
async function closedLoop(dealer) {
  const times = [];
  const end = performance.now() + SECONDS * 1000;
  while (performance.now() < end) {
    const sent = performance.now();
    await dealer.send("ping");
    await dealer.receive();
    times.push(performance.now() - sent);
    while (performance.now() < sent + 1000 / RATE) await nextTurn();
  }
  return times;
}

// Sends when it is time to, and counts from the time that was planned.
async function openLoop(dealer) {
  const count = RATE * SECONDS;
  const begin = performance.now();
  const planned = (n) => begin + (n * 1000) / RATE;
  const receiving = answerTimes(dealer, count, planned);
  let n = 0;
  while (n < count) {
    if (planned(n) <= performance.now()) {
      dealer.send(String(n));
      n++;
    } else await nextTurn();
  }
  return receiving;
}

// One server and one connection: answers come in the order of the questions.
async function answerTimes(dealer, count, planned) {
  const times = [];
  for (let n = 0; n < count; n++) {
    await dealer.receive();
    times.push(performance.now() - planned(n));
  }
  return times;
}
// endregion loops

export const percentile = (times, share) =>
  [...times].sort((a, b) => a - b)[Math.ceil(times.length * share) - 1];

export async function latencies() {
  const measured = {};
  for (const [name, loop] of Object.entries({ closed: closedLoop, open: openLoop })) {
    const dealer = await stalledEcho();
    measured[name] = await loop(dealer);
    dealer.close();
  }
  return measured;
}
