import type { Redis } from "ioredis";
import type { Scheduler } from "#scripts/sim/scheduler.ts";
import type { SimProcess } from "#scripts/sim/sim-process.ts";
import type { Courtesy } from "#server/platform/redis.ts";

/** A Redis that knows the few commands courtesy needs, under virtual time. It may be away, slow to say so, or forget all. */
export class SimRedis {
  isUp = true;
  readonly #scheduler: Scheduler;
  readonly #values = new Map<string, { value: string; untilMs: number }>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  flush(): void {
    this.#values.clear();
  }

  courtesyOf(process: SimProcess): Courtesy {
    const ask = <T>(command: (redis: Redis) => Promise<T>): Promise<T | undefined> => {
      let words = "redis";
      const commands = this.#commands((name) => {
        words = name;
      });
      return process.effect("redis", "", async () => {
        const answer = this.isUp ? await command(commands as unknown as Redis) : undefined;
        this.#scheduler.note(`· ${words}${answer === undefined ? ": away" : ""}`);
        return answer;
      });
    };
    return {
      try: async (command) => (this.isUp ? ask(command) : undefined),
      later: (command) => {
        if (this.isUp) void ask(command);
      },
      isUp: () => this.isUp,
      downSince: () => (this.isUp ? null : new Date(this.#scheduler.nowMs)),
      ping: async () => this.isUp,
      evictionPolicy: () => "noeviction",
      close: async () => undefined,
    };
  }

  /** What the platform's courtesies ask: take or see a lock in one round trip, and let it go if it is mine. */
  #commands(say: (words: string) => void) {
    const read = (key: string) => {
      const held = this.#values.get(key);
      if (held && held.untilMs > this.#scheduler.nowMs) return held.value;
      this.#values.delete(key);
      return null;
    };
    const set = (key: string, value: string, ttlMs: number) => {
      if (read(key) !== null) return null;
      this.#values.set(key, { value, untilMs: this.#scheduler.nowMs + ttlMs });
      return "OK";
    };
    return {
      multi() {
        const answers: [null, string | null][] = [];
        const chain = {
          set(key: string, value: string, _px: string, ttlMs: number, _nx: string) {
            const answer = set(key, value, ttlMs);
            say(`redis lock ${key}: ${answer === null ? "busy" : "taken"}`);
            answers.push([null, answer]);
            return chain;
          },
          get(key: string) {
            answers.push([null, read(key)]);
            return chain;
          },
          exec: async () => answers,
        };
        return chain;
      },
      /** The one script there is: delete if mine. */
      eval: async (_script: string, _keys: number, key: string, token: string) => {
        say(`redis release ${key}`);
        if (read(key) !== token) return 0;
        this.#values.delete(key);
        return 1;
      },
    };
  }
}
