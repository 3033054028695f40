import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "#scripts/services/run-command.ts";
import { SetupError } from "#scripts/services/setup-error.ts";
import { sendSignal } from "#scripts/supervisor/leftover.ts";
import { LogFile } from "#scripts/supervisor/log-file.ts";

/** How one child is started, judged ready and stopped. */
export type ProcessSpec = Readonly<{
  name: string;
  command: string;
  args: readonly string[];
  env?: Environment;
  cwd?: string;
  logPath: string;
  /** Opens an IPC channel; its end tells the child that the supervisor is gone. */
  ipc?: boolean;
  stopSignal: NodeJS.Signals;
  /** How long the child may take to stop before it is killed. */
  graceMs: number;
  /** Runs before every start, for example to clear what a killed run left behind. */
  prepare?: () => Promise<void>;
  /** Asked every 50 ms until it answers true; absent means "ready once started". */
  isReady?: () => Promise<boolean>;
  readyWithinMs?: number;
}>;

export type ProcessListener = Readonly<{
  /** One line for a person: a death, a restart. */
  onNotice: (name: string, text: string) => void;
  /** A child process exists now, for the first time or again. */
  onStarted?: (name: string) => void;
  /** Every output line of the child. */
  onLine?: (name: string, line: string) => void;
}>;

const firstDelayMs = 300;
const longestDelayMs = 10_000;
const stableAfterMs = 30_000;

/**
 * A child that is started again whenever it dies, with a growing delay (0.3 s up to 10 s, back to
 * 0.3 s once it has lived for 30 s), until `stop` is called.
 */
export class SupervisedProcess {
  readonly spec: ProcessSpec;
  readonly #listener: ProcessListener;
  readonly #log: LogFile;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  /** Settles once all output of the child has been read, which may be a little after its end. */
  #drained: Promise<void> = Promise.resolve();
  #stopping = new AbortController();
  #delayMs = firstDelayMs;
  #startedAt = 0;
  #lastLines: string[] = [];
  #loop: Promise<void> = Promise.resolve();

  constructor(spec: ProcessSpec, listener: ProcessListener) {
    this.spec = spec;
    this.#listener = listener;
    this.#log = new LogFile(spec.logPath);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Starts the child and waits until it is ready. A child that dies before it was ever ready is a
   * broken set-up, not a crash: refused with its last words instead of being started again for ever.
   */
  async start(): Promise<void> {
    await this.#spawn();
    try {
      await this.#waitUntilReady();
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.#loop = this.#keepAlive();
  }

  /** Runs the child once to its end and returns its exit code (1 after a signal). */
  async runOnce(): Promise<number> {
    await this.#spawn();
    await this.#exited;
    await this.#drained;
    await this.#log.close();
    return this.#child?.exitCode ?? 1;
  }

  /** Stops the child (its signal, then SIGKILL after its grace period) and starts it no more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#end(this.spec.graceMs);
    await this.#loop;
    await this.#log.close();
  }

  /** Kills the child and its descendants at once, for a second Ctrl-C. */
  kill(): void {
    this.#stopping.abort();
    const pid = this.#child?.pid;
    if (pid !== undefined) sendSignal(-pid, "SIGKILL");
  }

  /** Stops the present child; the supervisor starts a new one right away (a reload). */
  async restart(): Promise<void> {
    this.#delayMs = 0;
    await this.#end(this.spec.graceMs);
  }

  async #spawn(): Promise<void> {
    await this.spec.prepare?.();
    if (this.#stopping.signal.aborted) return;
    const { command, args, env, cwd, ipc } = this.spec;
    // A group of its own: a Ctrl-C in the terminal reaches the supervisor alone, which then stops its
    // children in order; and whatever a child has spawned can be ended together with it.
    const child = spawn(command, args, {
      env: env as NodeJS.ProcessEnv | undefined,
      cwd,
      detached: true,
      stdio: ["ignore", "pipe", "pipe", ipc ? "ipc" : "ignore"],
    });
    this.#child = child;
    this.#startedAt = Date.now();
    this.#log.write(`--- ${new Date().toISOString()} ${this.spec.name} started (pid ${child.pid})\n`);
    this.#listener.onStarted?.(this.spec.name);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => this.#hear(line));
    }
    this.#drained = new Promise((resolve) => {
      child.once("close", () => resolve());
    });
    this.#exited = new Promise((resolve) => {
      child.once("error", (error) => {
        this.#hear(error.message);
        if (child.pid === undefined) resolve();
      });
      child.once("exit", () => {
        // The leader is gone; take its descendants along, so that nothing keeps a port or a lock.
        if (child.pid !== undefined) sendSignal(-child.pid, "SIGKILL");
        resolve();
      });
    });
  }

  #hear(line: string): void {
    this.#log.write(`${line}\n`);
    this.#lastLines = [...this.#lastLines.slice(-7), line];
    this.#listener.onLine?.(this.spec.name, line);
  }

  get #isRunning(): boolean {
    const child = this.#child;
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
  }

  async #waitUntilReady(): Promise<void> {
    const { isReady, readyWithinMs = 60_000, name, logPath } = this.spec;
    const deadline = Date.now() + readyWithinMs;
    while (!this.#stopping.signal.aborted) {
      if (!this.#isRunning) {
        await this.#drained;
        throw new SetupError(
          `${name} did not start (${this.#causeOfDeath()}): ${this.#lastLines.join("\n  ") || "it said nothing"}\n  Its log: ${logPath}`,
        );
      }
      if (isReady === undefined || (await isReady())) return;
      if (Date.now() > deadline) {
        throw new SetupError(`${name} was not ready within ${readyWithinMs / 1000} s. Its log: ${logPath}`);
      }
      await sleep(50);
    }
  }

  async #keepAlive(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#exited;
      if (signal.aborted) return;
      if (Date.now() - this.#startedAt > stableAfterMs) this.#delayMs = firstDelayMs;
      const delayMs = this.#delayMs;
      this.#delayMs = Math.min(Math.max(delayMs, firstDelayMs) * 2, longestDelayMs);
      if (delayMs > 0) {
        this.#listener.onNotice(
          this.spec.name,
          `died (${this.#causeOfDeath()}), starting again in ${delayMs / 1000} s`,
        );
      }
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const before = this.#startedAt;
      try {
        await this.#spawn();
      } catch (error) {
        this.#hear(error instanceof Error ? error.message : String(error));
      }
      if (this.#startedAt === before) this.#exited = Promise.resolve();
    }
  }

  async #end(graceMs: number): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || !this.#isRunning) return this.#exited;
    sendSignal(child.pid, this.spec.stopSignal);
    const giveUp = setTimeout(() => {
      this.#listener.onNotice(this.spec.name, `did not stop within ${graceMs / 1000} s, killing it`);
      if (child.pid !== undefined) sendSignal(-child.pid, "SIGKILL");
    }, graceMs);
    await this.#exited;
    clearTimeout(giveUp);
  }

  #causeOfDeath(): string {
    const child = this.#child;
    if (child?.signalCode) return `signal ${child.signalCode}`;
    if (child?.exitCode !== null && child?.exitCode !== undefined) return `exit code ${child.exitCode}`;
    return "could not be started";
  }
}
