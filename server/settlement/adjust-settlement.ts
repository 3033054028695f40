import { recordAudit } from "#server/audit/record-audit.ts";
import { businessDateOf } from "#server/core/business-date.ts";
import type { Context } from "#server/platform/context.ts";
import { insertAdjustment, type NewAdjustment } from "#server/settlement/settlement-repository.ts";

/**
 * Corrects what was confirmed, by two people: the amount is a line of its own in the mall's next settlement, and what was
 * confirmed stays as it is (ST-9). Positive is for the mall. Of the same id it is done once.
 */
export async function adjustSettlement(
  ctx: Pick<Context, "sql" | "now">,
  adjustment: Omit<NewAdjustment, "madeOn"> & Readonly<{ requestId: string }>,
): Promise<void> {
  await ctx.sql.transaction(async (sql) => {
    if (!(await insertAdjustment(sql, { ...adjustment, madeOn: businessDateOf(ctx.now()) }))) return;
    await recordAudit(sql, {
      actor: { type: "operator", id: adjustment.checkerId },
      action: "settlement.adjusted",
      target: { type: "mall", id: adjustment.mallId },
      outcome: "success",
      detail: {
        adjustmentId: adjustment.id,
        maker: adjustment.makerId,
        method: adjustment.method,
        amount: adjustment.amountMinor,
        corrects: adjustment.correctsId,
        reason: adjustment.reason,
        requestId: adjustment.requestId,
      },
    });
  });
}
