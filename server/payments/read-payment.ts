import { Refusal } from "#server/core/refusals.ts";
import type { Payment, PaymentCancel } from "#server/payments/domain/payment.ts";
import type { PaymentStatus } from "#server/payments/domain/payment-status.ts";
import {
  loadCancels,
  loadPayment,
  loadPaymentPage,
  loadPaymentsOfOrder,
} from "#server/payments/payment-repository.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";

export type PaymentWithCancels = Readonly<{ payment: Payment; cancels: PaymentCancel[] }>;

/** Reads a payment by its key. Throws `NOT_FOUND_PAYMENT`, also for another mall's payment when `mallId` is given. */
export async function readPayment(
  ctx: Pick<Context, "sql">,
  query: { paymentId: string; mallId?: string },
): Promise<PaymentWithCancels> {
  return readWithCancels(ctx.sql, async () => {
    const payment = await loadPayment(ctx.sql, query.paymentId, query.mallId ?? null);
    if (!payment) throw new Refusal("NOT_FOUND_PAYMENT");
    return payment;
  });
}

/** Reads the payment of an order: the live one, or else the newest. Throws `NOT_FOUND_PAYMENT`. */
export async function readPaymentOfOrder(
  ctx: Pick<Context, "sql">,
  query: { mallId: string; orderId: string },
): Promise<PaymentWithCancels> {
  return readWithCancels(ctx.sql, async () => {
    const [payment] = await loadPaymentsOfOrder(ctx.sql, query.mallId, query.orderId);
    if (!payment) throw new Refusal("NOT_FOUND_PAYMENT", { orderId: query.orderId });
    return payment;
  });
}

const readingsMax = 5;

/** Payment and cancels of one moment: when a commit came between the two reads they disagree, and are read again. */
async function readWithCancels(sql: Sql, load: () => Promise<Payment>): Promise<PaymentWithCancels> {
  for (let reading = 1; ; reading++) {
    const payment = await load();
    const cancels = await loadCancels(sql, [payment.id]);
    if (agree(payment, cancels) || reading === readingsMax) return { payment, cancels };
  }
}

/** What is cancelled is the sum of what succeeded, and what is set aside is the sum of what is open (I5). */
function agree(payment: Payment, cancels: readonly PaymentCancel[]): boolean {
  let canceledMinor = 0n;
  let reservedMinor = 0n;
  for (const cancel of cancels) {
    if (cancel.status === "SUCCEEDED") canceledMinor += cancel.amountMinor;
    else if (cancel.status !== "FAILED") reservedMinor += cancel.amountMinor;
  }
  return canceledMinor === payment.canceledMinor && reservedMinor === payment.reservedMinor;
}

export type PaymentPage = Readonly<{ payments: readonly PaymentWithCancels[]; nextCursor: string | null }>;

/** Reads a keyset page of a mall's payments, newest first. `from` inclusive, `to` exclusive; `limit` ≤ 100. Throws `INVALID_REQUEST` for a cursor that is not ours. */
export async function readPaymentPage(
  ctx: Pick<Context, "sql">,
  query: {
    mallId: string;
    from: Date;
    to: Date;
    statuses: readonly PaymentStatus[];
    method: string | null;
    cursor: string | null;
    limit: number;
  },
): Promise<PaymentPage> {
  const rows = await loadPaymentPage(ctx.sql, {
    ...query,
    before: query.cursor === null ? null : decodeCursor(query.cursor),
    limit: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const cancels = await loadCancels(
    ctx.sql,
    page.map((payment) => payment.id),
  );
  const last = page.at(-1);
  return {
    payments: page.map((payment) => ({
      payment,
      cancels: cancels.filter((cancel) => cancel.paymentId === payment.id),
    })),
    nextCursor: rows.length > query.limit && last ? encodeCursor(last) : null,
  };
}

function encodeCursor(payment: Payment): string {
  return Buffer.from(`${payment.requestedAt.getTime()}.${payment.id}`).toString("base64url");
}

function decodeCursor(cursor: string): { requestedAt: Date; id: string } {
  const match = /^(\d{1,15})\.(pay_[0-9A-Z]{26})$/.exec(Buffer.from(cursor, "base64url").toString("latin1"));
  if (!match?.[1] || !match[2]) throw new Refusal("INVALID_REQUEST", { field: "cursor" });
  return { requestedAt: new Date(Number(match[1])), id: match[2] };
}
