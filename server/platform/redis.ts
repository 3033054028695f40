import { Redis } from "ioredis";

/** How long one courtesy command may take before it is left out (reliability §5.8). */
const commandTimeoutMs = 250;
const failuresMax = 5;
const restMs = 10_000;

/**
 * Redis as a courtesy: locks, caches and wake-ups that make things faster and never decide about money (D1).
 * A command that fails or is slow answers `undefined`; after five failures within ten seconds Redis is left alone for ten.
 */
export interface Courtesy {
  /** `budgetMs` is for who can wait less than a quarter of a second. */
  try<T>(command: (redis: Redis) => Promise<T>, budgetMs?: number): Promise<T | undefined>;
  /** True when Redis answers at present. */
  isUp(): boolean;
  /** Since when Redis has been away, or null. */
  downSince(): Date | null;
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens the courtesy connection. `onChange` hears each coming and going. */
export function openCourtesy(redisUrl: string, onChange: (up: boolean) => void = () => undefined): Courtesy {
  const redis = new Redis(redisUrl, {
    connectTimeout: 1_000,
    commandTimeout: commandTimeoutMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: (attempt) => Math.min(100 * attempt, 2_000),
  });
  let down: Date | null = new Date();
  let failures: number[] = [];
  let restUntilMs = 0;
  redis.on("ready", () => {
    down = null;
    failures = [];
    restUntilMs = 0;
    onChange(true);
  });
  redis.on("close", () => {
    if (!down) {
      down = new Date();
      onChange(false);
    }
  });
  // ioredis repeats every failed connection as an event; `close` above has said it already.
  redis.on("error", () => undefined);

  async function attempt<T>(
    command: (redis: Redis) => Promise<T>,
    budgetMs?: number,
  ): Promise<T | undefined> {
    if (redis.status !== "ready" || Date.now() < restUntilMs) return undefined;
    try {
      return await within(budgetMs, command(redis));
    } catch {
      const nowMs = Date.now();
      failures = [...failures.filter((at) => at > nowMs - restMs), nowMs];
      if (failures.length >= failuresMax) {
        restUntilMs = nowMs + restMs;
        failures = [];
      }
      return undefined;
    }
  }

  return {
    try: attempt,
    isUp: () => redis.status === "ready" && Date.now() >= restUntilMs,
    downSince: () => down,
    ping: async () => (await attempt((r) => r.ping())) === "PONG",
    async close() {
      redis.disconnect();
    },
  };
}

/** The answer, or an error when it takes longer than the budget. */
function within<T>(budgetMs: number | undefined, answer: Promise<T>): Promise<T> {
  if (budgetMs === undefined) return answer;
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("Redis took longer than it may")), budgetMs);
  });
  return Promise.race([answer, tooLong]).finally(() => clearTimeout(timer));
}
