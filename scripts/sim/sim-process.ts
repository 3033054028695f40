import type { Random } from "#prisma/seed/random.ts";
import type { Fate, ScheduledProcess, Scheduler } from "#scripts/sim/scheduler.ts";

/** A process of the platform: one context, its own chance and ids, and a death that nothing in it notices. */
export class SimProcess implements ScheduledProcess {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Decides what befalls each effect. Set by who owns the process. */
  fate: (effect: Readonly<{ index: number; kind: string; what: string }>) => Fate = () => "plain";
  pausedUntilMs = 0;
  /** How many effects it has begun. */
  effects = 0;
  /** Settles when it dies: whoever was talking to it sees the connection go. */
  readonly died: Promise<"died">;
  #isDead = false;
  #sayDied: (died: "died") => void = () => undefined;

  constructor(scheduler: Scheduler, name: string, random: Random) {
    this.scheduler = scheduler;
    this.name = name;
    this.random = random;
    this.died = new Promise((resolve) => {
      this.#sayDied = resolve;
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  fateOf(effect: Readonly<{ index: number; kind: string; what: string }>): Fate {
    return this.fate(effect);
  }

  kill(): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#sayDied("died");
  }

  /** One effect: asked for now, performed when its turn comes. */
  effect<T>(kind: string, what: string, perform: () => T | Promise<T>): Promise<T> {
    return this.scheduler.effect(this, { index: ++this.effects, kind, what }, perform);
  }

  sleep(ms: number): Promise<void> {
    return this.scheduler.effect(
      this,
      {
        index: ++this.effects,
        kind: "sleep",
        what: `sleep ${Math.round(ms)} ms`,
        dueMs: this.scheduler.nowMs + ms,
      },
      () => undefined,
    );
  }

  /**
   * Sends something over a network and waits. `send` runs when the turn comes and is handed `answer`, to be called with
   * what arrives and when: the first to arrive is the outcome, the others find nobody waiting.
   */
  async exchange<T>(
    kind: string,
    what: string,
    send: (answer: (atMs: number, value: T, words: string) => void) => void,
  ): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<T>();
    let isAnswered = false;
    await this.effect(kind, what, () => {
      send((atMs, value, words) => {
        void this.scheduler.effect(this, { index: 0, kind: "answer", what: "", dueMs: atMs }, () => {
          if (isAnswered) return;
          isAnswered = true;
          this.scheduler.note(`${this.name} ${what} ⇐ ${words}`);
          resolve(value);
        });
      });
    });
    return promise;
  }
}
