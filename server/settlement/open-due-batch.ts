import { systemActor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { findDueDate, openBatch } from "#server/settlement/open-batch.ts";

/**
 * Opens the batch that the clock asks for: each business date from 02:30 in Seoul of the next day on, one after another.
 * Dates that were missed are caught up with, each by itself. Two clocks at once open one.
 */
export async function openDueBatch(ctx: Pick<Context, "reports" | "batches" | "now">): Promise<void> {
  const businessDate = await findDueDate(ctx, ctx.now());
  if (businessDate === undefined) return;
  try {
    await openBatch(ctx, { businessDate, actor: systemActor, traceId: null });
  } catch (error) {
    // Another clock was faster.
    if (!(error instanceof Refusal)) throw error;
  }
}
