// The events of one feed on disk, one JSON text a line: what survives the death of the process.
import { randomUUID } from "node:crypto";
import { appendFileSync, closeSync, existsSync, ftruncateSync, openSync, readFileSync, renameSync } from "node:fs";

const BOOT = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();

// region journal
export class Journal {
  constructor(path, boot = BOOT) {
    const [head, events, length] = read(path);
    const usable = head?.boot === boot; // After a crash of the machine the end may be missing: a new epoch.
    if (head && !usable) renameSync(path, `${path}.${head.epoch}`);
    this.file = openSync(path, "a");
    ftruncateSync(this.file, usable ? length : 0);
    this.epoch = usable ? head.epoch : randomUUID();
    this.events = usable ? events : [];
    if (!usable) this.append({ epoch: this.epoch, boot });
  }

  append(line) {
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
  }
  // endregion journal

  close() {
    closeSync(this.file);
  }
}

// The first line, those after it, and how many bytes they are: a write cut short by death has no newline.
function read(path) {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const [head, ...events] = whole.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  return [head, events, Buffer.byteLength(whole)];
}
