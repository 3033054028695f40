import { recordAudit } from "#server/audit/record-audit.ts";
import { businessDateOf } from "#server/core/business-date.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import {
  announceSettlements,
  confirmDrafts,
  type HeldSettlement,
  lockSettlements,
  payOutConfirmed,
} from "#server/settlement/settlement-repository.ts";

/** Settlements as two people saw them: the hash says what they agreed to. */
export type SeenSettlements = readonly Readonly<{ id: string; hash: string }>[];

export type Decided = Readonly<{
  settlements: SeenSettlements;
  makerId: string;
  checkerId: string;
  requestId: string;
  reason: string;
}>;

/**
 * Confirms drafts, all of them or none: the ledger moves with them, the malls are told, and from now on corrections are new
 * lines only (ST-9). Throws `NOT_FOUND`, and `CHANGED_MEANWHILE` when one
 * is not what the two people saw.
 */
export function confirmSettlements(ctx: Pick<Context, "sql" | "now">, decided: Decided): Promise<void> {
  return move(ctx, decided, {
    from: "DRAFT",
    action: "settlement.confirmed",
    refuse: () => undefined,
    write: confirmDrafts,
  });
}

/**
 * Pays confirmed settlements out, all of them or none, on their payout date or later. Throws `NOT_FOUND`,
 * `CHANGED_MEANWHILE`, `SETTLEMENT_WITHHELD` and `SETTLEMENT_NOT_DUE`.
 */
export function payOutSettlements(ctx: Pick<Context, "sql" | "now">, decided: Decided): Promise<void> {
  return move(ctx, decided, {
    from: "CONFIRMED",
    action: "settlement.paid_out",
    refuse: refusePayout,
    write: payOutConfirmed,
  });
}

/** Refuses what may not be paid out on a date. */
export function refusePayout({ id, isWithheld, payoutDate }: HeldSettlement, today: string): void {
  if (isWithheld) throw new Refusal("SETTLEMENT_WITHHELD", { settlementId: id });
  if (payoutDate === null || payoutDate > today)
    throw new Refusal("SETTLEMENT_NOT_DUE", { settlementId: id, payoutDate });
}

type Move = Readonly<{
  from: "DRAFT" | "CONFIRMED";
  action: "settlement.confirmed" | "settlement.paid_out";
  refuse: (settlement: HeldSettlement, today: string) => void;
  write: typeof confirmDrafts;
}>;

async function move(
  ctx: Pick<Context, "sql" | "now">,
  { settlements, makerId, checkerId, requestId, reason }: Decided,
  { from, action, refuse, write }: Move,
): Promise<void> {
  const at = ctx.now();
  const businessDate = businessDateOf(at);
  const ids = settlements.map(({ id }) => id);
  await ctx.sql.transaction(async (sql) => {
    const present = await lockSettlements(sql, ids);
    if (present.length !== ids.length) throw new Refusal("NOT_FOUND");
    const seen = new Map(settlements.map(({ id, hash }) => [id, hash]));
    for (const settlement of present) {
      if (settlement.status !== from || settlement.hash !== seen.get(settlement.id))
        throw new Refusal("CHANGED_MEANWHILE", { settlementId: settlement.id, status: settlement.status });
      refuse(settlement, businessDate);
    }
    await write(sql, ids, { makerId, checkerId, at, businessDate });
    await announceSettlements(sql, action, ids, at);
    await recordAudit(sql, {
      actor: { type: "operator", id: checkerId },
      action,
      target: { type: "change_request", id: requestId },
      outcome: "success",
      detail: {
        maker: makerId,
        reason,
        settlementIds: ids,
        payoutMinor: present.reduce((sum, { payoutMinor }) => sum + payoutMinor, 0n),
      },
    });
  });
}
