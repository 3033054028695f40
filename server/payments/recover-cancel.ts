import { systemActor } from "#server/core/actor.ts";
import { assert } from "#server/core/assert.ts";
import { cancelRequestOf } from "#server/payments/cancel-payment.ts";
import type { Payment, PaymentCancel } from "#server/payments/domain/payment.ts";
import { findCancel } from "#server/payments/find-cancel.ts";
import { gatewayOf, inquireAtVan } from "#server/payments/inquire-at-van.ts";
import { nextTry } from "#server/payments/next-try.ts";
import { keepExchange } from "#server/payments/payment-repository.ts";
import { settleCancel } from "#server/payments/settle-cancel.ts";
import type { Context } from "#server/platform/context.ts";
import { done, type JobAttempt, type JobResult } from "#server/platform/job.ts";
import type { CancelOutcome, InquiryOutcome, VanExchange } from "#server/van/van-gateway.ts";
import { readVanSettings } from "#server/van/van-queries.ts";

/**
 * Brings a cancel with unknown outcome to its end: inquiry first, then the same cancel with the same trace number (§5.4).
 * A VAN that refuses it as cancelled already may be speaking of our own earlier message, so it is asked once more; if it
 * knows no cancel of ours, the books differ and a person decides.
 */
export async function recoverCancel(
  ctx: Context,
  job: { cancelId: string },
  { attempt }: JobAttempt,
): Promise<JobResult> {
  const found = await findCancel(ctx, job.cancelId);
  assert(found, `cancel ${job.cancelId} of a recovery job exists`);
  const { payment, cancel, others } = found;
  if (cancel.status !== "UNKNOWN" && cancel.status !== "REQUESTED") return done;
  const van = await readVanSettings(ctx.sql, payment.vanCode);
  const schedule = { delaysMs: van.cancelDelaysMs, attempt, since: cancel.requestedAt };
  const settle = async (outcome: CancelOutcome | { kind: "canceled"; exchange: VanExchange }) => {
    await settleCancel(ctx, {
      payment,
      cancels: others,
      cancel,
      van,
      outcome,
      actor: systemActor,
      locale: "ko",
      traceId: cancel.traceId,
    });
    return done;
  };

  const inquiry = await inquireAtVan(ctx, payment, van, cancel);
  if (isUnanswered(inquiry)) return nextTry(ctx, van, schedule, inquiry);
  if (isCanceled(inquiry)) return settle({ kind: "canceled", exchange: inquiry.exchange });

  const outcome = await gatewayOf(ctx, payment.vanCode).cancel(cancelRequestOf(payment, cancel), {
    connectTimeoutMs: van.connectTimeoutMs,
    totalTimeoutMs: van.connectTimeoutMs + van.cancelTimeoutMs,
  });
  if (outcome.kind === "unknown" || outcome.kind === "not_sent") {
    await keepCancelTry(ctx, payment, cancel, outcome);
    return nextTry(ctx, van, schedule, outcome);
  }
  if (outcome.kind !== "refused" || outcome.refusal !== "ALREADY_CANCELED_PAYMENT") return settle(outcome);

  await keepCancelTry(ctx, payment, cancel, outcome);
  const again = await inquireAtVan(ctx, payment, van, cancel);
  if (isUnanswered(again)) return nextTry(ctx, van, schedule, again);
  if (isCanceled(again)) return settle({ kind: "canceled", exchange: again.exchange });
  return {
    kind: "dead",
    reason: "VAN_MISMATCH",
    error: "the VAN calls the payment cancelled already and knows no cancel of ours: compare both books",
  };
}

function isUnanswered(
  inquiry: InquiryOutcome,
): inquiry is Extract<InquiryOutcome, { kind: "unknown" | "not_sent" }> {
  return inquiry.kind === "unknown" || inquiry.kind === "not_sent";
}

function isCanceled(inquiry: InquiryOutcome): boolean {
  return inquiry.kind === "found" && inquiry.state === "canceled";
}

function keepCancelTry(
  ctx: Context,
  payment: Payment,
  cancel: PaymentCancel,
  outcome: CancelOutcome,
): Promise<void> {
  return keepExchange(ctx.sql, {
    operation: "CANCEL",
    vanCode: payment.vanCode,
    paymentId: payment.id,
    cancelId: cancel.id,
    traceNo: cancel.traceNo,
    outcome: outcome.kind,
    exchange: outcome.exchange,
  });
}
