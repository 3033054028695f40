import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { endOutdatedRequests, matchDay } from "#server/reconciliation/match-day.ts";
import { closeDayRow, lockDays } from "#server/reconciliation/recon-day-repository.ts";
import { countUnexplained, followDecisionsOfDay } from "#server/reconciliation/recon-item-repository.ts";

/**
 * Closes a day of a VAN for good. It is matched once more first, so that it closes on what is true now: every record
 * agrees on all three sides, or somebody has explained it. Audited. Throws `NOT_FOUND`, `RECON_DAY_CLOSED`,
 * `RECON_FILES_MISSING`, and `RECON_DAY_OPEN_ITEMS` with how many are left.
 */
export async function closeDay(
  ctx: Pick<Context, "sql" | "reports" | "now">,
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
  const left = await ctx.reports.transaction(async (sql) => {
    const days = await lockDays(sql, vanCode, businessDate);
    const day = days.find((one) => one.businessDate === businessDate);
    if (!day) throw new Refusal("NOT_FOUND");
    if (day.state === "CLOSED") throw new Refusal("RECON_DAY_CLOSED", { businessDate });
    if (day.vanFileId === null || day.depositFileId === null)
      throw new Refusal("RECON_FILES_MISSING", { businessDate });
    const counts = await matchDay(ctx, sql, day);
    const at = ctx.now();
    await followDecisionsOfDay(sql, day, at);
    const openItems = await countUnexplained(sql, vanCode, businessDate);
    await endOutdatedRequests(sql, [day]);
    // What the match has found stays found, whether or not the day closes.
    if (openItems > 0) return openItems;
    await closeDayRow(sql, { vanCode, businessDate, closedBy: actor.id, at });
    await recordAudit(sql, {
      actor,
      action: "reconciliation.day_closed",
      target: { type: "recon_day", id: `${vanCode}:${businessDate}` },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { ...counts, traceId },
    });
    return 0;
  });
  if (left > 0) throw new Refusal("RECON_DAY_OPEN_ITEMS", { businessDate, openItems: left });
}
