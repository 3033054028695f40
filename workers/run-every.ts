import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "#server/platform/log.ts";

export type Loop = Readonly<{ stop(): Promise<void> }>;

/** Runs `turn` again and again, `everyMs` after each end, until stopped. A turn that fails is logged and tried again next time. */
export function runEvery(log: Log, name: string, everyMs: number, turn: () => Promise<unknown>): Loop {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await turn();
      } catch (error) {
        log.warn({ err: error, labels: { loop: name } }, `${name} failed and is tried again`);
      }
      // An aborted sleep is how the loop is told to end.
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
