import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Reply, Request, Router } from "zeromq";
import { ask, Once } from "../src/ask.js";

// A server that loses the first answers it should give.
async function forgetfulServer(once, losses) {
  const router = new Router({ linger: 0 });
  await router.bind("tcp://127.0.0.1:*");
  const serving = (async () => {
    for await (const [peer, empty, id, body] of router) {
      const answer = await once.answer(id.toString(), JSON.parse(body));
      if (losses-- <= 0) await router.send([peer, empty, JSON.stringify(answer)]);
    }
  })();
  return { endpoint: router.lastEndpoint, close: () => (router.close(), serving) };
}

test("a REQ socket that lost its reply cannot ask again: it waits forever, or as long as it may", async () => {
  const reply = new Reply({ linger: 0 });
  await reply.bind("tcp://127.0.0.1:*");
  const request = new Request({ receiveTimeout: 50, linger: 0 });
  request.connect(reply.lastEndpoint);
  await request.send("one");
  await reply.receive(); // It was heard, but nobody answers.
  await assert.rejects(request.receive(), { code: "EAGAIN" });
  request.sendTimeout = 50;
  await assert.rejects(request.send("two"), { code: "EFSM" });
  request.sendTimeout = -1; // The default.
  const third = request.send("three").catch(() => "closed");
  assert.equal(
    await Promise.race([third, pause(300, "still waiting")]),
    "still waiting",
  );
  request.close();
  reply.close();
});

test("a lost answer is asked for again, and the act is done once", async () => {
  let acts = 0;
  const once = new Once(async ({ amount }) => ({ total: amount, acts: ++acts }));
  const server = await forgetfulServer(once, 2);
  assert.deepEqual(await ask(server.endpoint, { amount: 5 }, { patience: 100, tries: 20 }), {
    total: 5,
    acts: 1,
  });
  assert.equal(acts, 1);
  await server.close();
});

test("without a server the question ends in an error that names it", async () => {
  await assert.rejects(
    ask("tcp://127.0.0.1:9", {}, { tries: 2, patience: 30 }),
    /no answer from tcp:\/\/127.0.0.1:9 after 2/,
  );
});

test("a failed act may be tried again under the same id", async () => {
  let fails = 1;
  const once = new Once(async () =>
    fails-- > 0 ? Promise.reject(new Error("down")) : "done",
  );
  await assert.rejects(once.answer("a"));
  assert.equal(await once.answer("a"), "done");
});
