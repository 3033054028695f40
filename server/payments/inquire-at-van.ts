import { assert } from "#server/core/assert.ts";
import { originalOf, type Payment, type PaymentCancel } from "#server/payments/domain/payment.ts";
import { keepExchange } from "#server/payments/payment-repository.ts";
import type { Context } from "#server/platform/context.ts";
import type { InquiryOutcome, VanGateway } from "#server/van/van-gateway.ts";
import type { VanSettings } from "#server/van/van-queries.ts";

/** The gateway of a payment's VAN. A payment stays with its VAN, so a missing one is a broken set-up. */
export function gatewayOf(ctx: Pick<Context, "vans">, vanCode: string): VanGateway {
  const gateway = ctx.vans.get(vanCode);
  assert(gateway, `VAN ${vanCode} of a payment is connected`);
  return gateway;
}

/** Asks the VAN what became of an approval, or of `cancel`, and keeps the exchange with the payment. Changes nothing else. */
export async function inquireAtVan(
  ctx: Pick<Context, "vans" | "sql">,
  payment: Payment,
  van: VanSettings,
  cancel?: PaymentCancel,
): Promise<InquiryOutcome> {
  const traceNo = cancel?.traceNo ?? payment.traceNo;
  const inquiry = await gatewayOf(ctx, payment.vanCode).inquire(
    { original: originalOf(payment), traceNo },
    { connectTimeoutMs: van.connectTimeoutMs, totalTimeoutMs: van.inquiryTimeoutMs },
  );
  await keepExchange(ctx.sql, {
    operation: "INQUIRY",
    vanCode: payment.vanCode,
    paymentId: payment.id,
    cancelId: cancel?.id,
    traceNo,
    outcome: inquiry.kind === "found" ? inquiry.state : inquiry.kind,
    exchange: inquiry.exchange,
  });
  return inquiry;
}
