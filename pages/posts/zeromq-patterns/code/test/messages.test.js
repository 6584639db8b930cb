import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../src/ask.js";
import { Feed } from "../src/feed.js";
import { Gateway } from "../src/gateway.js";
import { Messages } from "../src/messages.js";
import { Connection, Reader } from "../src/reader.js";
import { authenticate, Browser, ORIGIN } from "./browser.js";
import { until } from "./support.js";

const FRIENDS = new Set(["alice>bob", "bob>alice"]);

// One service, two gateways, as many users as are named.
async function house(...names) {
  const feed = new Feed({ name: "messages" });
  const addresses = await feed.open();
  const mayWrite = async (from, to) => FRIENDS.has(`${from}>${to}`);
  const messages = new Messages(feed, { mayWrite });
  const address = await messages.open();
  const command = ({ id, ...order }) => ask(address, order, { id });
  const gateways = [0, 1].map(
    () => new Gateway(addresses, { authenticate, origins: new Set([ORIGIN]), command }),
  );
  const urls = await Promise.all(gateways.map((gateway) => gateway.open()));
  const users = names.map((name, n) => user(`${urls[n % 2]}/?user=${name}`));
  await until(() => users.every(({ reader }) => reader.states.has("$feed")));
  const close = async () => {
    for (const { connection } of users) connection.stop();
    for (const gateway of gateways) await gateway.close();
    await messages.close();
    await feed.close();
  };
  return { address, users, close };
}

function user(url) {
  const seen = { got: [], answers: [] };
  const notify = ({ body }) => seen.got.push(body);
  const answered = (answer) => seen.answers.push(answer);
  const reader = new Reader({ notify, answered, lost: assert.fail });
  return {
    ...seen,
    reader,
    connection: new Connection(url, reader, { Socket: Browser }),
  };
}

test("a message goes from one user to another, by two gateways, and to nobody else", async () => {
  const { users, close } = await house("alice", "bob", "carol");
  const [alice, bob, carol] = users;
  alice.connection.send({ id: "1", to: "bob", text: "hello", from: "carol" });
  await until(() => bob.got.length === 1 && alice.got.length === 1);
  await until(() => alice.answers.length === 1);
  const message = { from: "alice", to: "bob", text: "hello" }; // Whatever it claimed.
  assert.deepEqual(bob.got, [message]);
  assert.deepEqual(alice.got, [message]); // Her other tabs know to whom she wrote.
  assert.equal(alice.answers[0].seq, 1);
  assert.deepEqual(carol.got, []);
  await close();
});

test("a message that is sent again under its id arrives once", async () => {
  const { users, close } = await house("alice", "bob");
  const [alice, bob] = users;
  for (const count of [1, 2]) {
    alice.connection.send({ id: "1", to: "bob", text: "hello" });
    await until(() => alice.answers.length === count);
  }
  alice.connection.send({ id: "2", to: "bob", text: "again" });
  await until(() => bob.got.length === 2);
  assert.deepEqual(
    bob.got.map(({ text }) => text),
    ["hello", "again"],
  );
  assert.equal(alice.answers[0].seq, alice.answers[1].seq);
  await close();
});

test("who may not write is refused, and so is what is no message", async () => {
  const { address, users, close } = await house("carol", "bob");
  const [carol, bob] = users;
  carol.connection.send({ id: "1", to: "bob", text: "psst" });
  await until(() => carol.answers.length === 1);
  assert.equal(carol.answers[0].error, "refused");
  assert.deepEqual(await ask(address, { from: "alice", to: ["bob"], text: 1 }), {
    error: "refused",
  });
  assert.deepEqual(bob.got, []);
  await close();
});
