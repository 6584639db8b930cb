// A request that survives a lost reply: a fresh REQ socket for each try, and one id for all of them.
import { randomUUID } from "node:crypto";
import { Request } from "zeromq";

// region ask
export async function ask(endpoint, body, { id = randomUUID(), tries = 3, patience = 500, keys = {} } = {}) {
  for (let attempt = 1; attempt <= tries; attempt++) {
    const socket = new Request({ receiveTimeout: patience, sendTimeout: patience, linger: 0, ...keys });
    try {
      socket.connect(endpoint);
      await socket.send([id, JSON.stringify(body)]);
      const [answer] = await socket.receive();
      return JSON.parse(answer);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    } finally {
      socket.close();
    }
  }
  throw new Error(`no answer from ${endpoint} after ${tries} tries of ${patience} ms`);
}
// endregion ask

// region once
// Runs `act` once per id, and gives a repeated id the answer of the first time.
export class Once {
  #answers = new Map();

  constructor(act, keep = 10_000) {
    this.act = act;
    this.keep = keep;
  }

  answer(id, body) {
    if (!this.#answers.has(id)) {
      const answer = this.act(body); // A promise: a second try joins the first.
      answer.catch(() => this.#answers.delete(id)); // A failure may be tried again.
      this.#answers.set(id, answer);
      if (this.#answers.size > this.keep) this.#answers.delete(this.#answers.keys().next().value);
    }
    return this.#answers.get(id);
  }
}
// endregion once
