// The same contract for Node.js, from the same file.
import { readFileSync } from "node:fs";
import Ajv from "ajv";

const file = new URL("../contracts/message.stored.v1.json", import.meta.url);
const fits = new Ajv().compile(JSON.parse(readFileSync(file, "utf8")));

/** The event, or null for a body that breaks the contract. */
export function parse(body) {
  try {
    const event = JSON.parse(body);
    return fits(event) ? event : null;
  } catch {
    return null;
  }
}
