import { systemActor } from "#server/core/actor.ts";
import { assert } from "#server/core/assert.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import { cancelRequestOf } from "#server/payments/cancel-payment.ts";
import {
  originalOf,
  type Payment,
  type PaymentCancel,
  reversalTraceNoOf,
} from "#server/payments/domain/payment.ts";
import { findCancel } from "#server/payments/find-cancel.ts";
import { reverseOrphanJob } from "#server/payments/payment-jobs.ts";
import {
  closeOrphan,
  type KeptExchange,
  keepExchange,
  loadCancels,
  loadOrphan,
  loadPayment,
  recordOrphan,
} from "#server/payments/payment-repository.ts";
import { settleCancel } from "#server/payments/settle-cancel.ts";
import { keptNetCancel, recordNetCancelTry, settleNetCanceled } from "#server/payments/settle-net-cancel.ts";
import type { Context } from "#server/platform/context.ts";
import { done, type JobAttempt, type JobResult, type ReasonClass } from "#server/platform/job.ts";
import type { InquiryOutcome, VanGateway } from "#server/van/van-gateway.ts";
import { readVanSettings, type VanSettings } from "#server/van/van-queries.ts";

/**
 * Tries to reverse an approval that is UNKNOWN, or DONE with the mall's wish to net-cancel it (NC-4, reliability §5.2).
 * Safe to run twice: the VAN gets the same data again, and the payment moves by compare-and-set.
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
  const gateway = gatewayOf(ctx, payment.vanCode);
  const deadline = { connectTimeoutMs: van.connectTimeoutMs, totalTimeoutMs: van.netCancelTimeoutMs };
  if (ctx.now().getTime() > payment.requestedAt.getTime() + van.netCancelDeadlineMs)
    return resolveAfterDeadline(ctx, payment, openCancel, van, gateway, attempt);

  const askedAtMs = ctx.now().getTime();
  const outcome = await gateway.netCancel({ original: originalOf(payment) }, deadline);
  const settled = (reason: "confirmed" | "not_found") =>
    settleNetCanceled(ctx, payment, van, { outcome, reason, ...(openCancel ? { openCancel } : {}) });
  switch (outcome.kind) {
    case "canceled":
      await settled("confirmed");
      return done;
    case "original_not_found": {
      // D4: the approval may still be under way inside the VAN until its processing window has closed.
      const windowEndMs =
        payment.requestedAt.getTime() + van.connectTimeoutMs + van.approveTimeoutMs + van.processingWindowMs;
      // Judged by when it was asked: an approval may have arrived between the VAN's answer and its reading.
      if (askedAtMs >= windowEndMs) {
        await settled("not_found");
        return done;
      }
      await recordNetCancelTry(ctx, payment, outcome);
      return {
        kind: "again",
        reason: "VAN_REFUSED",
        error: "the VAN knows no original yet",
        delayMs: Math.max(0, windowEndMs - ctx.now().getTime()) + 200,
        countsAsAttempt: false,
      };
    }
    case "already_acquired":
      await recordNetCancelTry(ctx, payment, outcome);
      return cancelInstead(ctx, payment, openCancel, van, gateway, attempt);
    default:
      await recordNetCancelTry(ctx, payment, outcome);
      return nextTry(ctx, van.netCancelDelaysMs, attempt, outcome);
  }
}

/** The VAN takes no net cancel any more: if the money is still there, a normal cancel gives it back. */
async function resolveAfterDeadline(
  ctx: Context,
  payment: Payment,
  openCancel: PaymentCancel | undefined,
  van: VanSettings,
  gateway: VanGateway,
  attempt: number,
): Promise<JobResult> {
  const inquiry = await gateway.inquire(
    { original: originalOf(payment), traceNo: payment.traceNo },
    { connectTimeoutMs: van.connectTimeoutMs, totalTimeoutMs: van.inquiryTimeoutMs },
  );
  await keepExchange(ctx.sql, keptInquiry(payment, inquiry));
  if (inquiry.kind === "not_found" || (inquiry.kind === "found" && inquiry.state !== "approved")) {
    await settleNetCanceled(ctx, payment, van, {
      outcome: inquiry,
      reason: "not_found",
      ...(openCancel ? { openCancel } : {}),
    });
    return done;
  }
  if (inquiry.kind === "found") return cancelInstead(ctx, payment, openCancel, van, gateway, attempt);
  return nextTry(ctx, van.netCancelDelaysMs, attempt, inquiry);
}

