import { createHash, type Hash } from "node:crypto";
import type { Random } from "#prisma/seed/random.ts";

/** Where virtual time begins: a Monday noon in Seoul, the same for every run. */
export const beginningMs = Date.UTC(2027, 0, 4, 3, 0, 0);

/** What may befall an effect: its process dies, or only its connection, each before or after the effect takes place. */
export type Fate = "plain" | "crash_before" | "crash_after" | "cut_before" | "cut_after";

/** One awaited effect of a process, or something that the world does by itself (`process` absent). */
type Pending = Readonly<{
  process: ScheduledProcess | undefined;
  /** The number of the effect within its process, from 1; 0 for answers that arrive. */
  index: number;
  kind: string;
  what: string;
  dueMs: number;
  order: number;
  perform: () => unknown;
  settle: (outcome: { value: unknown } | { error: unknown }) => void;
}>;

/** What the scheduler needs to know of a simulated process. */
export interface ScheduledProcess {
  readonly name: string;
  readonly isDead: boolean;
  /** It gets no turn before this instant of virtual time: SIGSTOP. */
  readonly pausedUntilMs: number;
  fateOf(effect: Readonly<{ index: number; kind: string; what: string }>): Fate;
  kill(): void;
}

/** The error of a connection that broke: what the driver throws, so that the code under test sees nothing new. */
export function brokenConnection(): Error {
  return Object.assign(new Error("Connection terminated unexpectedly"), { code: "ECONNRESET" });
}

/**
 * Performs the effects of all simulated processes one at a time, in an order that chance decides, under a clock that
 * moves only when nothing is left to do at this instant. An effect is performed to its end before its promise settles,
 * and everything that follows from it runs before the next effect is chosen: so the same chance gives the same history.
 */
