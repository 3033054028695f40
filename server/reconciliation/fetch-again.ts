import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { endOfBusinessDate, isBusinessDate } from "#server/core/business-date.ts";
import { Refusal } from "#server/core/refusals.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Context } from "#server/platform/context.ts";
import { hasFileSource } from "#server/reconciliation/fetch-daily-file.ts";
import { lockDays, openDay } from "#server/reconciliation/recon-day-repository.ts";
import { reconcileDayJob } from "#server/reconciliation/reconciliation-jobs.ts";

/**
 * Has the files of a day fetched by a job, without waiting for the clock, in place of those that are there. Audited. Throws `INVALID_REQUEST`,
 * `RECON_DAY_NOT_OVER`, `RECON_DAY_CLOSED`, and `RECON_FORMAT_UNKNOWN` for a VAN that gives us no files.
 */
export async function fetchAgain(
  ctx: Pick<Context, "reports" | "env" | "now">,
  {
    vanCode,
    businessDate,
    actor,
    traceId,
  }: Readonly<{
    vanCode: string;
    businessDate: string;
    actor: Actor;
    traceId: string;
  }>,
): Promise<void> {
  if (!isBusinessDate(businessDate)) throw new Refusal("INVALID_REQUEST", { field: "businessDate" });
  if (!hasFileSource(ctx.env, vanCode)) throw new Refusal("RECON_FORMAT_UNKNOWN", { van: { code: vanCode } });
  const now = ctx.now();
  if (now < endOfBusinessDate(businessDate)) throw new Refusal("RECON_DAY_NOT_OVER", { businessDate });
  await ctx.reports.transaction(async (sql) => {
    await openDay(sql, vanCode, businessDate, now);
    const days = await lockDays(sql, vanCode, businessDate);
    if (days.find((day) => day.businessDate === businessDate)?.state === "CLOSED")
      throw new Refusal("RECON_DAY_CLOSED", { businessDate });
    const day = `${vanCode}:${businessDate}`;
    await enqueue(sql, [
      outboxRow(
        reconcileDayJob,
        `${day}:${traceId}`,
        { vanCode, businessDate, anew: true },
        { subjectId: day, traceId },
      ),
    ]);
    await recordAudit(sql, {
      actor,
      action: "reconciliation.fetch_requested",
      target: { type: "recon_day", id: day },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { traceId },
    });
  });
}
