import type { Context } from "#server/platform/context.ts";
import { readRollUpEdge, recomputeLatency } from "#server/reports/latency-repository.ts";

const minuteMs = 60_000;
/** Minutes that are counted anew at each run: an answer is committed seconds after it is dated. */
const recountedMinutes = 5;
/** After a long pause the past is caught up in pieces, so that no statement runs long. */
const pieceMs = 6 * 60 * minuteMs;

/**
 * Brings the minute histograms up to date from `payment`: the last minutes, and all that a stopped worker has missed.
 * Needs no state of its own, so a crash loses nothing and a second run changes nothing.
 */
export async function rollUpLatency(ctx: Pick<Context, "reports" | "now">): Promise<void> {
  const end = nextMinute(ctx.now());
  const recent = new Date(end.getTime() - recountedMinutes * minuteMs);
  const { newestMinute, oldestAnswer } = await readRollUpEdge(ctx.reports);
  const missedSince = newestMinute ?? (oldestAnswer && thisMinute(oldestAnswer)) ?? recent;
  let from = missedSince < recent ? missedSince : recent;
  while (from < end) {
    const to = new Date(Math.min(from.getTime() + pieceMs, end.getTime()));
    const piece = from;
    await ctx.reports.transaction((sql) => recomputeLatency(sql, piece, to));
    from = to;
  }
}

/** Counts all history anew, in one statement: for a database that was loaded in bulk. */
export async function backfillLatency(ctx: Pick<Context, "reports" | "now">): Promise<void> {
  const { oldestAnswer } = await readRollUpEdge(ctx.reports);
  if (!oldestAnswer) return;
  await ctx.reports.transaction((sql) =>
    recomputeLatency(sql, thisMinute(oldestAnswer), nextMinute(ctx.now())),
  );
}

function thisMinute(at: Date): Date {
  return new Date(Math.floor(at.getTime() / minuteMs) * minuteMs);
}

function nextMinute(at: Date): Date {
  return new Date(thisMinute(at).getTime() + minuteMs);
}
