import { z } from "zod";
import { mallRoute } from "#server/api/mall-route.ts";
import { endOfBusinessDate, isBusinessDate, startOfBusinessDate } from "#server/core/business-date.ts";
import { successReply } from "#server/core/envelope.ts";
import { declineCodes, Refusal } from "#server/core/refusals.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import type { PaymentStatus } from "#server/payments/domain/payment-status.ts";
import { toWirePayment } from "#server/payments/domain/wire-payment.ts";
import { netCancelPayment } from "#server/payments/net-cancel-payment.ts";
import {
  approveSchema,
  cancelSchema,
  emptyQuerySchema,
  listQuerySchema,
  netCancelReplySchema,
  netCancelSchema,
  paymentPageSchema,
  wirePaymentSchema,
} from "#server/payments/payment.schemas.ts";
import { readPayment, readPaymentOfOrder, readPaymentPage } from "#server/payments/read-payment.ts";

const paymentKeyShape = /^pay_[0-9A-Z]{26}$/;
const rangeMaxMs = 400 * 24 * 60 * 60 * 1000;

function paymentKeyOf(params: Readonly<Record<string, string>>): string {
  const key = params.paymentKey ?? "";
  if (!paymentKeyShape.test(key)) throw new Refusal("NOT_FOUND_PAYMENT");
  return key;
}

export const approveRoute = mallRoute({
  method: "POST",
  path: "/payments",
  auth: "secret_key",
  movesMoney: true,
  isNewApproval: true,
  summary: "승인",
  input: approveSchema,
  output: wirePaymentSchema,
  refusals: [
    "INVALID_AMOUNT",
    "INVALID_ORDER_ID",
    "TAX_FREE_AMOUNT_EXCEEDS",
    "MALL_SUSPENDED",
    "DUPLICATED_ORDER_ID",
    "PAYMENT_LOCKED",
    "NOT_FOUND_VOUCHER",
    ...declineCodes,
    "PAYMENT_NET_CANCELED",
    "VAN_UNAVAILABLE",
    "MAINTENANCE",
    "PAYMENT_RESULT_UNKNOWN",
  ],
  handle(ctx, { mall, input, ...request }) {
    if (input.taxFreeAmount > input.amount)
      throw new Refusal("TAX_FREE_AMOUNT_EXCEEDS", { field: "taxFreeAmount" });
    // Vouchers are not issued by this version of the platform, so no code can name one.
    if (input.method === "VOUCHER" || input.voucher)
      throw new Refusal("NOT_FOUND_VOUCHER", { field: "voucher" });
    if (!input.card) throw new Refusal("INVALID_REQUEST", { field: "card" });
    return approvePayment(ctx, {
      ...request,
      mallId: mall.mallId,
      routes: mall.routes,
      isMallSuspended: mall.status === "SUSPENDED",
      orderId: input.orderId,
      orderName: input.orderName,
      amountMinor: BigInt(input.amount),
      taxFreeMinor: BigInt(input.taxFreeAmount),
      currency: input.currency,
      card: {
        ...input.card,
        expiryYear: input.card.expiryYear.slice(-2),
        expiryMonth: input.card.expiryMonth.padStart(2, "0"),
      },
      customer: input.customer,
      metadata: input.metadata,
    });
  },
});

export const inquiryRoute = mallRoute({
  method: "GET",
  path: "/payments/{paymentKey}",
  auth: "secret_key",
  movesMoney: false,
  summary: "조회",
  input: emptyQuerySchema,
  output: wirePaymentSchema,
  refusals: ["NOT_FOUND_PAYMENT"],
  async handle(ctx, { mall, params, locale }) {
    const { payment, cancels } = await readPayment(ctx, {
      paymentId: paymentKeyOf(params),
      mallId: mall.mallId,
    });
    return successReply(toWirePayment(payment, cancels, ctx.now()), locale);
  },
});

