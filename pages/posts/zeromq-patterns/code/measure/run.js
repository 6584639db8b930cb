// Prints what results.json keeps: the figures that the text quotes, and the plot.
// `run.js machines` prints the raw outcome of one run of the laboratory's drills.
import { end, netns } from "../drills/cast.js";
import * as processes from "../drills/drills.js";
import * as machines from "../drills/lab.js";
import { MACHINES, PROCESSES, rehearse } from "../drills/rehearse.js";
import { budget } from "./budget.js";
import { latencies, percentile } from "./latency.js";
import { lostByLateJoiner, rates } from "./throughput.js";

const RUNS = 5;

const whole = (number) => Math.round(number).toLocaleString("en");
const rough = (number) => whole(Number(number.toPrecision(2)));
const tenth = (number) => number.toFixed(number < 10 ? 1 : 0);
const exact = (number) => number.toFixed(2);
const seconds = (number) => tenth(number / 1000);

async function repeated(act) {
  const runs = [];
  for (let n = 0; n < RUNS; n++) runs.push(await act());
  return runs;
}

const ordered = (numbers) => [...numbers].sort((a, b) => a - b);
export const median = (numbers) => ordered(numbers)[(numbers.length - 1) / 2];

// The median of all runs and, where they differ, the range.
function span(numbers, form) {
  const sorted = ordered(numbers);
  const [low, middle, high] = [sorted[0], median(numbers), sorted.at(-1)].map(form);
  return low === high ? middle : `${middle} (${low}–${high})`;
}

const worst = (numbers, form = whole) => form(Math.max(...numbers));

function processFigures(runs) {
  const each = (drill, name) => runs.map((run) => run[drill][name]);
  const of = (drill, name, form = whole) => span(each(drill, name), form);
  const others = runs.map((run) =>
    Math.max(...run.stoppedBrowser.others.map(({ oldest }) => oldest)),
  );
  const owed = runs.map(({ killedGateway: { missing, lost } }) => missing + lost);
  return {
    pub_sent: of("stoppedSubscriber", "sent"),
    pub_healthy: of("stoppedSubscriber", "healthy"),
    pub_stopped: of("stoppedSubscriber", "stopped"),
    pub_longest_ms: of("stoppedSubscriber", "longest", tenth),
    push_sent: of("stoppedPuller", "sent"),
    push_received: of("stoppedPuller", "received"),
    killed_answered: of("killedWorker", "answered"),
    stopped_answered: of("stoppedWorker", "answered"),
    stopped_twice: of("stoppedWorker", "twice"),
    owner_answered: of("killedOwner", "answered"),
    owner_twice: of("killedOwner", "twice"),
    feed_events: of("killedFeed", "count"),
    feed_wrong: worst(each("killedFeed", "wrong")),
    feed_noticed_ms: of("killedFeed", "noticed"),
    feed_back_ms: of("killedFeed", "back"),
    follower_sent: of("stoppedFollower", "sent"),
    follower_count: of("stoppedFollower", "count"),
    follower_wrong: worst(each("stoppedFollower", "wrong")),
    follower_caught_up_ms: of("stoppedFollower", "caughtUp"),
    browser_sent: of("stoppedBrowser", "sent"),
    browser_cut_s: of("stoppedBrowser", "cut", seconds),
    browser_late_count: span(
      runs.map((run) => run.stoppedBrowser.late.count),
      whole,
    ),
    browser_others_ms: span(others, whole),
    gateway_owed: worst(owed),
    indexer_sent: of("killedIndexer", "sent"),
    indexer_documents: of("killedIndexer", "documents"),
  };
}

function machineFigures(runs) {
  const each = (drill, name) => runs.map((run) => run[drill][name]);
  const of = (drill, name, form = whole) => span(each(drill, name), form);
  const wrong = ["rebornFeed", "movedFeed", "cutLink"].flatMap((one) =>
    each(one, "wrong"),
  );
  return {
    reborn_noticed_ms: of("rebornFeed", "noticed"),
    reborn_back_ms: of("rebornFeed", "back"),
    moved_back_ms: of("movedFeed", "back"),
    lab_wrong: worst(wrong),
    cut_back_ms: of("cutLink", "back"),
    gone_answered: of("vanishedWorker", "answered"),
    gone_finished_s: of("vanishedWorker", "finished", seconds),
    reader_released_s: of("vanishedReader", "limited", seconds),
    gate_back_s: of("vanishedGateway", "back", seconds),
    gate_missing: worst(each("vanishedGateway", "missing")),
  };
}

// What a message costs by itself, and what a byte adds to it, from two of the rates.
function costs(found) {
  const micros = (name) => 1e6 / median(found.map((rates) => rates[name]));
  const byte = (micros("push_100k") - micros("push_100")) / (100_000 - 100);
  const share = 100 * (1 - micros("push_100") / micros("push_10k"));
  return {
    cost_message_us: tenth(micros("push_100")),
    cost_byte_ns: tenth(1000 * byte),
    cost_10k_percent: whole(share),
    cost_flush_ms: exact((micros("feed_flushed") - micros("feed_journal")) / 1000),
  };
}

function rateFigures(found) {
  const names = Object.keys(found[0]);
  const spans = names.map((name) => {
    const all = found.map((rates) => rates[name]);
    return [`rate_${name}`, span(all, rough)];
  });
  const deliveries = median(found.map((rates) => rates.deliveries));
  return { ...Object.fromEntries(spans), ...costs(found), ...budget(deliveries) };
}

function latencyFigures(found) {
  const of = (loop, share, form) =>
    span(
      found.map((run) => percentile(run[loop], share)),
      form,
    );
  return {
    closed_p50_ms: of("closed", 0.5, exact),
    closed_p99_ms: of("closed", 0.99, tenth),
    closed_max_ms: of("closed", 1, whole),
    closed_count: span(
      found.map((run) => run.closed.length),
      whole,
    ),
    open_p50_ms: of("open", 0.5, exact),
    open_p99_ms: of("open", 0.99, whole),
    open_max_ms: of("open", 1, whole),
    open_count: span(
      found.map((run) => run.open.length),
      whole,
    ),
  };
}

const SHARES = [0.5, 0.75, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999];

// At each share, the median of all runs.
function curve(found, loop) {
  return SHARES.map((share) => {
    const ms = median(found.map((run) => percentile(run[loop], share)));
    return [share, Number(ms.toFixed(3))];
  });
}

async function everything() {
  const url = process.env.SEARCH_URL;
  const drills = await repeated(() => rehearse(processes, PROCESSES, { url }));
  const labs = JSON.parse(process.env.LABS); // The laboratory's runs, made before.
  const found = await repeated(rates);
  const late = await repeated(lostByLateJoiner);
  const timed = await repeated(async () => {
    const run = await latencies();
    await end();
    return run;
  });
  const figures = {
    runs: whole(RUNS),
    ...processFigures(drills),
    ...machineFigures(labs),
    ...rateFigures(found),
    late_lost: span(late, whole),
    ...latencyFigures(timed),
  };
  const plot = { closed: curve(timed, "closed"), open: curve(timed, "open") };
  return { figures, plot };
}

async function laboratory() {
  netns("host", "10.9.0.1/24");
  return repeated(() => rehearse(machines, MACHINES));
}

try {
  const what = process.argv[2] === "machines" ? laboratory : everything;
  console.log(JSON.stringify(await what()));
} finally {
  await end();
}
