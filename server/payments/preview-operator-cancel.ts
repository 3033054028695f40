import { isWithin } from "#server/change-requests/limit-of.ts";
import { findOpenChange } from "#server/change-requests/request-change.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import { type OperatorCancelLimit, readOperatorCancelLimit } from "#server/payments/operator-cancel-limit.ts";
import { type CancelPreview, previewCancel } from "#server/payments/preview-cancel.ts";
import type { Context } from "#server/platform/context.ts";
import { type SettledAround, settledAround } from "#server/settlement/domain/fee.ts";
import { readFeeTerms, type SettledBy } from "#server/settlement/read-fee-terms.ts";

type Settled = SettledAround & Readonly<{ isFeeRefundable: boolean }>;
export type OperatorCancelPreview = CancelPreview &
  Readonly<{
    /** What the mall gets for the payment before and after, fee and net settlement included (ST-3); null while no contract says. */
    settled: Settled | null;
    approval: OperatorCancelLimit &
      Readonly<{
        /** True when this cancel needs a second person. */
        isNeeded: boolean;
        /** The request for this payment that is not over yet. */
        openRequestId: string | null;
      }>;
  }>;

/** The preview of a cancel, with what it does to the mall's settlement and whether this operator may do it alone. Throws `NOT_FOUND_PAYMENT`. */
export async function previewOperatorCancel(
  ctx: Pick<Context, "sql" | "now">,
  {
    operator,
    ...wish
  }: Readonly<{
    paymentId: string;
    amountMinor?: bigint | undefined;
    taxFreeMinor?: bigint | undefined;
    operator: Readonly<{ id: string; role: OperatorRole }>;
  }>,
): Promise<OperatorCancelPreview> {
  const [preview, limit, open, fees] = await Promise.all([
    previewCancel(ctx, wish),
    readOperatorCancelLimit(ctx.sql, { paymentId: wish.paymentId, operator }),
    findOpenChange(ctx.sql, "CANCEL", wish.paymentId),
    readFeeTerms(ctx.sql, wish.paymentId),
  ]);
  const asked = preview.change?.balanceMinor ?? 0n;
  return {
    ...preview,
    settled: settledOf(preview, fees),
    approval: {
      ...limit,
      isNeeded: !isWithin(limit.limitMinor, limit.usedMinor + asked),
      openRequestId: open?.id ?? null,
    },
  };
}

/** What the mall gets for the payment before and after a cancel, by the terms it is settled by; null without any. Pure. */
export function settledOf(
  { now, change }: Pick<CancelPreview, "now" | "change">,
  settledBy: SettledBy | undefined,
): Settled | null {
  if (!settledBy) return null;
  const { paidMinor, terms } = settledBy;
  const { balanceMinor } = now;
  const around = { paidMinor, balanceMinor, amountMinor: change?.balanceMinor ?? 0n };
  return { ...settledAround(around, terms), isFeeRefundable: terms.isFeeRefundable };
}
