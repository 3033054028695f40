import type { Sql } from "#server/platform/db.ts";
import type { FeeTerms } from "#server/settlement/domain/fee.ts";
import { loadFeeTerms } from "#server/settlement/line-repository.ts";

/** What was paid, and the terms that its lines are settled by. */
export type SettledBy = Readonly<{ paidMinor: bigint; terms: FeeTerms }>;

/**
 * What was paid, and the terms by which a payment's lines will be settled as far as anybody knows: the mall's contract for
 * its method as of the business date of the approval, or the first one agreed after it. `undefined` for a payment that was
 * never approved, and for one whose mall has no contract yet.
 */
export async function readFeeTerms(sql: Sql, paymentId: string): Promise<SettledBy | undefined> {
  return (await loadFeeTerms(sql, [paymentId])).get(paymentId);
}

/** The same of many payments, in one read; those without terms are not in it. */
export function readFeeTermsOf(
  sql: Sql,
  paymentIds: readonly string[],
): Promise<ReadonlyMap<string, SettledBy>> {
  return loadFeeTerms(sql, paymentIds);
}