export class Scheduler {
  nowMs = beginningMs;
  readonly #random: Random;
  readonly #hash: Hash = createHash("sha256");
  readonly #ready: Pending[] = [];
  readonly #later: Pending[] = [];
  #orders = 0;
  #current: Pending | undefined;
  /** How many effects were performed. */
  performed = 0;
  /** Each line of the history, as it happens. */
  onLine: (line: string) => void = () => undefined;
  /** Asked when nothing is ready, before the clock jumps; schedules what is due by the state of the world. */
  onIdle: () => Promise<void> = async () => undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  /** An effect of a process. The promise never settles when the process dies before the answer: no `finally` runs. */
  effect<T>(
    process: ScheduledProcess,
    named: Readonly<{ index: number; kind: string; what: string; dueMs?: number }>,
    perform: () => T | Promise<T>,
  ): Promise<T> {
    if (named.index > 0 && this.#current?.process === process)
      throw new Error(`${process.name} waits for ${named.what} inside ${this.#current.what}`);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#add({
      process,
      index: named.index,
      kind: named.kind,
      what: named.what,
      dueMs: named.dueMs ?? this.nowMs,
      order: ++this.#orders,
      perform,
      settle: (outcome) => ("error" in outcome ? reject(outcome.error) : resolve(outcome.value as T)),
    });
    return promise;
  }

  /** Something that the world does at an instant, whoever lives or dies. */
  at(dueMs: number, what: string, perform: () => unknown): void {
    const settle = (outcome: { value: unknown } | { error: unknown }) => {
      if ("error" in outcome) throw outcome.error;
    };
    this.#add({
      process: undefined,
      index: 0,
      kind: "world",
      what,
      dueMs,
      order: ++this.#orders,
      perform,
      settle,
    });
  }

  /** Resolves at an instant of virtual time, for actors that never die, such as malls. */
  until(dueMs: number): Promise<void> {
    return new Promise((resolve) => this.at(dueMs, "", resolve));
  }

  #add(pending: Pending): void {
    const dueMs = Math.ceil(pending.dueMs);
    if (dueMs <= this.nowMs) this.#ready.push(pending);
    else this.#push({ ...pending, dueMs });
  }

  /** Runs until nothing is left to do, now or later. Throws after so many effects that it can only be going in circles. */
  async run(effectsMax: number): Promise<void> {
    const limit = this.performed + effectsMax;
    for (;;) {
      if (this.performed > limit)
        throw new Error(`no rest after ${effectsMax} effects: something goes in circles`);
      await settled();
      const next = this.#takeReady() ?? (await this.#lookAround());
      if (next) {
        await this.#perform(next);
        continue;
      }
      const first = this.#later[0];
      if (!first) return;
      this.nowMs = Math.max(this.nowMs, first.dueMs);
      for (let due = this.#later[0]; due && due.dueMs <= this.nowMs; due = this.#later[0]) {
        this.#pop();
        this.#ready.push(due);
      }
    }
  }

  /** Nothing is ready: the state of the world may say what is due. */
  async #lookAround(): Promise<Pending | undefined> {
    await this.onIdle();
    await settled();
    return this.#takeReady();
  }

  /** Draws one ready effect; those of dead processes vanish, those of paused ones wait. */
  #takeReady(): Pending | undefined {
    while (this.#ready.length > 0) {
      const at = Math.floor(this.#random.next() * this.#ready.length);
      const chosen = this.#ready[at] as Pending;
      const last = this.#ready.pop() as Pending;
      if (at < this.#ready.length) this.#ready[at] = last;
      if (chosen.process?.isDead) continue;
      const pausedUntilMs = chosen.process?.pausedUntilMs ?? 0;
      if (pausedUntilMs > this.nowMs) {
        this.#push({ ...chosen, dueMs: pausedUntilMs });
        continue;
      }
      return chosen;
    }
    return undefined;
  }

  async #perform(pending: Pending): Promise<void> {
    const { process } = pending;
    const fate = process && pending.index > 0 ? process.fateOf(pending) : "plain";
    // Its fate may have been to be stopped for a while.
    if (process && process.pausedUntilMs > this.nowMs) {
      this.#push({ ...pending, index: -pending.index, dueMs: process.pausedUntilMs });
      return;
    }
    this.performed++;
    if (fate === "crash_before" || fate === "cut_before") {
      this.#say(pending, fate === "crash_before" ? "✗ the process died before it" : "✗ cut before it");
      if (fate === "crash_before") process?.kill();
      else pending.settle({ error: brokenConnection() });
      return;
    }
    let outcome: { value: unknown } | { error: unknown };
    this.#current = pending;
    try {
      outcome = { value: await pending.perform() };
    } catch (error) {
      outcome = { error };
    }
    this.#current = undefined;
    const answer =
      "error" in outcome
        ? `! ${outcome.error instanceof Error ? outcome.error.message : String(outcome.error)}`
        : summaryOf(outcome.value);
    if (fate === "plain") {
      if (pending.what) this.#say(pending, answer);
      if (!process?.isDead) pending.settle(outcome);
    } else if (fate === "cut_after") {
      this.#say(pending, `${answer} ✗ cut after it`);
      pending.settle({ error: brokenConnection() });
    } else {
      this.#say(pending, `${answer} ✗ the process died after it`);
      process?.kill();
    }
  }

  /** Adds a line to the history. */
  note(text: string): void {
    const line = `${((this.nowMs - beginningMs) / 1000).toFixed(3).padStart(12)} ${text}`;
    this.#hash.update(line).update("\n");
    this.onLine(line);
  }

  #say(pending: Pending, answer: string): void {
    this.note(`${pending.process?.name ?? "·"} ${pending.what}${answer === "" ? "" : ` → ${answer}`}`);
  }

  /** SHA-256 of the history so far. */
  digest(): string {
    return this.#hash.copy().digest("hex");
  }

  // A binary heap by due time, then by the order in which they were asked for.
  #push(pending: Pending): void {
    const heap = this.#later;
    let at = heap.push(pending) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(pending, heap[parent] as Pending)) break;
      heap[at] = heap[parent] as Pending;
      at = parent;
    }
    heap[at] = pending;
  }

  #pop(): void {
    const heap = this.#later;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Pending, heap[child] as Pending)) child++;
      if (!isBefore(heap[child] as Pending, last)) break;
      heap[at] = heap[child] as Pending;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Pending, b: Pending): boolean {
  return a.dueMs !== b.dueMs ? a.dueMs < b.dueMs : a.order < b.order;
}

/** Resolves when every promise that can settle by itself has settled: a task runs only after all microtasks. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A result in a few words, without anything that differs from run to run. */
function summaryOf(value: unknown): string {
  if (value === undefined) return "";
  if (!Array.isArray(value)) return typeof value === "object" && value !== null ? "" : String(value);
  const [row] = value as unknown[];
  if (value.length !== 1 || typeof row !== "object" || row === null) return `${value.length} rows`;
  return `{${toldFields
    .flatMap((name) => (name in row ? [`${name}: ${String((row as Record<string, unknown>)[name])}`] : []))
    .join(", ")}}`;
}

/** What is worth telling of a row. */
const toldFields = [
  ...["id", "jobKey", "status", "version", "attempts", "claimed", "opened", "reserved", "moved", "marked"],
  ...["waiting", "taken", "result", "canceledMinor", "reservedMinor", "state", "httpStatus"],
];
