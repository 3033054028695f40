import { type ApprovalTiming, insertApprovalTimings } from "#server/payments/approval-timing-repository.ts";
import type { Context } from "#server/platform/context.ts";

/** How long each hop of an approval took, in milliseconds: shown in the payment's timeline. */
export type Hops = {
  validateMs: number;
  lockMs: number;
  commit1Ms: number;
  vanMs?: number;
  /** The second commit holds the hops before it; its own time is known only once it is done. */
  commit2?: { tookMs: number; doneAtMs: number };
};

/** More than a second of the fastest process. When the database stays away, the oldest are let go. */
const waitingMax = 10_000;
/** By process: what is measured and not written yet. */
const waitingOf = new WeakMap<Context["sql"], ApprovalTiming[]>();

/**
 * Notes how long the second commit and the answer after it took. Costs an approval no statement: `keepApprovalTimings`
 * writes what was noted, many at once. Nothing is noted when this request did not write the outcome.
 */
export function noteApprovalTiming(
  ctx: Pick<Context, "sql" | "monotonicMs">,
  paymentId: string,
  { commit2 }: Hops,
): void {
  if (!commit2) return;
  const waiting = waitingOf.get(ctx.sql) ?? [];
  waitingOf.set(ctx.sql, waiting);
  if (waiting.length >= waitingMax) waiting.shift();
  waiting.push({ paymentId, commit2Ms: commit2.tookMs, answerMs: ctx.monotonicMs() - commit2.doneAtMs });
}

/**
 * Writes what was noted since the last time, in one commit and never on a connection that money waits for. Returns how
 * many. What cannot be written stays for the next time; what is lost with the process is shown as not recorded.
 */
export async function keepApprovalTimings(ctx: Pick<Context, "sql" | "reports" | "log">): Promise<number> {
  const waiting = waitingOf.get(ctx.sql);
  if (!waiting || waiting.length === 0) return 0;
  const batch = waiting.splice(0);
  try {
    await insertApprovalTimings(ctx.reports, batch);
    return batch.length;
  } catch (error) {
    waiting.unshift(...batch.slice(-Math.max(0, waitingMax - waiting.length)));
    ctx.log.warn({ err: error }, "the times of some approvals were not written; trying again");
    return 0;
  }
}

const keepEveryMs = 1_000;
/** A database that hangs does not keep a process from ending. */
const lastKeepMaxMs = 1_000;

/** Keeps the timings of this process each second until it is stopped, and once more then. */
export function keepTimingsRegularly(ctx: Pick<Context, "sql" | "reports" | "log" | "sleep">): {
  stop(): Promise<void>;
} {
  let turn: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    turn = turn.then(() => keepApprovalTimings(ctx));
  }, keepEveryMs);
  return {
    async stop() {
      clearInterval(timer);
      const last = turn.then(() => keepApprovalTimings(ctx));
      await Promise.race([last, ctx.sleep(lastKeepMaxMs)]);
    },
  };
}
