// Jobs go from their owner to workers directly: Paranoid Pirate, no queue process.
import { randomUUID } from "node:crypto";
import { Router } from "zeromq";
import { SPEAKER } from "./link.js";
import { parsed } from "./parse.js";
import { attempt } from "./send.js";

const MOST_SLOTS = 100; // What a worker may ask for.

export class Dispatcher {
  #waiting = []; // jobs, oldest first
  #workers = new Map(); // by routing id: { peer, slots, seen, jobs }
  #answers = new Map(); // by job id: the promise that `submit` gave

  constructor({
    room = 1000,
    beat = 100,
    patience = 10 * beat,
    clock = Date.now,
    keys = {},
  } = {}) {
    Object.assign(this, { room, beat, patience, clock });
    const limits = {
      mandatory: true,
      sendTimeout: 0,
      linger: 0,
      maxMessageSize: 64 * 1024,
    };
    this.router = new Router({ ...limits, ...SPEAKER, ...keys });
  }

  async open(address = "tcp://127.0.0.1:*") {
    await this.router.bind(address);
    this.timer = setInterval(() => this.#pulse(), this.beat);
    this.serving = this.#serve();
    return this.router.lastEndpoint;
  }

  // region submit
  // Resolves with the result. Rejects if the job fails, if there is no room for it,
  // or if three workers fell silent over it. An id that is under way is joined.
  submit(body, id = randomUUID()) {
    if (this.#answers.has(id)) return this.#answers.get(id);
    if (this.#waiting.length >= this.room) return Promise.reject(new Error("full"));
    const answer = new Promise((resolve, reject) => {
      this.#waiting.push({ id, body, resolve, reject, deaths: 0 });
    });
    this.#answers.set(id, answer);
    const forget = () => this.#answers.delete(id);
    answer.then(forget, forget);
    this.#assign();
    return answer;
  }

  #assign() {
    for (const worker of this.#workers.values()) {
      while (this.#waiting.length > 0 && worker.jobs.size < worker.slots) {
        const job = this.#waiting.shift();
        worker.jobs.set(job.id, job);
        this.#send(worker, { job: job.id, body: job.body });
      }
    }
  }
  // endregion submit

  // region workers
  #hear(peer, { slots, done, result, error }) {
    const name = peer.toString("hex");
    const fresh = { peer, slots: 0, jobs: new Map() };
    const worker = this.#workers.get(name) ?? fresh;
    this.#workers.set(name, worker);
    worker.seen = this.clock();
    if (Number.isInteger(slots)) worker.slots = Math.min(slots, MOST_SLOTS);
    const job = worker.jobs.get(done); // None: it was given to another since.
    if (error) job?.reject(new Error(error));
    else job?.resolve(result);
    worker.jobs.delete(done);
    this.#assign();
  }

  #pulse() {
    for (const [name, worker] of this.#workers) {
      if (this.clock() - worker.seen > this.patience) this.#bury(name, worker);
      else this.#send(worker, { beat: true });
    }
    this.#assign();
  }

  #bury(name, worker) {
    this.#workers.delete(name);
    for (const job of [...worker.jobs.values()].reverse()) {
      job.deaths++;
      if (job.deaths < 3) this.#waiting.unshift(job);
      else job.reject(new Error(`three workers fell silent over ${job.id}`));
    }
  }
  // endregion workers

  #send(worker, message) {
    // EHOSTUNREACH (gone) and EAGAIN (queue full) both end in silence, then burial.
    attempt(this.router, [worker.peer, JSON.stringify(message)]);
  }

  async #serve() {
    for await (const [peer, text] of this.router) {
      const message = parsed(text);
      if (message) this.#hear(peer, message);
    }
  }

  get waiting() {
    return this.#waiting.length;
  }

  get workers() {
    return this.#workers.size;
  }

  async close() {
    clearInterval(this.timer);
    this.router.close();
    await this.serving;
  }
}
