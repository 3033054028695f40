import { wakeWaiting } from "#server/outbox/wake-waiting.ts";
import { waitsForVan } from "#server/payments/next-try.ts";
import type { Context } from "#server/platform/context.ts";

/** A VAN answers again: makes the recovery that waited for it due. Should it fail, each job comes by itself within a minute. */
export async function resumeVanWork(ctx: Pick<Context, "sql" | "log">, vanCode: string): Promise<void> {
  try {
    const woken = await wakeWaiting(ctx.sql, waitsForVan(vanCode));
    if (woken > 0) ctx.log.info(`${vanCode} is back: ${woken} jobs that waited for it are due`);
  } catch (error) {
    ctx.log.warn({ err: error }, `the jobs that wait for ${vanCode} could not be told of its return`);
  }
}
