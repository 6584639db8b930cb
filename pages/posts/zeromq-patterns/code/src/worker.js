// Does jobs for dispatchers; says at each beat how many it takes at a time.
import { Dealer } from "zeromq";
import { SPEAKER } from "./link.js";
import { parsed } from "./parse.js";
import { attempt } from "./send.js";

export class Worker {
  #sockets = new Set();
  #running = new Set();

  constructor(act, { slots = 4, beat = 100, patience = 10 * beat, keys = {} } = {}) {
    Object.assign(this, { act, slots, beat, patience, keys, closed: false });
  }

  // region work
  async serve(endpoint) {
    let pause = this.beat;
    while (!this.closed) {
      const heardSomething = await this.#session(endpoint);
      pause = heardSomething ? this.beat : Math.min(2 * pause, 5000);
      if (!this.closed) await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  // One connection, until the dispatcher falls silent: then a fresh, empty socket.
  async #session(endpoint) {
    const limits = { receiveTimeout: this.patience, sendTimeout: 0, linger: 0 };
    const socket = new Dealer({ ...limits, ...SPEAKER, ...this.keys });
    const tell = (message) => attempt(socket, JSON.stringify(message));
    const beats = setInterval(() => tell({ slots: this.slots }), this.beat);
    this.#sockets.add(socket);
    let heard = 0;
    try {
      socket.connect(endpoint);
      tell({ slots: this.slots });
      while (!socket.closed) {
        const [text] = await socket.receive();
        heard++;
        const { job, body } = parsed(text) ?? {};
        if (job) this.#take(job, body, tell);
      }
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    } finally {
      clearInterval(beats);
      this.#sockets.delete(socket);
      socket.close();
    }
    return heard > 0;
  }
  // endregion work

  #take(job, body, tell) {
    const running = this.#outcome(job, body).then(tell);
    this.#running.add(running);
    running.then(() => this.#running.delete(running));
  }

  // A failure is an answer too: unhandled, it would end this process.
  async #outcome(job, body) {
    try {
      return { done: job, result: await this.act(body, job) };
    } catch (error) {
      return { done: job, error: String(error) };
    }
  }

  // For SIGTERM: takes no more jobs, finishes those it has, and leaves.
  async drain() {
    this.slots = 0;
    await new Promise((resolve) => setTimeout(resolve, 2 * this.beat)); // Said by then.
    while (this.#running.size > 0) await Promise.all(this.#running);
    await new Promise((resolve) => setTimeout(resolve, this.beat)); // Answers leave.
    this.close();
  }

  close() {
    this.closed = true;
    for (const socket of this.#sockets) socket.close();
  }
}
