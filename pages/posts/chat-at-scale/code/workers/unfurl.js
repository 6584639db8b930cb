// The worker that finds links, and asks for a statement where a message says so.
import { randomUUID } from "node:crypto";
import amqp from "amqplib";
import { parse } from "./contract.js";

const STATEMENT = /^\/statement$/;

// region celery
/** A Celery task by its message protocol 2: a worker cannot tell who sent it. */
export function celeryTask(task, args, id = randomUUID()) {
  const headers = {
    lang: "js", task, id, root_id: id, parent_id: null, group: null, retries: 0,
    eta: null, expires: null, timelimit: [null, null], argsrepr: JSON.stringify(args),
    kwargsrepr: "{}", origin: "unfurl",
  };
  const embedded = { callbacks: null, errbacks: null, chain: null, chord: null };
  return {
    body: Buffer.from(JSON.stringify([args, {}, embedded])),
    options: {
      headers, correlationId: id, contentType: "application/json",
      contentEncoding: "utf-8", deliveryMode: 2,
    },
  };
}
// endregion celery

// region unfurl
async function handle(channel, delivery) {
  const event = parse(delivery.content);
  if (!event) {
    channel.nack(delivery, false, false);
    return;
  }
  if (STATEMENT.test(event.text)) {
    // The event's id is the task's id: the same event never makes two tasks with two names.
    const { body, options } = celeryTask("statement", [event.room, event.seq], event.id);
    channel.publish("statements", "statements", body, options);
  }
  for (const link of event.text.match(/https:\/\/\S+/g) ?? []) {
    const found = { type: "message.link", version: 1, id: event.id, link };
    channel.publish("events", "message.link", Buffer.from(JSON.stringify(found)), { deliveryMode: 2 });
  }
  await channel.waitForConfirms();
  channel.ack(delivery);
}
// endregion unfurl

async function work() {
  const connection = await amqp.connect(`${process.env.AMQP_URL}?heartbeat=4`);
  const ended = new Promise((resolve) => connection.on("close", resolve));
  connection.on("error", () => {}); // "close" follows
  const channel = await connection.createConfirmChannel();
  await channel.prefetch(20);
  await channel.consume("unfurl", (delivery) => {
    if (delivery) handle(channel, delivery).catch(() => connection.close().catch(() => {}));
  });
  await ended;
}

if (process.argv[1]?.endsWith("unfurl.js")) {
  for (let failures = 0; ; failures += 1) {
    await work().then(() => { failures = 0; }).catch((error) => console.log(`unfurl: ${error.message}`));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(10_000, 500 * 2 ** failures)));
  }
}
