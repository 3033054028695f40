import type { Payment, PaymentCancel } from "#server/payments/domain/payment.ts";
import { freeOrderStatuses, type PaymentStatus } from "#server/payments/domain/payment-status.ts";
import { loadCancels, loadPaymentsNamed } from "#server/payments/payment-repository.ts";
import type { PaymentWithCancels } from "#server/payments/read-payment.ts";
import type { Sql } from "#server/platform/db.ts";

export type NamedPayments = Readonly<{
  ofKey: ReadonlyMap<string, PaymentWithCancels>;
  /** Of each order its live payment, or else the newest: one for each mall that has an order of that id. */
  ofOrder: ReadonlyMap<string, readonly PaymentWithCancels[]>;
}>;

/** Finds payments by key and by order id, thousands at a time, in two statements. What is not there is left out. */
export async function findPayments(
  sql: Sql,
  named: { paymentIds: readonly string[]; orderIds: readonly string[] },
): Promise<NamedPayments> {
  const found = new Map((await loadPaymentsNamed(sql, named)).map((payment) => [payment.id, payment]));
  const cancels = Map.groupBy(await loadCancels(sql, [...found.keys()]), (cancel) => cancel.paymentId);
  const asked = new Set(named.paymentIds);
  const orders = new Set(named.orderIds);
  const ofKey = new Map<string, PaymentWithCancels>();
  const best = new Map<string, Payment>();
  for (const payment of found.values()) {
    if (asked.has(payment.id)) ofKey.set(payment.id, withCancels(payment, cancels));
    if (!orders.has(payment.orderId)) continue;
    const order = `${payment.mallId} ${payment.orderId}`;
    const other = best.get(order);
    if (!other || comesBefore(payment, other)) best.set(order, payment);
  }
  const ofOrder = Map.groupBy(
    [...best.values()].map((payment) => withCancels(payment, cancels)),
    ({ payment }) => payment.orderId,
  );
  return { ofKey, ofOrder };
}

function withCancels(payment: Payment, all: ReadonlyMap<string, PaymentCancel[]>): PaymentWithCancels {
  return { payment, cancels: all.get(payment.id) ?? [] };
}

function comesBefore(one: Payment, other: Payment): boolean {
  const isLive = ({ status }: Payment) => !(freeOrderStatuses as readonly PaymentStatus[]).includes(status);
  if (isLive(one) !== isLive(other)) return isLive(one);
  return one.requestedAt.getTime() > other.requestedAt.getTime();
}
