import { type SessionTimes, sessionIdleMs, sessionWarningMs } from "#server/operators/session.values.ts";

/** When a session ends, by this browser's clock, and when the server said so. */
export type SessionEnds = Readonly<{ idleEndsAtMs: number; lifeEndsAtMs: number; askedAtMs: number }>;

/** `idle`: a person can go on; `life`: ten hours are over and nobody can. */
export type SessionEnd = "idle" | "life";

/** What the server says is left, as instants of this browser. */
export function endsOf({ idleLeftMs, lifeLeftMs }: SessionTimes, nowMs: number): SessionEnds {
  return { idleEndsAtMs: nowMs + idleLeftMs, lifeEndsAtMs: nowMs + lifeLeftMs, askedAtMs: nowMs };
}

/** Which end comes first, and in how many ms. */
export function nextEnd(ends: SessionEnds, nowMs: number): Readonly<{ end: SessionEnd; leftMs: number }> {
  const end = ends.lifeEndsAtMs <= ends.idleEndsAtMs ? "life" : "idle";
  return { end, leftMs: (end === "life" ? ends.lifeEndsAtMs : ends.idleEndsAtMs) - nowMs };
}

/** True when it is time to warn. */
export function isEnding(ends: SessionEnds, nowMs: number): boolean {
  return nextEnd(ends, nowMs).leftMs <= sessionWarningMs;
}

/** When its person last did something, as far as the server knows. */
export function lastSeenAtMs({ idleEndsAtMs }: SessionEnds): number {
  return idleEndsAtMs - sessionIdleMs;
}
