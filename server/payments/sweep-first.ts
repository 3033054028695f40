import { sweepPayments } from "#server/payments/sweep-payments.ts";
import type { Context } from "#server/platform/context.ts";
import { isDatabaseUnavailable } from "#server/platform/db.ts";

const retryAfterMs = 500;
/** A pass takes over a few hundred payments; what is still left after so many is the clock's affair. */
const passesMax = 1_000;
/** How often a pass may fail for another reason than an absent database. */
const bugsMax = 3;

/**
 * Takes over what earlier processes left behind, to its end: only then is a process ready (reliability §5.3). A database
 * that is away is waited for as long as it takes. A pass that fails otherwise is tried three times: one payment that
 * cannot be swept must not keep all others from being taken, and the clock's sweeper goes on to say so.
 */
export async function sweepFirst(
  ctx: Context,
  { sweep = sweepPayments, isStopping = () => false }: SweepFirst = {},
): Promise<void> {
  let bugs = 0;
  for (let pass = 0; pass < passesMax && !isStopping(); pass++) {
    try {
      if ((await sweep(ctx)) === 0) return;
    } catch (error) {
      if (!isDatabaseUnavailable(error)) {
        bugs++;
        ctx.log.error({ err: error }, "the sweep before readiness failed");
        if (bugs === bugsMax) return;
      }
      pass--;
      await ctx.sleep(retryAfterMs);
    }
  }
}

type SweepFirst = Readonly<{ sweep?: (ctx: Context) => Promise<number>; isStopping?: () => boolean }>;
