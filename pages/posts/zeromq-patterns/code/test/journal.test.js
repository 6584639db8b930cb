import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { Feed } from "../src/feed.js";
import { Journal } from "../src/journal.js";

const upTo = (count) => Array.from({ length: count }, (_, n) => n + 1);

async function inFolder(act) {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  await act(join(folder, "journal"));
  rmSync(folder, { recursive: true });
}

// A feed with this journal, asked for what it knows, and closed.
async function lived(journal, act = () => {}, keep = 10) {
  const feed = new Feed({ name: "orders", journal, keep });
  await feed.open();
  act(feed);
  const { snapshot, past } = feed.history;
  await feed.close();
  return { ...snapshot, past: past.map(({ seq }) => seq) };
}

const publish = (count) => (feed) => {
  for (const n of upTo(count)) feed.publish("state", `key-${n % 3}`, n);
};

test("a later process goes on in the same epoch, with states and past", () =>
  inFolder(async (path) => {
    const before = await lived(new Journal(path), publish(7));
    const after = await lived(new Journal(path));
    assert.deepEqual(after, before);
  }));

test("a line that death cut short is left out", () =>
  inFolder(async (path) => {
    const before = await lived(new Journal(path), publish(7));
    appendFileSync(path, '{"feed":"orders","seq":8,"ki');
    assert.deepEqual(await lived(new Journal(path)), before);
  }));

test("after the machine died, a journal without flushes begins a new epoch and is set aside", () =>
  inFolder(async (path) => {
    const before = await lived(new Journal(path, { boot: "monday" }), publish(7));
    const after = await lived(new Journal(path, { boot: "tuesday" }));
    assert.notEqual(after.epoch, before.epoch);
    assert.deepEqual(after.states, []);
    assert.match(readFileSync(`${path}.${before.epoch}`, "utf8"), /"seq":7/);
  }));

test("after the machine died, a durable journal goes on in the same epoch", () =>
  inFolder(async (path) => {
    const durable = true;
    const before = await lived(
      new Journal(path, { durable, boot: "monday" }),
      publish(7),
    );
    const after = await lived(new Journal(path, { durable, boot: "tuesday" }));
    assert.deepEqual(after, before);
  }));

test("a journal that was not flushed stays doubtful when it is opened as a durable one", () =>
  inFolder(async (path) => {
    const before = await lived(new Journal(path, { boot: "monday" }), publish(7));
    const after = await lived(new Journal(path, { durable: true, boot: "tuesday" }));
    assert.notEqual(after.epoch, before.epoch);
  }));

test("a journal never holds more than four times what is kept", () =>
  inFolder(async (path) => {
    const before = await lived(new Journal(path), publish(1000));
    const lines = readFileSync(path, "utf8").trim().split("\n").length - 1;
    assert.ok(lines <= 40, String(lines));
    assert.deepEqual((await lived(new Journal(path))).states, before.states);
  }));

test("many events can be written and flushed as one", () =>
  inFolder(async (path) => {
    const drafts = upTo(5).map((n) => ({ kind: "event", key: "", body: n }));
    const journal = new Journal(path, { durable: true });
    const { past } = await lived(journal, (feed) => feed.publishAll(drafts));
    assert.deepEqual(past, [1, 2, 3, 4, 5]);
  }));
