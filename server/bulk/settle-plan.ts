import type { BulkPlan } from "#server/bulk/preview-bulk-cancel.ts";
import type { Sql } from "#server/platform/db.ts";
import { type LineAmounts, settledAround, sumLines } from "#server/settlement/domain/fee.ts";
import { readFeeTermsOf } from "#server/settlement/read-fee-terms.ts";

/** What the rows of a plan that will be cancelled change of their malls' settlements together. Minor units; taken away is negative. */
export type PlanSettlement = Readonly<{
  change: LineAmounts;
  /** Payments whose mall has no contract yet: nobody knows their fee, and they are not in `change`. */
  withoutTerms: number;
}>;

/** Adds up what a plan does to settlements, by the terms each payment is settled by (ST-3). One read, however many rows. */
export async function settlePlan(sql: Sql, plan: Pick<BulkPlan, "rows">): Promise<PlanSettlement> {
  const canceled = plan.rows.flatMap(({ payment, change }) =>
    payment && change ? [{ payment, change }] : [],
  );
  const known = await readFeeTermsOf(
    sql,
    canceled.map(({ payment }) => payment.id),
  );
  const lines = canceled.flatMap(({ payment, change }) => {
    const settledBy = known.get(payment.id);
    if (!settledBy) return [];
    const { balanceMinor } = payment;
    const around = { paidMinor: settledBy.paidMinor, balanceMinor, amountMinor: change.amountMinor };
    return [settledAround(around, settledBy.terms).change];
  });
  return { change: sumLines(lines), withoutTerms: canceled.length - lines.length };
}
