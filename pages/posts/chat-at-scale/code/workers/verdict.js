import { readFileSync } from "node:fs";
import { parse } from "./contract.js";

console.log(parse(readFileSync(0, "utf8")) !== null);
