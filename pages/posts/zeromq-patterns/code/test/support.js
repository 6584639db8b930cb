import { setTimeout as pause } from "node:timers/promises";

export async function until(condition, patience = 15_000) {
  for (const end = Date.now() + patience; Date.now() < end; await pause(5)) {
    const found = await condition();
    if (found) return found;
  }
  throw new Error(`still not so after ${patience} ms: ${condition}`);
}

// Collects what a follower gives until it is closed.
export function collected(follower) {
  const events = [];
  const ended = (async () => {
    for await (const event of follower) if (event.kind !== "beat") events.push(event);
  })();
  return { events, of: (kind) => events.filter((event) => event.kind === kind), ended };
}

// Opens what `make` gives, at an address that was closed just now: the I/O thread
// lets go of it a moment later.
export function reopened(make, ...addresses) {
  return until(async () => {
    const thing = make();
    try {
      await thing.open(...addresses);
      return thing;
    } catch (error) {
      if (error.code !== "EADDRINUSE") throw error;
      for (const socket of [thing.pub, thing.desk, thing.router]) socket?.close();
      return null;
    }
  });
}
