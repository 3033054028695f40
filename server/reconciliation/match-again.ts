import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { endOutdatedRequests, matchDay } from "#server/reconciliation/match-day.ts";
import { lockDays } from "#server/reconciliation/recon-day-repository.ts";
import { followDecisionsOfDay } from "#server/reconciliation/recon-item-repository.ts";
import type { MatchCounts } from "#server/reconciliation/recon-match-repository.ts";

/**
 * Matches a day with the files that are there, as after a payment was put right: what agrees by now explains itself, and
 * where the facts are the same so is what was decided. Audited. Throws `NOT_FOUND`, `RECON_DAY_CLOSED` and, without the
 * VAN's file, `RECON_VAN_FILE_MISSING`.
 */
export async function matchAgain(
  ctx: Pick<Context, "sql" | "reports" | "now">,
  {
    vanCode,
    businessDate,
    actor,
    traceId,
  }: Readonly<{ vanCode: string; businessDate: string; actor: Actor; traceId: string }>,
): Promise<MatchCounts> {
  return ctx.reports.transaction(async (sql) => {
    const days = await lockDays(sql, vanCode, businessDate);
    const day = days.find((one) => one.businessDate === businessDate);
    if (!day) throw new Refusal("NOT_FOUND");
    if (day.state === "CLOSED") throw new Refusal("RECON_DAY_CLOSED", { businessDate });
    const counts = await matchDay(ctx, sql, day);
    if (!counts) throw new Refusal("RECON_VAN_FILE_MISSING", { businessDate });
    await followDecisionsOfDay(sql, day, ctx.now());
    await endOutdatedRequests(sql, [day]);
    await recordAudit(sql, {
      actor,
      action: "reconciliation.day_matched",
      target: { type: "recon_day", id: `${vanCode}:${businessDate}` },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { ...counts, traceId },
    });
    return counts;
  });
}
