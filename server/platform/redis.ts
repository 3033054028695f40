import { Redis } from "ioredis";
import { recordRedisPolicy } from "#server/platform/metrics.ts";

/**
 * What Redis may cost one request, in milliseconds, by what it is asked for. One request asks for each of them once at
 * most, so a Redis that hangs costs it less than 300 ms in all (reliability §5.8); what runs behind the answer costs nothing.
 */
export const redisBudgetsMs = { lock: 100, session: 90, rateLimit: 90 } as const;

/** The longest that any command may take, for those behind the answer. */
const commandTimeoutMs = 250;
const failuresMax = 5;
const failureWindowMs = 10_000;
const probeEveryMs = 1_000;
/** What waits for Redis to come back, at most; the oldest is given up first. */
const laterMax = 1_000;

type Command<T> = (redis: Redis) => Promise<T>;

/**
 * Redis as a courtesy: locks, caches and wake-ups that make things faster and never decide about money (D1).
 * A command that fails or is slow answers `undefined`. After five failures within ten seconds nobody waits for Redis any
 * more: a ping every second, behind everybody's back, finds out when it answers again.
 */
export interface Courtesy {
  /** Asks within `budgetMs`, a quarter of a second unless told otherwise. */
  try<T>(command: Command<T>, budgetMs?: number): Promise<T | undefined>;
  /** Asks behind the caller's back: now, or as soon as Redis answers again, before anything that is asked after. */
  later(command: Command<unknown>): void;
  /** True when Redis answers at present. */
  isUp(): boolean;
  /** Since when Redis has been away, or null. */
  downSince(): Date | null;
  ping(): Promise<boolean>;
  /** Redis' `maxmemory-policy` as last seen, a quarter of a minute ago at most; null while it is not known. */
  evictionPolicy(): string | null;
  close(): Promise<void>;
}

type Options = Readonly<{
  /** Hears each coming and going. */
  onChange?: (up: boolean) => void;
  /** Hears each change of the eviction policy. */
  onPolicy?: (policy: string) => void;
  /** How often the eviction policy is looked at. */
  policyEveryMs?: number;
}>;

/** Opens the courtesy connection. */
export function openCourtesy(
  redisUrl: string,
  { onChange, onPolicy, policyEveryMs = 15_000 }: Options = {},
): Courtesy {
  const redis = new Redis(redisUrl, {
    connectTimeout: 1_000,
    commandTimeout: commandTimeoutMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: (attempt) => Math.min(100 * attempt, 2_000),
  });
  let down: Date | null = new Date();
  let failures: number[] = [];
  let isResting = false;
  let waiting: Command<unknown>[] = [];
  let policy: string | null = null;

  redis.on("ready", () => {
    welcome();
    void watchPolicy();
  });
  redis.on("close", () => {
    if (down) return;
    down = new Date();
    onChange?.(false);
  });
  // ioredis repeats every failed connection as an event; `close` above has said it already.
  redis.on("error", () => undefined);

  /** Redis answers: what waited for it goes first. */
  function welcome(): void {
    isResting = false;
    failures = [];
    const wasDown = down !== null;
    down = null;
    const commands = waiting;
    waiting = [];
    for (const command of commands) later(command);
    if (wasDown) onChange?.(true);
  }

  function noteFailure(): void {
    const nowMs = performance.now();
    failures = [...failures.filter((at) => at > nowMs - failureWindowMs), nowMs];
    if (failures.length < failuresMax || isResting) return;
    isResting = true;
    if (!down) {
      down = new Date();
      onChange?.(false);
    }
  }

  const isUp = () => redis.status === "ready" && !isResting;

  async function attempt<T>(command: Command<T>, budgetMs?: number): Promise<T | undefined> {
    if (!isUp()) return undefined;
    try {
      return await within(budgetMs, command(redis));
    } catch {
      noteFailure();
      return undefined;
    }
  }

  function later(command: Command<unknown>): void {
    const keep = () => {
      waiting = [...waiting.slice(1 - laterMax), command];
    };
    if (!isUp()) keep();
    // A command that was sent and not answered is sent again, so it must be one that may happen twice.
    else
      command(redis).catch((error: unknown) => {
        noteFailure();
        if (mayPass(error)) keep();
      });
  }

  async function watchPolicy(): Promise<void> {
    const text = await attempt((r) => r.info("memory"));
    const seen = /^maxmemory_policy:(\S+)/m.exec(text ?? "")?.[1];
    if (!seen) return;
    recordRedisPolicy(seen === "noeviction");
    if (seen !== policy) onPolicy?.(seen);
    policy = seen;
  }

  const probe = setInterval(() => {
    if (isResting && redis.status === "ready") redis.ping().then(welcome, () => undefined);
    else if (waiting.length > 0 && isUp()) welcome();
  }, probeEveryMs);
  const policyWatch = setInterval(() => void watchPolicy(), policyEveryMs);
  for (const timer of [probe, policyWatch]) timer.unref();

  return {
    try: attempt,
    later,
    isUp,
    downSince: () => down,
    ping: async () => (await attempt((r) => r.ping(), redisBudgetsMs.session)) === "PONG",
    evictionPolicy: () => policy,
    async close() {
      clearInterval(probe);
      clearInterval(policyWatch);
      // Commands behind an answer, such as the release of a lock, are let through first.
      if (isUp()) await within(commandTimeoutMs, redis.quit()).catch(() => undefined);
      redis.disconnect();
    },
  };
}

/** False for what Redis will never take; true when it is away, too slow, full, loading or read-only. */
function mayPass(error: unknown): boolean {
  const { name, message } = error as Error;
  return name !== "ReplyError" || /^(OOM|LOADING|MISCONF|READONLY|BUSY|MASTERDOWN)/.test(message);
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
