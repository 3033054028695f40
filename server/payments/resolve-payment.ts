import { assert } from "#server/core/assert.ts";
import { cancelAtVan } from "#server/payments/cancel-at-van.ts";
import { originalOf, type Payment, type PaymentCancel } from "#server/payments/domain/payment.ts";
import { gatewayOf, inquireAtVan } from "#server/payments/inquire-at-van.ts";
import { nextTry } from "#server/payments/next-try.ts";
import { loadCancels, loadPayment } from "#server/payments/payment-repository.ts";
import { keptNetCancel, recordNetCancelTry, settleNetCanceled } from "#server/payments/settle-net-cancel.ts";
import type { Context } from "#server/platform/context.ts";
import { done, type JobAttempt, type JobResult } from "#server/platform/job.ts";
import type { InquiryOutcome } from "#server/van/van-gateway.ts";
import { readVanSettings, type VanSettings } from "#server/van/van-queries.ts";

/** A payment whose money is to be gone from the VAN, and what is known of it. */
type Reversal = Readonly<{
  payment: Payment;
  van: VanSettings;
  /** The mall's net cancel of a booked approval, if that is what is being brought to its end. */
  openCancel: PaymentCancel | undefined;
  schedule: Readonly<{ delaysMs: readonly number[]; attempt: number; since: Date }>;
}>;

/**
 * Reverses an approval that is UNKNOWN, or DONE with the mall's wish to net-cancel it (NC-4, reliability §5.2). The VAN is
 * asked first: what it has reversed or declined already needs no more. Safe to run twice: the VAN gets the same data
 * again, and the payment moves by compare-and-set.
 */
export async function resolvePayment(
  ctx: Context,
  job: { paymentId: string },
  { attempt }: JobAttempt,
): Promise<JobResult> {
  const payment = await loadPayment(ctx.sql, job.paymentId);
  assert(payment, `payment ${job.paymentId} of a net-cancel job exists`);
  const openCancel = await openNetCancelOf(ctx, payment);
  if (payment.status !== "UNKNOWN" && !openCancel) return done;

  const van = await readVanSettings(ctx.sql, payment.vanCode);
  const schedule = { delaysMs: van.netCancelDelaysMs, attempt, since: payment.requestedAt };
  const reversal: Reversal = { payment, van, openCancel, schedule };
  const askedAtMs = ctx.now().getTime();
  const inquiry = await inquireAtVan(ctx, payment, van);
  if (inquiry.kind === "found" && inquiry.state !== "approved") {
    await settle(ctx, reversal, inquiry.state === "declined" ? "declined" : "confirmed", inquiry);
    return done;
  }
  const isPastDeadline = askedAtMs > payment.requestedAt.getTime() + van.netCancelDeadlineMs;
  return isPastDeadline ? resolveAfterDeadline(ctx, reversal, inquiry) : netCancel(ctx, reversal, inquiry);
}

async function netCancel(ctx: Context, reversal: Reversal, inquiry: InquiryOutcome): Promise<JobResult> {
  const { payment, van, openCancel } = reversal;
  const askedAtMs = ctx.now().getTime();
  const outcome = await gatewayOf(ctx, payment.vanCode).netCancel(
    { original: originalOf(payment) },
    { connectTimeoutMs: van.connectTimeoutMs, totalTimeoutMs: van.netCancelTimeoutMs },
  );
  const settleBy = async (reason: "confirmed" | "not_found") => {
    await settleNetCanceled(ctx, payment, van, {
      reason,
      vanMs: outcome.exchange.durationMs,
      exchange: keptNetCancel(payment, outcome),
      ...(openCancel ? { openCancel } : {}),
    });
    return done;
  };
  if (outcome.kind === "canceled") return settleBy("confirmed");
  if (outcome.kind === "original_not_found") {
    // D4: the approval may still be under way inside the VAN until its processing window has closed.
    const windowEndMs =
      payment.requestedAt.getTime() + van.connectTimeoutMs + van.approveTimeoutMs + van.processingWindowMs;
    // Judged by when it was asked: an approval may have arrived between the VAN's answer and its reading.
    if (askedAtMs >= windowEndMs) return settleBy("not_found");
    await recordNetCancelTry(ctx, payment, outcome);
    return {
      kind: "again",
      reason: "VAN_REFUSED",
      error: "the VAN knows no original yet",
      delayMs: Math.max(0, windowEndMs - ctx.now().getTime()) + 200,
      countsAsAttempt: false,
    };
  }
  await recordNetCancelTry(ctx, payment, outcome);
  if (outcome.kind !== "already_acquired") return nextTry(ctx, van, reversal.schedule, outcome);
  const live = inquiry.kind === "found" ? inquiry : await inquireAtVan(ctx, payment, van);
  return cancelInstead(ctx, reversal, live);
}

/** The VAN takes no net cancel any more: if the money is still there, a normal cancel gives it back. */
async function resolveAfterDeadline(
  ctx: Context,
  reversal: Reversal,
  inquiry: InquiryOutcome,
): Promise<JobResult> {
  if (inquiry.kind === "found") return cancelInstead(ctx, reversal, inquiry);
  if (inquiry.kind !== "not_found") return nextTry(ctx, reversal.van, reversal.schedule, inquiry);
  await settle(ctx, reversal, "not_found", inquiry);
  return done;
}

/** Gives an acquired approval back by a normal cancel (NC-5), named by the approval number that the VAN's inquiry told. */
async function cancelInstead(ctx: Context, reversal: Reversal, live: InquiryOutcome): Promise<JobResult> {
  const { payment, van, schedule } = reversal;
  if (live.kind === "unknown" || live.kind === "not_sent") return nextTry(ctx, van, schedule, live);
  if (live.kind !== "found" || !live.approvalNo) {
    return {
      kind: "dead",
      reason: "VAN_REFUSED",
      error: "the VAN refuses the net cancel as acquired, and its inquiry names no approval to cancel",
    };
  }
  const outcome = await cancelAtVan(ctx, payment, van, live.approvalNo);
  if (outcome.kind === "canceled") {
    await settle(ctx, reversal, "canceled_instead", outcome);
    return done;
  }
  // Nobody refused: the same trace number may be sent again.
  if (outcome.kind !== "refused") return nextTry(ctx, van, schedule, outcome);
  return {
    kind: "dead",
    reason: "VAN_REFUSED",
    error: `the VAN refuses both net cancel and cancel (${outcome.exchange.responseCode ?? outcome.refusal})`,
  };
}

/** Settles by an answer whose exchange is kept already. */
async function settle(
  ctx: Context,
  { payment, van, openCancel }: Reversal,
  reason: "confirmed" | "not_found" | "declined" | "canceled_instead",
  { exchange }: Pick<InquiryOutcome, "exchange">,
): Promise<void> {
  await settleNetCanceled(ctx, payment, van, {
    reason,
    vanMs: exchange.durationMs,
    ...(openCancel ? { openCancel } : {}),
  });
}

async function openNetCancelOf(ctx: Context, payment: Payment): Promise<PaymentCancel | undefined> {
  if (payment.status !== "DONE") return undefined;
  const cancels = await loadCancels(ctx.sql, [payment.id]);
  return cancels.find((cancel) => cancel.origin === "NET_CANCEL" && cancel.status === "REQUESTED");
}
