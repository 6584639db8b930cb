// Starts the processes of a drill, talks to them, and sees to it that none is left.
import { fork } from "node:child_process";
import { once } from "node:events";

const cast = new Set();

export function start(role, options = {}) {
  const child = fork(new URL("./roles.js", import.meta.url), [role, JSON.stringify(options)]);
  cast.add(child);
  child.once("exit", () => cast.delete(child));
  return child;
}

export const said = async (child) => (await once(child, "message"))[0];

export async function asked(child) {
  child.send("report");
  return said(child);
}

export async function killed(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

export const end = () => Promise.all([...cast].map(killed));
