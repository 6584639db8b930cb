// Runs the drills of processes, or with `machines` those of machines; or those named.
import { end, netns } from "./cast.js";
import * as processes from "./drills.js";
import * as machines from "./lab.js";
import { MACHINES, PROCESSES, rehearse } from "./rehearse.js";

const [kind, ...chosen] = process.argv.slice(2);
const names = chosen.length > 0 ? chosen : undefined;
const options = { names, url: process.env.SEARCH_URL };
try {
  if (kind === "machines") netns("host", "10.9.0.1/24");
  const results =
    kind === "machines"
      ? await rehearse(machines, MACHINES, options)
      : await rehearse(processes, PROCESSES, options);
  console.log(JSON.stringify(results));
} finally {
  await end();
}
