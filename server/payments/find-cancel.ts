import type { Payment, PaymentCancel } from "#server/payments/domain/payment.ts";
import { loadCancels, loadPayment, loadPaymentIdOfCancel } from "#server/payments/payment-repository.ts";
import type { Context } from "#server/platform/context.ts";

/** Finds a cancel with its payment and the payment's other cancels. */
export async function findCancel(
  ctx: Pick<Context, "sql">,
  cancelId: string,
): Promise<{ payment: Payment; cancel: PaymentCancel; others: PaymentCancel[] } | undefined> {
  const paymentId = await loadPaymentIdOfCancel(ctx.sql, cancelId);
  if (!paymentId) return undefined;
  const [payment, cancels] = await Promise.all([
    loadPayment(ctx.sql, paymentId),
    loadCancels(ctx.sql, [paymentId]),
  ]);
  const cancel = cancels.find((one) => one.id === cancelId);
  return payment && cancel
    ? { payment, cancel, others: cancels.filter((one) => one.id !== cancelId) }
    : undefined;
}
