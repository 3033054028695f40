import { assert } from "#server/core/assert.ts";
import type { Locale } from "#server/core/envelope.ts";
import { originalOf, type Payment, type PaymentCancel } from "#server/payments/domain/payment.ts";
import { loadPayment } from "#server/payments/payment-repository.ts";
import { keptNetCancel, recordNetCancelTry, settleNetCanceled } from "#server/payments/settle-net-cancel.ts";
import type { Context } from "#server/platform/context.ts";
import type { VanSettings } from "#server/van/van-queries.ts";

/**
 * The one net cancel inside the request (NC-4). The payment's wish to be reversed is committed already, with the job
 * that goes on if this try does not settle it. "No original" settles nothing yet (D4). Returns the payment as it stands after.
 */
export async function netCancelNow(
  ctx: Context,
  payment: Payment,
  van: VanSettings,
  by: { locale: Locale; openCancel?: PaymentCancel; testCode?: string | undefined },
): Promise<Payment> {
  const gateway = ctx.vans.get(van.code);
  assert(gateway, `VAN ${van.code} is connected: this process sent the approval`);
  const outcome = await gateway.netCancel(
    { original: originalOf(payment), testCode: van.isSandbox ? by.testCode : undefined },
    { connectTimeoutMs: van.connectTimeoutMs, totalTimeoutMs: van.netCancelTimeoutMs },
  );
  if (outcome.kind === "canceled")
    await settleNetCanceled(ctx, payment, van, {
      reason: "confirmed",
      vanMs: outcome.exchange.durationMs,
      exchange: keptNetCancel(payment, outcome),
      locale: by.locale,
      ...(by.openCancel ? { openCancel: by.openCancel } : {}),
    });
  else await recordNetCancelTry(ctx, payment, outcome);
  const present = await loadPayment(ctx.sql, payment.id);
  assert(present, `payment ${payment.id} exists`);
  return present;
}
