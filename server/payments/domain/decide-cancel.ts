import { Refusal, type RefusalCode } from "#server/core/refusals.ts";
import {
  balanceOf,
  type Payment,
  type PaymentCancel,
  taxFreeBalanceOf,
} from "#server/payments/domain/payment.ts";
import { vatOfCancel } from "#server/payments/domain/vat.ts";

/** Cancel limits of a payment method as data (CX-8). */
export const cancelLimits = {
  CARD: { deadlineDays: 365, partial: true },
  VOUCHER: { deadlineDays: 365, partial: true },
} as const;

const dayMs = 24 * 60 * 60 * 1000;

/** Whether and until when a payment can be cancelled: `cancelable` of the mall API and of the console. */
export type Cancelable = Readonly<{
  allowed: boolean;
  partial: boolean;
  until?: Date;
  reasons: readonly RefusalCode[];
}>;

/** Says if a payment can be cancelled now, and if not, every reason. */
export function cancelableOf(payment: Payment, openCancel: PaymentCancel | undefined, now: Date): Cancelable {
  const limits = cancelLimits[payment.method];
  const until = payment.approvedAt
    ? new Date(payment.approvedAt.getTime() + limits.deadlineDays * dayMs)
    : undefined;
  const reasons: RefusalCode[] = [];
  if (payment.status === "CANCELED") reasons.push("ALREADY_CANCELED_PAYMENT");
  else if (payment.status === "IN_PROGRESS" || payment.status === "UNKNOWN") reasons.push("PAYMENT_LOCKED");
  else if (payment.status === "CANCEL_PENDING" || openCancel) reasons.push("PREVIOUS_CANCEL_NOT_COMPLETE");
  else if (payment.status !== "DONE" && payment.status !== "PARTIAL_CANCELED")
    reasons.push("NOT_CANCELABLE_PAYMENT");
  if (until && until < now) reasons.push("CANCEL_DEADLINE_EXPIRED");
  return { allowed: reasons.length === 0, partial: limits.partial, ...(until ? { until } : {}), reasons };
}

export type CancelWish = Readonly<{
  amountMinor?: bigint | undefined;
  taxFreeMinor?: bigint | undefined;
  currentCancelableMinor?: bigint | undefined;
}>;

/** What a cancel will give back, decided but not yet written. */
export type CancelDecision = Readonly<{
  amountMinor: bigint;
  taxFreeMinor: bigint;
  vatMinor: bigint;
  balanceBeforeMinor: bigint;
  /** The payment's status once the VAN has agreed. */
  statusAfter: "PARTIAL_CANCELED" | "CANCELED";
}>;

/**
 * Decides a full or partial cancel (CX-2, CX-3, CX-4, CX-6, CX-7). Pure: changes nothing.
 * Throws the `Refusal` that applies first; amounts in its facts are minor units.
 */
export function decideCancel(
  payment: Payment,
  openCancel: PaymentCancel | undefined,
  wish: CancelWish,
  now: Date,
): CancelDecision {
  const about = { paymentKey: payment.id, orderId: payment.orderId };
  const cancelable = cancelableOf(payment, openCancel, now);
  const first = cancelable.reasons[0];
  if (first) throw new Refusal(first, { ...about, status: payment.status });

  const balanceBeforeMinor = balanceOf(payment);
  const taxFreeLeft = taxFreeBalanceOf(payment);
  if (wish.currentCancelableMinor !== undefined && wish.currentCancelableMinor !== balanceBeforeMinor) {
    throw new Refusal("CANCELABLE_AMOUNT_MISMATCH", {
      ...about,
      currentCancelableAmount: Number(balanceBeforeMinor),
    });
  }
  const amountMinor = wish.amountMinor ?? balanceBeforeMinor;
  if (amountMinor <= 0n) throw new Refusal("INVALID_AMOUNT", { ...about, field: "amount" });
  if (amountMinor > balanceBeforeMinor) {
    throw new Refusal("NOT_CANCELABLE_AMOUNT", {
      ...about,
      field: "amount",
      currentCancelableAmount: Number(balanceBeforeMinor),
    });
  }
  if (amountMinor < payment.amountMinor && !cancelable.partial)
    throw new Refusal("NOT_ALLOWED_PARTIAL_CANCEL", about);

  const taxFreeMinor = wish.taxFreeMinor ?? (amountMinor === balanceBeforeMinor ? taxFreeLeft : 0n);
  const taxableMinor = amountMinor - taxFreeMinor;
  if (taxFreeMinor > taxFreeLeft || taxableMinor < 0n || taxableMinor > balanceBeforeMinor - taxFreeLeft) {
    throw new Refusal("TAX_FREE_AMOUNT_EXCEEDS", {
      ...about,
      field: "taxFreeAmount",
      cancelableTaxFreeAmount: Number(taxFreeLeft),
      cancelableTaxableAmount: Number(balanceBeforeMinor - taxFreeLeft),
    });
  }
  return {
    amountMinor,
    taxFreeMinor,
    vatMinor: vatOfCancel(
      { amountMinor: balanceBeforeMinor, taxFreeMinor: taxFreeLeft },
      { amountMinor, taxFreeMinor },
    ),
    balanceBeforeMinor,
    statusAfter: amountMinor === balanceBeforeMinor ? "CANCELED" : "PARTIAL_CANCELED",
  };
}
