// All drills in turn, each with what must hold afterwards on any machine.
import assert from "node:assert/strict";
import { end } from "./cast.js";
import * as drills from "./drills.js";

const HOLDS = {
  stoppedSubscriber: ({ sent, stopped }) => stopped < sent,
  stoppedPuller: ({ sent, received }) => received === sent,
  killedWorker: ({ answered, undone }) => answered === 200 && undone === 0,
  stoppedWorker: ({ answered, undone, twice }) => answered === 200 && undone === 0 && twice > 0,
  killedFeed: ({ wrong }) => wrong === 0,
  stoppedFollower: ({ sent, count, wrong }) => count === sent && wrong === 0,
  stoppedBrowser: ({ sent, cut, late, others }) =>
    cut > 0 && [late, ...others].every(({ count, wrong, lost }) => count === sent && wrong === 0 && lost === 0),
  killedIndexer: ({ sent, documents }) => documents === sent,
};

export async function rehearse(url, names = Object.keys(drills)) {
  const results = {};
  for (const name of names) {
    if (name === "killedIndexer" && !url) continue;
    results[name] = await drills[name]({ url });
    assert.ok(HOLDS[name](results[name]), `${name}: ${JSON.stringify(results[name])}`);
    await end();
  }
  return results;
}
