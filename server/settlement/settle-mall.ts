import type { z } from "zod";
import { endOfBusinessDate } from "#server/core/business-date.ts";
import type { Context } from "#server/platform/context.ts";
import { done, type JobHandler } from "#server/platform/job.ts";
import { loadCalendar } from "#server/settlement/calendar-repository.ts";
import { payoutDateOf } from "#server/settlement/domain/payout-date.ts";
import {
  collectLines,
  draftSettlement,
  finishWork,
  loadBatch,
  loadCollected,
  lockWork,
  planForMall,
} from "#server/settlement/settlement-batch-repository.ts";
import type { settleMallJob } from "#server/settlement/settlement-jobs.ts";

const busyRetryMs = 2_000;

type SettleMall = z.output<typeof settleMallJob.payload>;

/**
 * Settles one mall's part of a batch in two commits: its lines are collected, then they are added up. Whoever dies in
 * between leaves a step that is done and one that is not; the next worker begins there, and the bytes come out the same.
 */
export const settleMall: JobHandler<SettleMall> = async (ctx, task) => {
  for (const step of [collect, draft])
    if ((await step(ctx, task)) === "busy")
      return {
        kind: "again",
        reason: "INTERNAL",
        error: "another worker settles this mall",
        delayMs: busyRetryMs,
        countsAsAttempt: false,
      };
  return done;
};

function collect(ctx: Pick<Context, "batches">, task: SettleMall): Promise<"busy" | undefined> {
  const { businessDate, mallId, generation } = task;
  return ctx.batches.transaction(async (sql) => {
    const work = await lockWork(sql, businessDate, mallId);
    if (work === "busy") return work;
    if (work?.state === "WAITING" && work.generation === generation)
      await collectLines(sql, { businessDate, mallId, endsAt: endOfBusinessDate(businessDate) });
    return undefined;
  });
}

function draft(ctx: Pick<Context, "batches" | "now">, task: SettleMall): Promise<"busy" | undefined> {
  const { businessDate, mallId, generation } = task;
  return ctx.batches.transaction(async (sql) => {
    const work = await lockWork(sql, businessDate, mallId);
    if (work === "busy") return work;
    if (work?.state !== "COLLECTED" || work.generation !== generation) return undefined;
    const batch = await loadBatch(sql, businessDate);
    if (!batch) return undefined;
    const calendar = await loadCalendar(sql, batch.calendarVersion);
    const at = ctx.now();
    await planForMall(sql);
    for (const { id, contractId, ...terms } of await loadCollected(sql, businessDate, mallId))
      await draftSettlement(sql, {
        id,
        contractId,
        payoutDate: payoutDateOf(businessDate, terms, calendar),
        at,
      });
    await finishWork(sql, businessDate, mallId, at);
    return undefined;
  });
}
