const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** How long after each failed try the next one is made; after the tenth try a delivery is dead (WH-4). */
export const deliveryDelaysMs: readonly number[] = [
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
];

const jitterShare = 0.1;
/** However long a receiver asks us to wait, we try again within a day. */
const retryAfterMaxMs = 24 * hourMs;

/** A follower asks at least this often whether the delivery before it is over, however late that one is due. */
const followerWaitMaxMs = 5 * minuteMs;
const followerWaitMinMs = secondMs;

/**
 * How long to wait after failed try number `attempt` (the first is 1), or `undefined` when there is no further try.
 * `random` in [0, 1) spreads the tries by ±10 %; a receiver's Retry-After only ever lengthens the wait (WH-3).
 */
export function nextDelayMs(attempt: number, random: number, retryAfterMs = 0): number | undefined {
  const delayMs = deliveryDelaysMs[attempt - 1];
  if (delayMs === undefined) return undefined;
  const jitteredMs = delayMs * (1 - jitterShare + 2 * jitterShare * random);
  return Math.round(Math.max(jitteredMs, Math.min(retryAfterMs, retryAfterMaxMs)));
}

/** Reads a Retry-After header, in seconds or as an HTTP date, as milliseconds from `now`; 0 when it says nothing usable. */
export function readRetryAfterMs(header: string | undefined, now: Date): number {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * secondMs;
  // An HTTP date always names its weekday; Date.parse alone would take "-5" for a year.
  if (!/^[A-Za-z]{3}/.test(text)) return 0;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? 0 : Math.max(0, atMs - now.getTime());
}

/**
 * How long a delivery waits that may not overtake an earlier one of its subject (WH-2): until about the next try of the
 * one ahead. The end of that one wakes it earlier; this wait only bounds the delay when the wake-up is missed.
 */
export function followerWaitMs(ahead: { attempts: number; triedAt: Date | null }, now: Date): number {
  const pauseMs = ahead.attempts === 0 ? 0 : (deliveryDelaysMs[ahead.attempts - 1] ?? 0);
  const dueMs = ahead.triedAt ? ahead.triedAt.getTime() + pauseMs : now.getTime();
  return Math.min(followerWaitMaxMs, Math.max(followerWaitMinMs, dueMs - now.getTime() + followerWaitMinMs));
}
