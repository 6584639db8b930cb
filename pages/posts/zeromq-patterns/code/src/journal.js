// The events of one feed on disk, one JSON text a line: what survives the death of the process.
import { randomUUID } from "node:crypto";
import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";

export class Journal {
  constructor(path) {
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const whole = text.slice(0, text.lastIndexOf("\n") + 1); // A write cut short by death has no newline.
    const [head, ...events] = whole.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    this.file = openSync(path, "a");
    ftruncateSync(this.file, Buffer.byteLength(whole));
    this.epoch = head?.epoch ?? randomUUID();
    this.events = events;
    if (!head) this.append({ epoch: this.epoch });
  }

  append(line) {
    writeSync(this.file, `${JSON.stringify(line)}\n`);
  }

  close() {
    closeSync(this.file);
  }
}
