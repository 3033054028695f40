import { Refusal, type RefusalCode, type RefusalFacts } from "#server/core/refusals.ts";
import {
  type Acquisition,
  acquisitionOf,
  type SettlementEffect,
  settlementEffectOf,
} from "#server/payments/domain/acquisition.ts";
import {
  type Cancelable,
  type CancelWish,
  cancelableOf,
  decideCancel,
} from "#server/payments/domain/decide-cancel.ts";
import {
  balanceOf,
  type Payment,
  type PaymentCancel,
  taxFreeBalanceOf,
} from "#server/payments/domain/payment.ts";
import { vatOf } from "#server/payments/domain/vat.ts";
import { readPayment } from "#server/payments/read-payment.ts";
import type { Context } from "#server/platform/context.ts";

/** An amount with what it is made of: `balanceMinor = suppliedMinor + vatMinor + taxFreeMinor`. */
export type Split = Readonly<{
  balanceMinor: bigint;
  suppliedMinor: bigint;
  vatMinor: bigint;
  taxFreeMinor: bigint;
}>;

export type CancelPreview = Readonly<{
  status: Payment["status"];
  /** The VAN that would be asked. */
  vanCode: string;
  cancelable: Cancelable;
  /** What can be cancelled at present; a cancel sends it as `currentCancelableMinor`. */
  now: Split;
  /** What this cancel would give back, and what would be left: null when it would be refused. */
  change: Split | null;
  after: Split | null;
  statusAfter: "PARTIAL_CANCELED" | "CANCELED" | null;
  /** Null for a payment that was never approved. */
  acquisition: Acquisition | null;
  /** If the cancel is done now; null when it would be refused. */
  settlement: SettlementEffect | null;
  refusal: Readonly<{ code: RefusalCode; facts: RefusalFacts }> | null;
}>;

/**
 * Computes what a cancel would do and changes nothing: the same `decideCancel` that the cancel itself goes through, on
 * the payment as it is now. A cancel that would be refused says why. Throws `NOT_FOUND_PAYMENT`. Amounts are minor units.
 */
export async function previewCancel(
  ctx: Pick<Context, "sql" | "now">,
  wish: { paymentId: string } & Pick<CancelWish, "amountMinor" | "taxFreeMinor">,
): Promise<CancelPreview> {
  const { payment, cancels } = await readPayment(ctx, { paymentId: wish.paymentId });
  return previewOf(payment, cancels, wish, ctx.now());
}

/** The preview of a cancel of this payment. Pure. */
export function previewOf(
  payment: Payment,
  cancels: readonly PaymentCancel[],
  wish: Pick<CancelWish, "amountMinor" | "taxFreeMinor">,
  at: Date,
): CancelPreview {
  const open = cancels.find((cancel) => cancel.status === "REQUESTED" || cancel.status === "UNKNOWN");
  const present = split(balanceOf(payment), taxFreeBalanceOf(payment));
  const acquisition = payment.approvedAt ? acquisitionOf(payment.approvedAt, at) : null;
  const about = {
    status: payment.status,
    vanCode: payment.vanCode,
    cancelable: cancelableOf(payment, open, at),
    now: present,
    acquisition,
  };
  try {
    const { amountMinor, taxFreeMinor, vatMinor, statusAfter } = decideCancel(payment, open, wish, at);
    const change = {
      balanceMinor: amountMinor,
      taxFreeMinor,
      vatMinor,
      suppliedMinor: amountMinor - taxFreeMinor - vatMinor,
    };
    const after = split(present.balanceMinor - amountMinor, present.taxFreeMinor - taxFreeMinor);
    const settlement = acquisition && settlementEffectOf(acquisition, statusAfter, at);
    return { ...about, change, after, statusAfter, settlement, refusal: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      ...about,
      change: null,
      after: null,
      statusAfter: null,
      settlement: null,
      refusal: { code: error.code, facts: error.facts },
    };
  }
}

function split(balanceMinor: bigint, taxFreeMinor: bigint): Split {
  const vatMinor = vatOf(balanceMinor, taxFreeMinor);
  return { balanceMinor, taxFreeMinor, vatMinor, suppliedMinor: balanceMinor - taxFreeMinor - vatMinor };
}
