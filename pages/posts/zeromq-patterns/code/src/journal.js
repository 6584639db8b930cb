// One feed's events on disk: what survives the process, or the machine.
import {
  appendFileSync,
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
} from "node:fs";
import { dirname } from "node:path";

const BOOT = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();

export class Journal {
  constructor(path, { durable = false, boot = BOOT } = {}) {
    Object.assign(this, { path, durable, boot, lines: 0 });
  }

  // region journal
  // What the last process left; null where none did, or its end cannot be trusted.
  recall() {
    const [head, ...events] = wholeLines(this.path);
    if (!head) return null;
    const trusted = head.durable || head.boot === this.boot;
    if (trusted) return { ...head, events };
    renameSync(this.path, `${this.path}.${head.epoch}`);
    return null;
  }

  // Writes the file anew: a head with all states, then the events that are kept.
  begin(snapshot, past) {
    const head = { ...snapshot, boot: this.boot, durable: this.durable };
    const file = openSync(`${this.path}.new`, "w");
    appendFileSync(file, asLines([head, ...past]));
    fdatasyncSync(file);
    renameSync(`${this.path}.new`, this.path);
    flushFolder(this.path); // Or the machine may forget the new name.
    this.close();
    Object.assign(this, { file, lines: past.length });
  }

  append(events) {
    appendFileSync(this.file, asLines(events)); // Safe if the process dies,
    if (this.durable) fdatasyncSync(this.file); // and now if the machine does.
    this.lines += events.length;
  }
  // endregion journal

  close() {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
}

const asLines = (values) =>
  values.map((value) => `${JSON.stringify(value)}\n`).join("");

// A write cut short by death has no newline: it is left out.
function wholeLines(path) {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  return lines.filter(Boolean).map((line) => JSON.parse(line));
}

function flushFolder(path) {
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}
