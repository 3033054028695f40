import { limitOf } from "#server/change-requests/limit-of.ts";
import { findChangeExecutions } from "#server/change-requests/request-change.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import { sumOperatorCancels } from "#server/payments/payment-repository.ts";
import type { Sql } from "#server/platform/db.ts";

/** How far an operator may cancel a payment alone. Minor units. */
export type OperatorCancelLimit = Readonly<{
  /** Null: without limit. */
  limitMinor: bigint | null;
  /** What this person has cancelled of the payment alone already: parts of one amount count together. */
  usedMinor: bigint;
}>;

/** Reads an operator's limit for a payment, with what is used of it. Cancels that a second person approved do not count. */
export async function readOperatorCancelLimit(
  sql: Sql,
  {
    paymentId,
    operator,
  }: Readonly<{ paymentId: string; operator: Readonly<{ id: string; role: OperatorRole }> }>,
): Promise<OperatorCancelLimit> {
  const limitMinor = await limitOf(sql, operator.role, "CANCEL");
  if (limitMinor === null) return { limitMinor, usedMinor: 0n };
  const exceptIds = await findChangeExecutions(sql, "CANCEL", paymentId);
  return {
    limitMinor,
    usedMinor: await sumOperatorCancels(sql, { paymentId, operatorId: operator.id, exceptIds }),
  };
}
