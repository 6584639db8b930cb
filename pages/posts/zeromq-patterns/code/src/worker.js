// Does jobs for one or several dispatchers; says at each beat how many it takes at a time.
import { Dealer } from "zeromq";
import { parsed } from "./parse.js";
import { attempt } from "./send.js";

export class Worker {
  constructor(act, { slots = 4, beat = 100, patience = 5 * beat } = {}) {
    Object.assign(this, { act, slots, beat, patience, closed: false });
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

  // One connection, until the dispatcher falls silent: then a fresh socket with an empty queue.
  async #session(endpoint) {
    const socket = new Dealer({ receiveTimeout: this.patience, linger: 0, sendTimeout: 0 });
    const tell = (message) => attempt(socket, JSON.stringify(message));
    const beats = setInterval(() => tell({ slots: this.slots }), this.beat);
    let heard = 0;
    try {
      socket.connect(endpoint);
      tell({ slots: this.slots });
      for (this.socket = socket; !socket.closed; heard++) {
        const { job, body } = parsed((await socket.receive())[0]) ?? {};
        if (job) this.#outcome(job, body).then(tell);
      }
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    } finally {
      clearInterval(beats);
      socket.close();
    }
    return heard > 0;
  }
  // endregion work

  // A failure is an answer too: left alone, it would end this process, and the other jobs with it.
  async #outcome(job, body) {
    try {
      return { done: job, result: await this.act(body, job) };
    } catch (error) {
      return { done: job, error: String(error) };
    }
  }

  close() {
    this.closed = true;
    this.socket?.close();
  }
}
