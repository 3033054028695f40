import { originalOf, type Payment, reversalTraceNoOf } from "#server/payments/domain/payment.ts";
import { gatewayOf } from "#server/payments/inquire-at-van.ts";
import { keepExchange } from "#server/payments/payment-repository.ts";
import { keptNetCancel } from "#server/payments/settle-net-cancel.ts";
import type { Context } from "#server/platform/context.ts";
import type { CancelOutcome } from "#server/van/van-gateway.ts";
import type { VanSettings } from "#server/van/van-queries.ts";

/**
 * Gives an acquired approval back whole by a normal cancel (NC-5), when the VAN takes no net cancel any more. Its trace
 * number is a function of the approval's, so that it is one cancel however often it is sent. Keeps the exchange.
 */
export async function cancelAtVan(
  ctx: Pick<Context, "vans" | "sql">,
  payment: Payment,
  van: VanSettings,
  approvalNo: string,
): Promise<CancelOutcome> {
  const outcome = await gatewayOf(ctx, payment.vanCode).cancel(
    {
      original: originalOf(payment),
      traceNo: reversalTraceNoOf(payment.traceNo),
      approvalNo,
      amountMinor: payment.amountMinor,
      taxFreeMinor: payment.taxFreeMinor,
      vatMinor: payment.vatMinor,
      balanceBeforeMinor: payment.amountMinor,
      partial: false,
    },
    { connectTimeoutMs: van.connectTimeoutMs, totalTimeoutMs: van.connectTimeoutMs + van.cancelTimeoutMs },
  );
  await keepExchange(ctx.sql, keptNetCancel(payment, outcome, "CANCEL"));
  return outcome;
}
