// A request that survives a lost reply: a fresh REQ socket per try, one id for all.
import { randomUUID } from "node:crypto";
import { Request } from "zeromq";

// region ask
export async function ask(endpoint, body, options = {}) {
  const { id = randomUUID(), tries = 3, patience = 500, keys = {} } = options;
  for (let attempt = 1; attempt <= tries; attempt++) {
    const limits = { receiveTimeout: patience, sendTimeout: patience, linger: 0 };
    const socket = new Request({ ...limits, connectTimeout: patience, ...keys });
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
      const [oldest] = this.#answers.keys();
      if (this.#answers.size > this.keep) this.#answers.delete(oldest);
    }
    return this.#answers.get(id);
  }
}
// endregion once
