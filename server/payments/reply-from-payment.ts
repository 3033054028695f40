import { toSeoulIso } from "#server/core/business-date.ts";
import { type Locale, type Reply, refusalReply, successReply } from "#server/core/envelope.ts";
import { type RefusalCode, type RefusalFacts, refusals } from "#server/core/refusals.ts";
import type { Payment, PaymentCancel } from "#server/payments/domain/payment.ts";
import { toWirePayment } from "#server/payments/domain/wire-payment.ts";
import { countNetCancelTries, loadCancels } from "#server/payments/payment-repository.ts";
import type { Context } from "#server/platform/context.ts";
import { readVanSettings } from "#server/van/van-queries.ts";

type Asker = Readonly<{ locale: Locale; traceId: string }>;

/** What every refusal about a payment says of it. */
export function factsOf(payment: Payment): RefusalFacts {
  return { paymentKey: payment.id, orderId: payment.orderId, status: payment.status };
}

/** The same with the VAN's own words, where they are the reason of the refusal. */
export function factsWithVanOf(payment: Payment): RefusalFacts {
  const { vanCode: code, vanResponseCode: responseCode, vanResponseMessage: message } = payment;
  return {
    ...factsOf(payment),
    ...(responseCode ? { van: { code, responseCode, message: message ?? undefined } } : {}),
  };
}

/** How far the reversal of an unknown approval has come (NC-6). */
export async function netCancelFacts(
  ctx: Context,
  payment: Payment,
): Promise<{ state: string; attempts: number; deadline: string }> {
  const van = await readVanSettings(ctx.sql, payment.vanCode);
  return {
    state: payment.status === "NET_CANCELED" ? "DONE" : "IN_PROGRESS",
    attempts: await countNetCancelTries(ctx.sql, payment.id),
    deadline: toSeoulIso(new Date(payment.requestedAt.getTime() + van.netCancelDeadlineMs)),
  };
}

/** Answers an approval from the payment as it stands now: an unknown outcome is never frozen (IDM-9). */
export async function replyFromPayment(ctx: Context, payment: Payment, asker: Asker): Promise<Reply> {
  const refuse = (code: RefusalCode, facts: RefusalFacts, retryAfterSeconds?: number) =>
    refusalReply(code, facts, asker.locale, asker.traceId, retryAfterSeconds);
  switch (payment.status) {
    case "IN_PROGRESS":
    case "READY":
      return refuse("IDEMPOTENT_REQUEST_PROCESSING", { paymentKey: payment.id, orderId: payment.orderId }, 1);
    case "UNKNOWN":
      return refuse(
        "PAYMENT_RESULT_UNKNOWN",
        { ...factsOf(payment), netCancel: await netCancelFacts(ctx, payment) },
        5,
      );
    case "NET_CANCELED":
      return refuse("PAYMENT_NET_CANCELED", factsOf(payment));
    case "ABORTED":
    case "EXPIRED":
      return refuse(failureCodeOf(payment), factsWithVanOf(payment));
    default:
      return successReply(
        toWirePayment(payment, await loadCancels(ctx.sql, [payment.id]), ctx.now()),
        asker.locale,
      );
  }
}

/** Answers a cancel from the cancel as it stands now, its payment with it (IDM-9). */
export function replyFromCancel(
  ctx: Pick<Context, "now">,
  {
    payment,
    cancels,
    cancel,
  }: { payment: Payment; cancels: readonly PaymentCancel[]; cancel: PaymentCancel },
  asker: Asker,
): Reply {
  const refuse = (code: RefusalCode, facts: RefusalFacts, retryAfterSeconds?: number) =>
    refusalReply(code, facts, asker.locale, asker.traceId, retryAfterSeconds);
  switch (cancel.status) {
    case "REQUESTED":
      return refuse("IDEMPOTENT_REQUEST_PROCESSING", { paymentKey: payment.id, orderId: payment.orderId }, 1);
    case "UNKNOWN":
      return refuse("PAYMENT_RESULT_UNKNOWN", { ...factsOf(payment), cancelKey: cancel.id }, 5);
    case "FAILED":
      return refuse(failureCodeOf(cancel), factsOf(payment));
    case "SUCCEEDED":
      return successReply(toWirePayment(payment, cancels, ctx.now()), asker.locale);
  }
}

function failureCodeOf({ failureCode }: Pick<Payment | PaymentCancel, "failureCode">): RefusalCode {
  return failureCode && failureCode in refusals ? (failureCode as RefusalCode) : "VAN_ERROR";
}
