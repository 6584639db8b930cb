// All drills in turn, each with what must hold afterwards on any machine.
import assert from "node:assert/strict";
import { end } from "./cast.js";

export const PROCESSES = {
  stoppedSubscriber: ({ sent, stopped }) => stopped < sent,
  pingingReader: ({ signal }) => signal === "SIGABRT",
  stoppedPuller: ({ sent, received }) => received === sent,
  killedWorker: ({ answered, undone }) => answered === 200 && undone === 0,
  stoppedWorker: ({ answered, undone, twice }) =>
    answered === 200 && undone === 0 && twice > 0,
  killedOwner: ({ answered, undone }) => answered === 200 && undone === 0,
  killedFeed: ({ wrong }) => wrong === 0,
  stoppedFollower: ({ sent, count, wrong }) => count === sent && wrong === 0,
  stoppedBrowser: ({ sent, cut, late, others }) =>
    cut > 0 &&
    [late, ...others].every(
      ({ count, wrong, lost }) => count === sent && wrong === 0 && lost === 0,
    ),
  killedGateway: ({ missing, lost, wrong }) => missing + lost + wrong === 0,
  killedIndexer: ({ sent, documents, repeated, owed }) =>
    documents === sent && owed > 0 && repeated >= owed,
};

const returned = ({ wrong, snapshots, deaf }) => wrong === 0 && snapshots === 1 && deaf;

export const MACHINES = {
  rebornFeed: returned,
  movedFeed: returned,
  cutLink: ({ wrong, snapshots }) => wrong === 0 && snapshots === 1,
  vanishedWorker: ({ answered, undone }) => answered === 200 && undone === 0,
  vanishedReader: ({ limited, endless }) => limited !== null && endless === null,
  vanishedGateway: ({ missing, lost }) => missing + lost === 0,
};

export async function rehearse(
  drills,
  holds,
  { names = Object.keys(holds), url = "" } = {},
) {
  const results = {};
  for (const name of names) {
    if (name === "killedIndexer" && !url) continue;
    results[name] = await drills[name]({ url });
    assert.ok(holds[name](results[name]), `${name}: ${JSON.stringify(results[name])}`);
    await end();
  }
  return results;
}
