// What the article's settings mean at the load that it names. Computed, not measured.
export const TARGET = {
  rate: 2000, // events a second, of one feed
  size: 1024, // bytes of an event
  gateways: 20,
  browsers: 10_000, // of each gateway
  audience: 3, // users of an event, on average
  outage: 600, // seconds that a reader may be away
};

const KEEP = 10_000; // of history.js; up to twice that is kept
const HIGH_WATER = 1000; // of feed.js
const SLICE = 500; // of mailbox.js

const MIB = 2 ** 20;
const GIB = 2 ** 30;

export function budget(deliveries) {
  const { rate, size, gateways, browsers, audience, outage } = TARGET;
  const needed = (rate * outage * size) / GIB;
  const one = (number) => number.toFixed(1);
  const whole = (number) => Math.round(number).toLocaleString("en");
  return {
    plan_out_mib: whole((rate * gateways * size) / MIB),
    plan_mark_s: one(HIGH_WATER / rate),
    plan_mark_mib: whole((HIGH_WATER * size * gateways) / MIB),
    plan_kept_s: `${KEEP / rate} to ${(2 * KEEP) / rate}`,
    plan_keep: whole(rate * outage),
    plan_keep_gib: `${one(needed)} to ${one(2 * needed)}`,
    plan_addressed: whole((rate * audience) / gateways),
    plan_broadcast_million: whole((rate * browsers) / 1e6),
    plan_broadcasts: whole(Number((deliveries / browsers).toPrecision(1))),
    plan_stall_gib: one((browsers * SLICE * size) / GIB),
  };
}
