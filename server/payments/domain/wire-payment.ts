import { toSeoulIso } from "#server/core/business-date.ts";
import { toJsonAmount } from "#server/core/money.ts";
import { cancelableOf } from "#server/payments/domain/decide-cancel.ts";
import { balanceOf, type Payment, type PaymentCancel } from "#server/payments/domain/payment.ts";

/** Renders a payment for a mall (contract §2, `data`), JSON values only: the reply, the replay and the webhook all say it this way. */
export function toWirePayment(payment: Payment, cancels: readonly PaymentCancel[], now: Date) {
  const open = cancels.find((cancel) => cancel.status === "REQUESTED" || cancel.status === "UNKNOWN");
  const cancelable = cancelableOf(payment, open, now);
  return {
    paymentKey: payment.id,
    orderId: payment.orderId,
    orderName: payment.orderName,
    status: payment.status,
    method: payment.method,
    currency: payment.currency,
    amount: toJsonAmount(payment.amountMinor),
    balanceAmount: toJsonAmount(balanceOf(payment)),
    suppliedAmount: toJsonAmount(payment.amountMinor - payment.taxFreeMinor - payment.vatMinor),
    vat: toJsonAmount(payment.vatMinor),
    taxFreeAmount: toJsonAmount(payment.taxFreeMinor),
    requestedAt: toSeoulIso(payment.requestedAt),
    ...(payment.approvedAt ? { approvedAt: toSeoulIso(payment.approvedAt) } : {}),
    origin: payment.origin,
    ...(payment.cardBin && payment.cardLast4
      ? {
          card: {
            bin: payment.cardBin,
            last4: payment.cardLast4,
            issuerCode: payment.issuerCode,
            issuerName: payment.issuerName,
            installmentMonths: payment.installmentMonths,
            approvalNumber: payment.approvalNo,
          },
        }
      : {}),
    van: {
      code: payment.vanCode,
      traceNo: payment.traceNo,
      responseCode: payment.vanResponseCode,
      responseMessage: payment.vanResponseMessage,
    },
    ...(payment.failureCode ? { failureCode: payment.failureCode } : {}),
    cancels: cancels.map(toWireCancel),
    cancelable: {
      allowed: cancelable.allowed,
      partial: cancelable.partial,
      ...(cancelable.until ? { until: toSeoulIso(cancelable.until) } : {}),
      reasons: [...cancelable.reasons],
    },
    metadata: payment.metadata,
    version: payment.version,
  };
}

/** One cancel as malls see it. */
export function toWireCancel(cancel: PaymentCancel) {
  return {
    cancelKey: cancel.id,
    status: cancel.status,
    amount: toJsonAmount(cancel.amountMinor),
    taxFreeAmount: toJsonAmount(cancel.taxFreeMinor),
    vat: toJsonAmount(cancel.vatMinor),
    reason: cancel.reason,
    origin: cancel.origin,
    requestedAt: toSeoulIso(cancel.requestedAt),
    ...(cancel.completedAt ? { completedAt: toSeoulIso(cancel.completedAt) } : {}),
  };
}
