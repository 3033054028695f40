import { Refusal, type RefusalFacts } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { isDatabaseUnavailable } from "#server/platform/db.ts";

/**
 * Writes what a VAN answered, trying again while the database is away, until `untilMs` (clock of `monotonicMs`).
 * `write` must be a compare-and-set: after a lost connection nobody knows whether it was committed.
 * Throws `PAYMENT_RESULT_UNKNOWN` when the database does not come back in time; the sweeper owns the row then (A5f).
 */
export async function commitOutcome<T>(
  ctx: Context,
  untilMs: number,
  facts: RefusalFacts,
  write: () => Promise<T>,
): Promise<T> {
  for (let delayMs = 50; ; delayMs = Math.min(delayMs * 2, 1_000)) {
    try {
      return await write();
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      ctx.log.warn({ err: error }, "the database did not take a VAN's answer; trying again");
      if (ctx.monotonicMs() + delayMs > untilMs) throw new Refusal("PAYMENT_RESULT_UNKNOWN", facts, 5);
      await ctx.sleep(delayMs);
    }
  }
}