/** Gives an acquired approval back by a normal cancel with a trace number that is a function of the approval's (NC-5). */
async function cancelInstead(
  ctx: Context,
  payment: Payment,
  openCancel: PaymentCancel | undefined,
  van: VanSettings,
  gateway: VanGateway,
  attempt: number,
): Promise<JobResult> {
  const deadline = { connectTimeoutMs: van.connectTimeoutMs, totalTimeoutMs: van.cancelTimeoutMs };
  const inquiry = await gateway.inquire(
    { original: originalOf(payment), traceNo: payment.traceNo },
    deadline,
  );
  await keepExchange(ctx.sql, keptInquiry(payment, inquiry));
  if (inquiry.kind === "unknown" || inquiry.kind === "not_sent")
    return nextTry(ctx, van.netCancelDelaysMs, attempt, inquiry);
  if (inquiry.kind !== "found" || !inquiry.approvalNo) {
    return {
      kind: "dead",
      reason: "VAN_REFUSED",
      error: "the VAN refuses the net cancel as acquired, and its inquiry names no approval to cancel",
    };
  }
  const outcome = await gateway.cancel(
    {
      original: originalOf(payment),
      traceNo: reversalTraceNoOf(payment.traceNo),
      approvalNo: inquiry.approvalNo,
      amountMinor: payment.amountMinor,
      taxFreeMinor: payment.taxFreeMinor,
      vatMinor: payment.vatMinor,
      balanceBeforeMinor: payment.amountMinor,
      partial: false,
    },
    deadline,
  );
  if (outcome.kind === "canceled") {
    await settleNetCanceled(ctx, payment, van, {
      outcome,
      reason: "canceled_instead",
      ...(openCancel ? { openCancel } : {}),
    });
    return done;
  }
  await keepExchange(ctx.sql, keptNetCancel(payment, outcome, "CANCEL"));
  // Nobody refused: the same trace number may be sent again.
  if (outcome.kind !== "refused") return nextTry(ctx, van.netCancelDelaysMs, attempt, outcome);
  return {
    kind: "dead",
    reason: "VAN_REFUSED",
    error: `the VAN refuses both net cancel and cancel (${outcome.exchange.responseCode ?? outcome.refusal})`,
  };
}

/** Asks whether a net-cancelled approval stayed reversed (NC-8); money found live becomes an orphan and is reversed. */
export async function followUpInquiry(
  ctx: Context,
  job: { paymentId: string; index: number },
  { attempt }: JobAttempt,
): Promise<JobResult> {
  const payment = await loadPayment(ctx.sql, job.paymentId);
  assert(payment, `payment ${job.paymentId} of an inquiry exists`);
  if (payment.status !== "NET_CANCELED") return done;
  const van = await readVanSettings(ctx.sql, payment.vanCode);
  const inquiry = await gatewayOf(ctx, payment.vanCode).inquire(
    { original: originalOf(payment), traceNo: payment.traceNo },
    { connectTimeoutMs: van.connectTimeoutMs, totalTimeoutMs: van.inquiryTimeoutMs },
  );
  await keepExchange(ctx.sql, keptInquiry(payment, inquiry));
  if (inquiry.kind === "unknown" || inquiry.kind === "not_sent")
    return nextTry(ctx, van.cancelDelaysMs, attempt, inquiry);
  if (inquiry.kind === "found" && inquiry.state === "approved") {
    await ctx.sql.transaction((sql) =>
      recordOrphan(
        sql,
        payment,
        "inquiry",
        (id) => outboxRow(reverseOrphanJob, String(id), { orphanId: String(id) }, { subjectId: payment.id }),
        ctx.now(),
      ),
    );
  }
  return done;
}

/** Reverses money that the VAN holds for a payment which had ended; the payment itself stays as it is (§5.0.5). */
export async function reverseOrphan(
  ctx: Context,
  job: { orphanId: string },
  { attempt }: JobAttempt,
): Promise<JobResult> {
  const orphan = await loadOrphan(ctx.sql, BigInt(job.orphanId));
  assert(orphan, `orphan ${job.orphanId} exists`);
  if (orphan.state !== "OPEN") return done;
  const payment = await loadPayment(ctx.sql, orphan.paymentId);
  assert(payment, `payment ${orphan.paymentId} of an orphan exists`);
  const van = await readVanSettings(ctx.sql, payment.vanCode);
  const outcome = await gatewayOf(ctx, payment.vanCode).netCancel(
    { original: originalOf(payment) },
    { connectTimeoutMs: van.connectTimeoutMs, totalTimeoutMs: van.netCancelTimeoutMs },
  );
  await recordNetCancelTry(ctx, payment, outcome);
  if (outcome.kind !== "canceled") return nextTry(ctx, van.netCancelDelaysMs, attempt, outcome);
  await closeOrphan(ctx.sql, orphan.id);
  return done;
}

