import { recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import {
  announceSettlements,
  endHold,
  insertHold,
  loadOpenHold,
  type NewHold,
} from "#server/settlement/settlement-repository.ts";

/**
 * Withholds the payouts of a mall, or of one settlement, by two people (ST-8). A payout that
 * is being written at this moment is either before it, or is refused. Throws `CHANGED_MEANWHILE` when it is withheld already.
 */
export async function withhold(
  ctx: Pick<Context, "sql" | "now">,
  hold: Omit<NewHold, "at"> & Readonly<{ requestId: string }>,
): Promise<void> {
  const at = ctx.now();
  await ctx.sql.transaction(async (sql) => {
    if (!(await insertHold(sql, { ...hold, at }))) throw new Refusal("CHANGED_MEANWHILE");
    if (hold.settlementId) await announceSettlements(sql, "settlement.withheld", [hold.settlementId], at);
    await recordAudit(sql, {
      actor: { type: "operator", id: hold.checkerId },
      action: "settlement.withheld",
      target: hold.settlementId
        ? { type: "settlement", id: hold.settlementId }
        : { type: "mall", id: hold.mallId },
      outcome: "success",
      detail: { holdId: hold.id, maker: hold.makerId, reason: hold.reason, requestId: hold.requestId },
    });
  });
}

/** Releases a hold, by two people. Throws `CHANGED_MEANWHILE` when it is not open any more. */
export async function release(
  ctx: Pick<Context, "sql" | "now">,
  command: Readonly<{
    holdId: string;
    reason: string;
    makerId: string;
    checkerId: string;
    requestId: string;
  }>,
): Promise<void> {
  const { holdId, reason, makerId, checkerId, requestId } = command;
  await ctx.sql.transaction(async (sql) => {
    const hold = await loadOpenHold(sql, holdId);
    if (!hold || !(await endHold(sql, { id: holdId, reason, makerId, checkerId, at: ctx.now() })))
      throw new Refusal("CHANGED_MEANWHILE");
    await recordAudit(sql, {
      actor: { type: "operator", id: checkerId },
      action: "settlement.released",
      target: hold.settlementId
        ? { type: "settlement", id: hold.settlementId }
        : { type: "mall", id: hold.mallId },
      outcome: "success",
      detail: { holdId, maker: makerId, reason, requestId },
    });
  });
}
