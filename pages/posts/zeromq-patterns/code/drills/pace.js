// Waiting for things, and doing them at a pace.
import { setTimeout as pause } from "node:timers/promises";
import { asked } from "./cast.js";

export async function until(condition, patience = 60_000) {
  const end = performance.now() + patience;
  while (performance.now() < end) {
    const found = await condition();
    if (found) return found;
    await pause(10);
  }
  throw new Error(`still not so: ${condition}`);
}

// Calls `act` `count` times, at most so many a millisecond; gives the longest call.
export async function paced(count, perMs, act) {
  let longest = 0;
  for (let n = 0; n < count; n++) {
    const before = performance.now();
    await act(n);
    longest = Math.max(longest, performance.now() - before);
    if (n % perMs === 0) await pause(1);
  }
  return longest;
}

// A child's count, once it no longer grows.
export async function settled(child) {
  let last = -1;
  for (;;) {
    const { count } = await asked(child);
    if (count === last) return count;
    last = count;
    await pause(200);
  }
}
