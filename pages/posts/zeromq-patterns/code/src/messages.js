// One user's message to another: asked for by REQ, done once, published for both.
import { Router } from "zeromq";
import { Once } from "./ask.js";
import { parsed } from "./parse.js";
import { attempt } from "./send.js";

// region messages
export class Messages {
  constructor(feed, { mayWrite, keys = {} }) {
    Object.assign(this, { feed, mayWrite });
    this.once = new Once((order) => this.#deliver(order));
    const limits = { sendTimeout: 0, linger: 0, maxMessageSize: 8192 };
    this.router = new Router({ ...limits, ...keys });
  }

  async #deliver({ from, to, text }) {
    const fits = typeof to === "string" && typeof text === "string";
    if (!fits || !(await this.mayWrite(from, to))) return { error: "refused" };
    const event = this.feed.publish("event", "message", { from, to, text }, [from, to]);
    return { seq: event.seq };
  }

  async #reply(peer, empty, id, order) {
    const answer = await this.once.answer(id, order).catch(() => ({ error: "failed" }));
    await attempt(this.router, [peer, empty, JSON.stringify(answer)]);
  }
  // endregion messages

  async open(address = "tcp://127.0.0.1:*") {
    await this.router.bind(address);
    this.serving = this.#serve();
    return this.router.lastEndpoint;
  }

  async #serve() {
    for await (const [peer, empty, id, text] of this.router) {
      const order = parsed(text);
      if (order) this.#reply(peer, empty, id.toString(), order);
    }
  }

  async close() {
    this.router.close();
    await this.serving;
  }
}
