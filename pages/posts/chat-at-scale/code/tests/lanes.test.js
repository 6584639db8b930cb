import assert from "node:assert/strict";
import test from "node:test";
import { Outbox, Room } from "../client/lanes.js";

function shuffled(list, random) {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j], copy[i]];
  }
  return copy;
}

function seeded(seed) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

test("a room hands on each message once and in order, however they come", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = seeded(seed);
    const all = Array.from({ length: 40 }, (_, i) => ({ seq: i + 1 }));
    const coming = shuffled([...all, ...all.slice(0, 15)], random);
    const room = new Room();
    const handed = coming.flatMap((message) => room.take([message]).ready);
    assert.deepEqual(handed.map(({ seq }) => seq), all.map(({ seq }) => seq));
    assert.equal(room.take([]).missing, false);
  }
});

test("a gap is noticed by the next message", () => {
  const room = new Room(7);
  assert.equal(room.take([{ seq: 8 }]).missing, false);
  assert.equal(room.take([{ seq: 11 }]).missing, true);
  assert.deepEqual(room.take([{ seq: 9 }, { seq: 10 }]).ready.map(({ seq }) => seq), [9, 10, 11]);
});

test("who may not see the past starts where the history says", () => {
  const room = new Room();
  room.startAt(4);
  assert.deepEqual(room.take([{ seq: 5 }, { seq: 6 }]).ready.map(({ seq }) => seq), [5, 6]);
});

test("an outbox keeps what nobody echoed, and starts again at a gap", async () => {
  const outbox = new Outbox();
  const entries = ["a", "b", "c"].map((text) => outbox.add("r", text, 0));
  assert.deepEqual(entries.map(({ n }) => n), [1, 2, 3]);
  outbox.settle("r", 1, { seq: 10 });
  assert.deepEqual(await entries[0].done, { seq: 10 });
  assert.deepEqual(outbox.from("r", 2).map(({ text }) => text), ["b", "c"]);
  assert.deepEqual(outbox.waiting().length, 2);
});
