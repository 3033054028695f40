import type { CancelStatus, Origin, PaymentStatus } from "#server/payments/domain/payment-status.ts";

/** A payment as the core knows it. Amounts are minor units; `version` is the fencing token of its row. */
export type Payment = Readonly<{
  id: string;
  mallId: string;
  orderId: string;
  orderName: string;
  method: "CARD" | "VOUCHER";
  currency: string;
  amountMinor: bigint;
  taxFreeMinor: bigint;
  vatMinor: bigint;
  status: PaymentStatus;
  version: number;
  origin: Origin;
  vanCode: string;
  traceNo: string;
  approvalNo: string | null;
  vanResponseCode: string | null;
  vanResponseMessage: string | null;
  failureCode: string | null;
  unknownReason: string | null;
  cardBin: string | null;
  cardLast4: string | null;
  issuerCode: string | null;
  issuerName: string | null;
  installmentMonths: number;
  metadata: Readonly<Record<string, string>>;
  canceledMinor: bigint;
  canceledTaxFreeMinor: bigint;
  reservedMinor: bigint;
  reservedTaxFreeMinor: bigint;
  leaseUntil: Date;
  netCancelRequestedAt: Date | null;
  requestedAt: Date;
  answeredAt: Date | null;
  approvedAt: Date | null;
  traceId: string;
}>;

export type PaymentCancel = Readonly<{
  id: string;
  paymentId: string;
  status: CancelStatus;
  origin: Origin;
  actorId: string;
  amountMinor: bigint;
  taxFreeMinor: bigint;
  vatMinor: bigint;
  balanceBeforeMinor: bigint;
  reason: string;
  traceNo: string;
  leaseUntil: Date;
  failureCode: string | null;
  requestedAt: Date;
  completedAt: Date | null;
  traceId: string;
}>;

/** What can still be given back and is not set aside for an open cancel. */
export function balanceOf(
  payment: Pick<Payment, "status" | "amountMinor" | "canceledMinor" | "reservedMinor">,
): bigint {
  return hasMoney(payment.status) ? payment.amountMinor - payment.canceledMinor - payment.reservedMinor : 0n;
}

/** The tax-free part of that balance. */
export function taxFreeBalanceOf(payment: Payment): bigint {
  return hasMoney(payment.status)
    ? payment.taxFreeMinor - payment.canceledTaxFreeMinor - payment.reservedTaxFreeMinor
    : 0n;
}

function hasMoney(status: PaymentStatus): boolean {
  return (
    status === "DONE" || status === "PARTIAL_CANCELED" || status === "CANCEL_PENDING" || status === "CANCELED"
  );
}

/** What names this approval at its VAN: sent unchanged with each net cancel and inquiry (NC-5). */
export function originalOf(
  payment: Pick<Payment, "traceNo" | "mallId" | "orderId" | "amountMinor" | "currency" | "requestedAt">,
) {
  const { traceNo, mallId, orderId, amountMinor, currency, requestedAt } = payment;
  return { traceNo, mallId, orderId, amountMinor, currency, requestedAt };
}

/**
 * The trace number of the normal cancel that stands in when a net cancel came too late (NC-5): a function of the
 * approval's, so it is the same however often it is asked. Approvals never begin with R, their first digit is of the time.
 */
export function reversalTraceNoOf(traceNo: string): string {
  return `R${traceNo.slice(1)}`;
}
