import { limitOf } from "#server/change-requests/limit-of.ts";
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
  return {
    limitMinor,
    usedMinor: await readOwnCancels(sql, { paymentIds: [paymentId], operatorId: operator.id }),
  };
}

/** What a person has cancelled of these payments without a second one, in minor units: it counts towards their next cancel of any of them. */
export async function readOwnCancels(
  sql: Sql,
  { paymentIds, operatorId }: Readonly<{ paymentIds: readonly string[]; operatorId: string }>,
): Promise<bigint> {
  return sumOperatorCancels(sql, { paymentIds, operatorId });
}
