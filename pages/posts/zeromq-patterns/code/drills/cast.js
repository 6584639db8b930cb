// Starts the processes of a drill, talks to them, and sees to it that none is left.
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";

const NETNS = process.env.NETNS; // tools/netns.sh, where network namespaces are allowed
const cast = new Set();

// Runs a role here or, in a laboratory of network namespaces, on the named machine.
export function start(role, options = {}, machine = null, stderr = "inherit") {
  const there = { execPath: NETNS, execArgv: ["run", machine, process.execPath] };
  const program = new URL("./roles.js", import.meta.url);
  const words = [role, JSON.stringify(options)];
  const stdio = ["inherit", "inherit", stderr, "ipc"];
  const child = fork(program, words, { stdio, ...(machine ? there : {}) });
  cast.add(child);
  child.once("exit", () => cast.delete(child));
  return child;
}

// Acts on a machine of the laboratory: netns("cut", "feed").
export const netns = (...words) => execFileSync(NETNS, words, { stdio: "inherit" });

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