/** Brings a cancel with unknown outcome to its end: inquiry first, then the same cancel with the same trace number (§5.4). */
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
  const gateway = gatewayOf(ctx, payment.vanCode);
  const inquiry = await gateway.inquire(
    { original: originalOf(payment), traceNo: cancel.traceNo },
    { connectTimeoutMs: van.connectTimeoutMs, totalTimeoutMs: van.inquiryTimeoutMs },
  );
  await keepExchange(ctx.sql, {
    ...keptInquiry(payment, inquiry),
    cancelId: cancel.id,
    traceNo: cancel.traceNo,
  });
  if (inquiry.kind === "unknown" || inquiry.kind === "not_sent")
    return nextTry(ctx, van.cancelDelaysMs, attempt, inquiry);

  const outcome =
    inquiry.kind === "found" && inquiry.state === "canceled"
      ? { kind: "canceled" as const, exchange: inquiry.exchange }
      : await gateway.cancel(cancelRequestOf(payment, cancel), {
          connectTimeoutMs: van.connectTimeoutMs,
          totalTimeoutMs: van.connectTimeoutMs + van.cancelTimeoutMs,
        });
  if (outcome.kind === "unknown" || outcome.kind === "not_sent") {
    await keepExchange(ctx.sql, {
      operation: "CANCEL",
      vanCode: payment.vanCode,
      paymentId: payment.id,
      cancelId: cancel.id,
      traceNo: cancel.traceNo,
      outcome: outcome.kind,
      exchange: outcome.exchange,
    });
    return nextTry(ctx, van.cancelDelaysMs, attempt, outcome);
  }
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
}

async function openNetCancelOf(ctx: Context, payment: Payment): Promise<PaymentCancel | undefined> {
  if (payment.status !== "DONE") return undefined;
  const cancels = await loadCancels(ctx.sql, [payment.id]);
  return cancels.find((cancel) => cancel.origin === "NET_CANCEL" && cancel.status === "REQUESTED");
}

function gatewayOf(ctx: Context, code: string): VanGateway {
  const gateway = ctx.vans.get(code);
  assert(gateway, `VAN ${code} of a payment is connected`);
  return gateway;
}

function keptInquiry(payment: Payment, inquiry: InquiryOutcome): KeptExchange {
  const outcome = inquiry.kind === "found" ? inquiry.state : inquiry.kind;
  return {
    operation: "INQUIRY",
    vanCode: payment.vanCode,
    paymentId: payment.id,
    traceNo: payment.traceNo,
    outcome,
    exchange: inquiry.exchange,
  };
}

type Failure = Readonly<{
  kind: string;
  because?: string;
  exchange: { responseCode?: string | undefined; error?: string | undefined };
}>;

/** The VAN's own schedule decides when to ask again; after its last delay the job is a dead letter (NC-4). */
function nextTry(
  { random }: Pick<Context, "random">,
  delaysMs: readonly number[],
  attempt: number,
  failure: Failure,
): JobResult {
  const reason = reasonOf(failure);
  const error = failure.exchange.error ?? `the VAN answered ${failure.exchange.responseCode ?? failure.kind}`;
  const delayMs = delaysMs[attempt];
  if (delayMs === undefined) return { kind: "dead", reason, error };
  return { kind: "again", reason, error, delayMs: delayMs * (0.9 + random() * 0.2) };
}

function reasonOf(failure: Failure): ReasonClass {
  if (failure.kind === "not_sent") return "VAN_UNREACHABLE";
  if (failure.kind !== "unknown") return "VAN_REFUSED";
  switch (failure.because) {
    case "unreadable":
      return "VAN_UNREADABLE";
    case "mismatch":
      return "VAN_MISMATCH";
    case "unknown_code":
      return "VAN_UNKNOWN_CODE";
    default:
      return "VAN_TIMEOUT";
  }
}
