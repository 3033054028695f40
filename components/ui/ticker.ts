/** The present instant for whoever shows it: in milliseconds, the same for everybody until the next tick. */
export type Ticker = Readonly<{
  /** Calls `notify` at each tick until the answer is called. */
  subscribe(notify: () => void): () => void;
  nowMs(): number;
}>;

/** Opens a ticker of `everyMs`. It has one timer, however many listen, and none while nobody does. */
export function openTicker(everyMs: number): Ticker {
  const listening = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let atMs = Number.NEGATIVE_INFINITY;
  const tick = () => {
    atMs = Date.now();
    for (const notify of listening) notify();
  };
  return {
    subscribe(notify) {
      listening.add(notify);
      timer ??= setInterval(tick, everyMs);
      return () => {
        listening.delete(notify);
        if (listening.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    nowMs() {
      const presentMs = Date.now();
      // Nobody listened for a while, the timer is late, or the clock was put back.
      if (presentMs - atMs >= everyMs || presentMs < atMs) atMs = presentMs;
      return atMs;
    },
  };
}
