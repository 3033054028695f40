import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { isBusinessDate } from "#server/core/business-date.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { loadBatch } from "#server/settlement/settlement-batch-repository.ts";
import { saveFund } from "#server/settlement/settlement-repository.ts";

/** Notes how much lay outside at the end of a settled business date; said again, the last word counts. Audited with what it was. Throws `INVALID_REQUEST` and `NOT_FOUND`. */
export async function reportFund(
  ctx: Pick<Context, "sql" | "now">,
  report: Readonly<{ businessDate: string; heldMinor: bigint; note: string; actor: Actor }>,
): Promise<void> {
  const { businessDate, heldMinor, note, actor } = report;
  if (!isBusinessDate(businessDate)) throw new Refusal("INVALID_REQUEST", { field: "businessDate" });
  await ctx.sql.transaction(async (sql) => {
    if (!(await loadBatch(sql, businessDate))) throw new Refusal("NOT_FOUND");
    const before = await saveFund(sql, {
      businessDate,
      heldMinor,
      note,
      reportedBy: actor.id,
      at: ctx.now(),
    });
    await recordAudit(sql, {
      actor,
      action: "settlement.fund_reported",
      target: { type: "settlement_batch", id: businessDate },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { before: { heldMinor: before }, after: { heldMinor }, note },
    });
  });
}
