import { requireWithinLimit } from "#server/change-requests/limit-of.ts";
import type { Locale } from "#server/core/envelope.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import { type CancelResult, cancelPayment } from "#server/payments/cancel-payment.ts";
import { readOperatorCancelLimit } from "#server/payments/operator-cancel-limit.ts";
import type { Context } from "#server/platform/context.ts";

export type CancelAsOperator = Readonly<{
  paymentId: string;
  amountMinor: bigint;
  taxFreeMinor?: bigint | undefined;
  /** The balance the operator saw. What this person cancels at the same moment changes it, so parts cannot slip past the limit side by side. */
  currentCancelableMinor: bigint;
  reason: string;
  operator: Readonly<{ id: string; role: OperatorRole; ipAddress: string | null }>;
  locale: Locale;
  traceId: string;
}>;

/** Cancels a payment from the console as far as the operator may alone (`cancelPayment`). Above it throws `APPROVAL_REQUIRED` and nothing was begun. */
export async function cancelAsOperator(
  ctx: Context,
  { operator, ...wish }: CancelAsOperator,
): Promise<CancelResult> {
  const { usedMinor } = await readOperatorCancelLimit(ctx.sql, { paymentId: wish.paymentId, operator });
  await requireWithinLimit(ctx.sql, {
    role: operator.role,
    kind: "CANCEL",
    measured: usedMinor + wish.amountMinor,
  });
  return cancelPayment(ctx, {
    ...wish,
    origin: "CONSOLE",
    actor: {
      type: "operator",
      id: operator.id,
      ...(operator.ipAddress ? { ipAddress: operator.ipAddress } : {}),
    },
  });
}
