import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommand } from "#scripts/services/run-command.ts";

/** Says whether a process id is alive (a zombie counts as gone: it holds no port and no file). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const stat = `/proc/${pid}/stat`;
  if (!existsSync(stat)) return true;
  try {
    const text = readFileSync(stat, "utf8");
    return text.slice(text.lastIndexOf(")") + 2, text.lastIndexOf(")") + 3) !== "Z";
  } catch {
    return false;
  }
}

/** The command line of a live process, or an empty string. */
export async function commandLineOf(pid: number): Promise<string> {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    const { code, stdout } = await runCommand("ps", ["-o", "args=", "-p", String(pid)]);
    return code === 0 ? stdout.trim() : "";
  }
}

/**
 * Stops a process that a killed supervisor left behind, by `signal` and then by SIGKILL after
 * `graceMs`. `isOurs` decides whether the process id still means that process, so that a recycled
 * one never costs a stranger its life.
 */
export async function stopLeftover(
  pid: number,
  signal: NodeJS.Signals,
  isOurs: (pid: number) => Promise<boolean>,
  graceMs = 20_000,
): Promise<void> {
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid) || !(await isOurs(pid))) return;
  sendSignal(pid, signal);
  const deadline = Date.now() + graceMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) sendSignal(pid, "SIGKILL");
    await sleep(50);
  }
}

/** Sends a signal and reports whether the target (a negative number is a process group) still existed. */
export function sendSignal(target: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
