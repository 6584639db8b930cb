import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Dispatcher } from "../src/dispatcher.js";
import { Worker } from "../src/worker.js";
import { reopened, until } from "./support.js";

test("jobs go to whoever has a free slot, and each is answered", async () => {
  const dispatcher = new Dispatcher();
  const endpoint = await dispatcher.open();
  const tally = { slow: 0, fast: 0 };
  const workers = Object.entries({ slow: 50, fast: 1 }).map(
    ([name, ms]) =>
      new Worker(async (body) => (await pause(ms), tally[name]++, body * 2), {
        slots: 2,
      }),
  );
  const serving = workers.map((worker) => worker.serve(endpoint));
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, n) => dispatcher.submit(n)),
  );
  assert.deepEqual(
    answers,
    Array.from({ length: 200 }, (_, n) => n * 2),
  );
  assert.ok(tally.fast > 2 * tally.slow, JSON.stringify(tally));
  for (const worker of workers) worker.close();
  await Promise.all(serving);
  await dispatcher.close();
});

test("a job that fails is told as failed, and its worker goes on", async () => {
  const dispatcher = new Dispatcher();
  const worker = new Worker(async (body) =>
    body === "bad" ? Promise.reject(new Error("no such address")) : body,
  );
  const serving = worker.serve(await dispatcher.open());
  await assert.rejects(dispatcher.submit("bad"), /no such address/);
  assert.equal(await dispatcher.submit("good"), "good");
  worker.close();
  await serving;
  await dispatcher.close();
});

test("without room a job is refused at once", async () => {
  const dispatcher = new Dispatcher({ room: 2 });
  await dispatcher.open();
  dispatcher.submit(1);
  dispatcher.submit(2);
  await assert.rejects(dispatcher.submit(3), /full/);
  await dispatcher.close();
});

test("a silent worker's job is given to another, and its late answer is ignored", async () => {
  const dispatcher = new Dispatcher({ beat: 30 });
  const endpoint = await dispatcher.open();
  const ids = [];
  const slow = new Worker(async (_, id) => (ids.push(id), await pause(600), "late"), {
    slots: 1,
    beat: 30,
  });
  const serving = [slow.serve(endpoint)];
  const answer = dispatcher.submit("job");
  await until(() => ids.length === 1);
  slow.beat = 10_000;
  slow.close(); // As good as dead.
  const other = new Worker(async (_, id) => (ids.push(id), "done"), {
    slots: 1,
    beat: 30,
  });
  serving.push(other.serve(endpoint));
  assert.equal(await answer, "done");
  assert.equal(ids[0], ids[1]);
  other.close();
  await Promise.all(serving);
  await dispatcher.close();
});

test("workers find a dispatcher that begins again at the same address", async () => {
  const first = new Dispatcher({ beat: 30 });
  const endpoint = await first.open();
  const worker = new Worker(async (body) => body, { beat: 30 });
  const serving = worker.serve(endpoint);
  assert.equal(await first.submit("before"), "before");
  await first.close();
  const second = await reopened(() => new Dispatcher({ beat: 30 }), endpoint);
  assert.equal(await second.submit("after"), "after");
  worker.close();
  await serving;
  await second.close();
});

test("a job over which three workers fell silent is given back", async () => {
  let now = 0;
  const dispatcher = new Dispatcher({ beat: 20, clock: () => now });
  const endpoint = await dispatcher.open();
  const taken = [];
  const answer = assert.rejects(
    dispatcher.submit("poison", "job-1"),
    /three workers fell silent over job-1/,
  );
  for (let death = 1; death <= 3; death++) {
    const worker = new Worker((_, id) => (taken.push(id), new Promise(() => {})), {
      slots: 1,
      beat: 20,
    });
    const serving = worker.serve(endpoint);
    await until(() => taken.length === death);
    worker.close();
    await serving;
    await until(() => {
      now += 1000; // A last beat may have been on its way.
      return dispatcher.workers === 0;
    });
  }
  await answer;
  await dispatcher.close();
});

test("a worker of two owners leaves both when it is closed", async () => {
  const dispatchers = [new Dispatcher({ beat: 30 }), new Dispatcher({ beat: 30 })];
  const endpoints = await Promise.all(dispatchers.map((one) => one.open()));
  const worker = new Worker(async (body) => body, { beat: 30 });
  const serving = endpoints.map((endpoint) => worker.serve(endpoint));
  const jobs = dispatchers.map((one, n) => one.submit(n));
  assert.deepEqual(await Promise.all(jobs), [0, 1]);
  worker.close();
  await Promise.all(serving);
  await until(() => dispatchers.every(({ workers }) => workers === 0));
  for (const one of dispatchers) await one.close();
});

test("a job that is submitted twice under one id is done once, and both are answered", async () => {
  const dispatcher = new Dispatcher();
  const endpoint = await dispatcher.open();
  let acts = 0;
  const worker = new Worker(async () => {
    acts++;
    return acts;
  });
  const answers = [dispatcher.submit("a", "job-1"), dispatcher.submit("a", "job-1")];
  const serving = worker.serve(endpoint);
  assert.deepEqual(await Promise.all(answers), [1, 1]);
  worker.close();
  await serving;
  await dispatcher.close();
});

test("a worker that drains finishes what it has, and takes no more", async () => {
  const dispatcher = new Dispatcher({ beat: 30 });
  const endpoint = await dispatcher.open();
  const did = [];
  const act = (name) => async (_, id) => {
    await pause(1000);
    did.push(`${name} ${id}`);
    return name;
  };
  const first = new Worker(act("first"), { slots: 2, beat: 30 });
  const serving = [first.serve(endpoint)];
  const early = [1, 2].map((n) => dispatcher.submit(n, `job-${n}`));
  await until(() => dispatcher.waiting === 0);
  const drained = first.drain();
  await pause(100); // Its word that it takes no more has arrived.
  const late = dispatcher.submit(3, "job-3");
  await Promise.all(early);
  await drained;
  const second = new Worker(act("second"), { beat: 30 });
  serving.push(second.serve(endpoint));
  assert.equal(await late, "second");
  assert.deepEqual(did, ["first job-1", "first job-2", "second job-3"]);
  second.close();
  await Promise.all(serving);
  await dispatcher.close();
});