export const listRoute = mallRoute({
  method: "GET",
  path: "/payments",
  auth: "secret_key",
  movesMoney: false,
  summary: "주문번호로 조회, 기간으로 목록 조회",
  input: listQuerySchema,
  output: z.union([wirePaymentSchema, paymentPageSchema]),
  refusals: ["NOT_FOUND_PAYMENT", "INVALID_ORDER_ID"],
  async handle(ctx, { mall, input, locale }) {
    const now = ctx.now();
    if ("orderId" in input) {
      const { payment, cancels } = await readPaymentOfOrder(ctx, {
        mallId: mall.mallId,
        orderId: input.orderId,
      });
      return successReply(toWirePayment(payment, cancels, now), locale);
    }
    const from = isBusinessDate(input.from) ? startOfBusinessDate(input.from) : new Date(input.from);
    const to = isBusinessDate(input.to) ? endOfBusinessDate(input.to) : new Date(input.to);
    if (from >= to) throw new Refusal("INVALID_REQUEST", { field: "to" });
    if (to.getTime() - from.getTime() > rangeMaxMs) throw new Refusal("INVALID_REQUEST", { field: "from" });
    const page = await readPaymentPage(ctx, {
      mallId: mall.mallId,
      from,
      to,
      statuses: (input.status ?? []) as PaymentStatus[],
      method: input.method ?? null,
      cursor: input.cursor ?? null,
      limit: input.limit,
    });
    return successReply(
      {
        payments: page.payments.map(({ payment, cancels }) => toWirePayment(payment, cancels, now)),
        nextCursor: page.nextCursor,
      },
      locale,
    );
  },
});

export const cancelRoute = mallRoute({
  method: "POST",
  path: "/payments/{paymentKey}/cancel",
  auth: "secret_key",
  movesMoney: true,
  summary: "취소, 부분취소",
  input: cancelSchema,
  output: wirePaymentSchema,
  refusals: [
    "INVALID_AMOUNT",
    "TAX_FREE_AMOUNT_EXCEEDS",
    "CANCEL_DEADLINE_EXPIRED",
    "NOT_ALLOWED_PARTIAL_CANCEL",
    "NOT_FOUND_PAYMENT",
    "ALREADY_CANCELED_PAYMENT",
    "CANCELABLE_AMOUNT_MISMATCH",
    "NOT_CANCELABLE_AMOUNT",
    "NOT_CANCELABLE_PAYMENT",
    "PREVIOUS_CANCEL_NOT_COMPLETE",
    "PAYMENT_LOCKED",
    "INSUFFICIENT_SETTLEMENT_BALANCE",
    "VAN_ERROR",
    "VAN_UNAVAILABLE",
    "PAYMENT_RESULT_UNKNOWN",
  ],
  async handle(ctx, { mall, input, params, idempotency, testCode, locale, traceId }) {
    const minor = (amount: number | undefined) => (amount === undefined ? undefined : BigInt(amount));
    const { reply } = await cancelPayment(ctx, {
      paymentId: paymentKeyOf(params),
      mallId: mall.mallId,
      origin: "API",
      actor: { type: "mall", id: mall.mallId },
      reason: input.reason,
      amountMinor: minor(input.amount),
      taxFreeMinor: minor(input.taxFreeAmount),
      currentCancelableMinor: minor(input.currentCancelableAmount),
      idempotency,
      testCode,
      locale,
      traceId,
    });
    return reply;
  },
});

export const netCancelRoute = mallRoute({
  method: "POST",
  path: "/payments/net-cancel",
  auth: "secret_key",
  movesMoney: true,
  summary: "망취소",
  input: netCancelSchema,
  output: netCancelReplySchema,
  refusals: ["INVALID_ORDER_ID", "NOT_FOUND_PAYMENT", "NET_CANCEL_NOT_ALLOWED", "PAYMENT_LOCKED"],
  handle(ctx, { mall, input, idempotency, testCode, locale, traceId }) {
    return netCancelPayment(ctx, {
      mallId: mall.mallId,
      orderId: input.orderId,
      idempotency,
      testCode,
      locale,
      traceId,
    });
  },
});
