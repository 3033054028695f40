import type { Sql } from "#server/platform/db.ts";
import type { FeeTerms } from "#server/settlement/domain/fee.ts";
import { loadFeeTerms } from "#server/settlement/line-repository.ts";

/**
 * What was paid, and the terms by which a payment's lines will be settled as far as anybody knows: the mall's contract for
 * its method as of the business date of the approval, or the first one agreed after it. `undefined` for a payment that was
 * never approved, and for one whose mall has no contract yet.
 */
export function readFeeTerms(
  sql: Sql,
  paymentId: string,
): Promise<{ paidMinor: bigint; terms: FeeTerms } | undefined> {
  return loadFeeTerms(sql, paymentId);
}
