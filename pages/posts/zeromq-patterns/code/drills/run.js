// Runs all drills, or those that are named, and prints what they gave.
import { end } from "./cast.js";
import { rehearse } from "./rehearse.js";

const names = process.argv.slice(2);
try {
  console.log(JSON.stringify(await rehearse(process.env.SEARCH_URL, names.length ? names : undefined), null, 1));
} finally {
  await end();
}
