// Prints everything that results.json keeps of a run: figures as the text quotes them, and the plot's points.
import { end } from "../drills/cast.js";
import { rehearse } from "../drills/rehearse.js";
import { latencies, percentile } from "./latency.js";
import { lostByLateJoiner, rates } from "./throughput.js";

const whole = (number) => Math.round(number).toLocaleString("en");
const rough = (number) => whole(Number(number.toPrecision(2)));
const tenth = (number) => number.toFixed(number < 10 ? 1 : 0);

async function measured(url) {
  const results = await rehearse(url);
  results.rates = await rates();
  results.late = await median(lostByLateJoiner, 9);
  results.latencies = await latencies();
  await end();
  return results;
}

async function median(measure, times) {
  const all = [];
  for (let n = 0; n < times; n++) all.push(await measure());
  return all.sort((a, b) => a - b)[(times - 1) / 2];
}

function figures(of) {
  const { closed, open } = of.latencies;
  const { stoppedBrowser: browser, stoppedSubscriber: stopped } = of;
  return {
    pub_sent: whole(stopped.sent),
    pub_healthy: whole(stopped.healthy),
    pub_stopped: whole(stopped.stopped),
    pub_longest_ms: tenth(stopped.longest),
    push_sent: whole(of.stoppedPuller.sent),
    push_received: whole(of.stoppedPuller.received),
    killed_answered: whole(of.killedWorker.answered),
    stopped_answered: whole(of.stoppedWorker.answered),
    stopped_twice: whole(of.stoppedWorker.twice),
    feed_events: whole(of.killedFeed.count),
    feed_wrong: whole(of.killedFeed.wrong),
    feed_noticed_ms: whole(of.killedFeed.noticed),
    feed_back_ms: whole(of.killedFeed.back),
    follower_sent: whole(of.stoppedFollower.sent),
    follower_count: whole(of.stoppedFollower.count),
    follower_wrong: whole(of.stoppedFollower.wrong),
    follower_caught_up_ms: whole(of.stoppedFollower.caughtUp),
    browser_sent: whole(browser.sent),
    browser_cut_s: tenth(browser.cut / 1000),
    browser_late_count: whole(browser.late.count),
    browser_others_ms: whole(Math.max(...browser.others.map(({ oldest }) => oldest))),
    indexer_sent: whole(of.killedIndexer.sent),
    indexer_documents: whole(of.killedIndexer.documents),
    indexer_repeated: whole(of.killedIndexer.repeated),
    rate_small: rough(of.rates.small),
    rate_large: rough(of.rates.large),
    rate_batched: rough(of.rates.batched),
    rate_feed: rough(of.rates.feed),
    late_lost: whole(of.late),
    closed_p50_ms: percentile(closed, 0.5).toFixed(2),
    closed_p99_ms: tenth(percentile(closed, 0.99)),
    closed_max_ms: whole(Math.max(...closed)),
    closed_count: whole(closed.length),
    open_p50_ms: percentile(open, 0.5).toFixed(2),
    open_p99_ms: whole(percentile(open, 0.99)),
    open_max_ms: whole(Math.max(...open)),
    open_count: whole(open.length),
  };
}

const SHARES = [0.5, 0.75, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999];
const curve = (times) => SHARES.map((share) => [share, Number(percentile(times, share).toFixed(3))]);

try {
  const of = await measured(process.env.SEARCH_URL);
  const plot = { closed: curve(of.latencies.closed), open: curve(of.latencies.open) };
  console.log(JSON.stringify({ figures: figures(of), plot }));
} finally {
  await end();
}
