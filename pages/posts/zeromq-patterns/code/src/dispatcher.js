// The owner of jobs hands them to workers directly: Paranoid Pirate without a queue process in the middle.
import { randomUUID } from "node:crypto";
import { Router } from "zeromq";
import { parsed } from "./parse.js";
import { attempt } from "./send.js";

export class Dispatcher {
  #waiting = []; // jobs, oldest first
  #workers = new Map(); // by routing id: { peer, slots, seen, jobs }

  constructor({ room = 1000, beat = 100, patience = 3 * beat, clock = Date.now } = {}) {
    Object.assign(this, { room, beat, patience, clock });
    this.router = new Router({ mandatory: true, linger: 0, sendTimeout: 0, maxMessageSize: 64 * 1024 });
  }

  async open(address = "tcp://127.0.0.1:*") {
    await this.router.bind(address);
    this.timer = setInterval(() => this.#pulse(), this.beat);
    this.serving = this.#serve();
    return this.router.lastEndpoint;
  }

  // region submit
  // Resolves with the result. Rejects if the job fails, if there is no room for it,
  // or if three workers fell silent over it.
  submit(body, id = randomUUID()) {
    if (this.#waiting.length >= this.room) return Promise.reject(new Error("full"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, body, resolve, reject, deaths: 0 });
      this.#assign();
    });
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
    if (!this.#workers.has(name)) this.#workers.set(name, { peer, slots: 0, jobs: new Map() });
    const worker = this.#workers.get(name);
    worker.seen = this.clock();
    worker.slots = slots ?? worker.slots;
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
      if (++job.deaths < 3) this.#waiting.unshift(job);
      else job.reject(new Error(`three workers fell silent over ${job.id}`));
    }
  }
  // endregion workers

  #send(worker, message) {
    // EHOSTUNREACH (gone) and EAGAIN (its queue is full) end in the same place: silence, then burial.
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

  async close() {
    clearInterval(this.timer);
    this.router.close();
    await this.serving;
  }
}
