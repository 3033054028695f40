import { assert } from "#server/core/assert.ts";
import { type Locale, type Reply, refusalReply, successReply } from "#server/core/envelope.ts";
import type { DeclineCode } from "#server/core/refusals.ts";
import { findEarlierUse } from "#server/idempotency/find-earlier-use.ts";
import type { IdempotencyUse } from "#server/idempotency/idempotency-use.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import { commitOutcome } from "#server/payments/commit-outcome.ts";
import { approvalPostings } from "#server/payments/domain/ledger-postings.ts";
import type { Payment } from "#server/payments/domain/payment.ts";
import { toWirePayment } from "#server/payments/domain/wire-payment.ts";
import type { Hops } from "#server/payments/keep-approval-timings.ts";
import { netCancelNow } from "#server/payments/net-cancel-now.ts";
import { netCancelJob } from "#server/payments/payment-jobs.ts";
import {
  type KeptExchange,
  loadPayment,
  movePayment,
  type PaymentMove,
} from "#server/payments/payment-repository.ts";
import { factsOf, factsWithVanOf, replyFromPayment } from "#server/payments/reply-from-payment.ts";
import { reportOrphan } from "#server/payments/report-orphan.ts";
import type { Context } from "#server/platform/context.ts";
import type { ApprovalOutcome } from "#server/van/van-gateway.ts";
import type { VanSettings } from "#server/van/van-queries.ts";

type Approval = Readonly<{
  payment: Payment;
  van: VanSettings;
  outcome: ApprovalOutcome;
  /** The hops so far; that of the second commit is added here once it is done. */
  hops: Hops;
  command: Readonly<{
    idempotency: IdempotencyUse;
    locale: Locale;
    traceId: string;
    receivedAtMs: number;
    testCode?: string | undefined;
  }>;
}>;

type Settled = Approval &
  Readonly<{
    at: Date;
    /** When the outcome was known, on the clock of `monotonicMs`. */
    knownAtMs: number;
    vanDurationMs: number;
    totalDurationMs: number;
    kept: KeptExchange;
    detail: Record<string, unknown>;
  }>;

/** Writes what the VAN answered to an approval, with all that follows from it (A5), and returns the mall's answer. */
export async function settleApproval(ctx: Context, approval: Approval): Promise<Reply> {
  const { payment, outcome, van, command } = approval;
  const knownAtMs = ctx.monotonicMs();
  const totalDurationMs = knownAtMs - command.receivedAtMs;
  const settled: Settled = {
    ...approval,
    at: ctx.now(),
    knownAtMs,
    vanDurationMs: Math.round(outcome.exchange.durationMs),
    totalDurationMs: Math.round(totalDurationMs),
    kept: {
      operation: "APPROVE",
      vanCode: payment.vanCode,
      paymentId: payment.id,
      traceNo: payment.traceNo,
      outcome: outcome.kind,
      exchange: outcome.exchange,
    },
    detail: { ...approval.hops, totalMs: totalDurationMs, van: payment.vanCode, traceId: command.traceId },
  };
  const untilMs = command.receivedAtMs + van.leaseMs - 5_000;
  return commitOutcome(ctx, untilMs, factsOf({ ...payment, status: "UNKNOWN" }), () => {
    switch (outcome.kind) {
      case "approved":
        return settleApproved(ctx, settled, outcome);
      case "declined":
        return settleDeclined(ctx, settled, outcome.refusal);
      case "not_sent":
        return settleNotSent(ctx, settled, outcome.because);
      case "unknown":
        return settleUnknown(ctx, settled, outcome.because);
    }
  });
}

/** Commit 2: writes the outcome, and notes how long that took since it was known. */
async function commit(ctx: Context, settled: Settled, move: PaymentMove): Promise<boolean> {
  const moved = await movePayment(ctx.sql, move);
  const doneAtMs = ctx.monotonicMs();
  if (moved) settled.hops.commit2 = { tookMs: doneAtMs - settled.knownAtMs, doneAtMs };
  return moved;
}

async function settleApproved(
  ctx: Context,
  settled: Settled,
  outcome: Extract<ApprovalOutcome, { kind: "approved" }>,
): Promise<Reply> {
  const { payment, command, at, kept } = settled;
  const facts = {
    ...answerFacts(settled),
    approvalNo: outcome.approvalNo,
    issuerCode: outcome.issuerCode,
    issuerName: outcome.issuerName,
    approvedAt: at,
  };
  const after: Payment = {
    ...payment,
    ...facts,
    ...vanWords(settled),
    status: "DONE",
    version: payment.version + 1,
  };
  const wire = toWirePayment(after, [], at);
  const reply = successReply(wire, command.locale);
  const moved = await commit(ctx, settled, {
    payment,
    to: "DONE",
    unlessNetCancelWanted: true,
    facts,
    history: { kind: "approved", actorType: "mall", actorId: payment.mallId, detail: settled.detail },
    ledger: { eventKey: `pay:${payment.id}:approve`, postings: approvalPostings(payment) },
    event: { type: "payment.approved", data: wire },
    reply: { path: command.idempotency.path, ...reply },
    exchange: kept,
    at,
  });
  if (moved) return reply;

  // A5e: someone was faster. The database decides what the mall is told, and never DONE from here.
  const present = await loadPayment(ctx.sql, payment.id);
  assert(present, `payment ${payment.id} exists: this request opened it`);
  if (present.status === "IN_PROGRESS") return settleUnknown(ctx, settled, "mall_request");
  if (present.status === "NET_CANCELED") {
    await reportOrphan(ctx, present, "late_response");
  }
  return replyFromDatabase(ctx, settled, present);
}

async function settleDeclined(ctx: Context, settled: Settled, refusal: DeclineCode): Promise<Reply> {
  const { payment, command, at, kept } = settled;
  const facts = { ...answerFacts(settled), failureCode: refusal };
  const after: Payment = {
    ...payment,
    ...facts,
    ...vanWords(settled),
    status: "ABORTED",
    version: payment.version + 1,
  };
  const reply = refusalReply(refusal, factsWithVanOf(after), command.locale, command.traceId);
  const moved = await commit(ctx, settled, {
    payment,
    to: "ABORTED",
    facts,
    history: {
      kind: "declined",
      actorType: "mall",
      actorId: payment.mallId,
      detail: { ...settled.detail, code: refusal },
    },
    event: { type: "payment.failed", data: toWirePayment(after, [], at) },
    reply: { path: command.idempotency.path, ...reply },
    exchange: kept,
    at,
  });
  return moved ? reply : replyFromDatabase(ctx, settled);
}

/** No byte was sent: nobody was charged, no net cancel is owed (NC-2), and the same key may try again (IDM-10). */
async function settleNotSent(ctx: Context, settled: Settled, because: string): Promise<Reply> {
  const { payment, command, at, kept } = settled;
  const facts = { ...answerFacts(settled), failureCode: "VAN_UNAVAILABLE" };
  const after: Payment = {
    ...payment,
    ...facts,
    ...vanWords(settled),
    status: "ABORTED",
    version: payment.version + 1,
  };
  const reply = refusalReply(
    "VAN_UNAVAILABLE",
    { ...factsOf(after), charged: false },
    command.locale,
    command.traceId,
    5,
  );
  const moved = await commit(ctx, settled, {
    payment,
    to: "ABORTED",
    facts,
    history: {
      kind: "not_sent",
      actorType: "mall",
      actorId: payment.mallId,
      detail: { ...settled.detail, because },
    },
    event: { type: "payment.failed", data: toWirePayment(after, [], at) },
    releaseKey: { path: command.idempotency.path },
    exchange: kept,
    at,
  });
  return moved ? reply : replyFromDatabase(ctx, settled);
}

/** A5d: UNKNOWN is committed with its net cancel before the VAN is asked to reverse; then one try at once. */
async function settleUnknown(ctx: Context, settled: Settled, because: string): Promise<Reply> {
  const { payment, van, command, at } = settled;
  const facts = { ...answerFacts(settled), unknownReason: because };
  const after: Payment = {
    ...payment,
    ...facts,
    ...vanWords(settled),
    status: "UNKNOWN",
    version: payment.version + 1,
  };
  const firstDelayMs = van.connectTimeoutMs + van.netCancelTimeoutMs + (van.netCancelDelaysMs[0] ?? 0);
  const moved = await commit(ctx, settled, {
    payment,
    to: "UNKNOWN",
    facts,
    history: {
      kind: "unknown",
      actorType: "system",
      actorId: "system",
      detail: { ...settled.detail, because },
    },
    event: { type: "payment.unknown", data: toWirePayment(after, [], at) },
    jobs: [
      outboxRow(
        netCancelJob,
        payment.id,
        { paymentId: payment.id },
        { subjectId: payment.id, delayMs: firstDelayMs, traceId: command.traceId },
      ),
    ],
    exchange: settled.kept,
    at,
  });
  if (!moved) return replyFromDatabase(ctx, settled);
  return replyFromDatabase(ctx, settled, await netCancelNow(ctx, after, van, { locale: command.locale }));
}

/** The answer that the database gives: the stored reply if there is one, or the payment as it stands. */
async function replyFromDatabase(ctx: Context, settled: Settled, present?: Payment): Promise<Reply> {
  const { payment, command } = settled;
  const latest = present ?? (await loadPayment(ctx.sql, payment.id));
  assert(latest, `payment ${payment.id} exists: this request opened it`);
  const earlier = await findEarlierUse(ctx.sql, payment.mallId, command.idempotency);
  if (earlier.kind === "finished") return { status: earlier.reply.status, body: earlier.reply.body };
  return replyFromPayment(ctx, latest, command);
}

function answerFacts(settled: Settled) {
  const { at, vanDurationMs, totalDurationMs, outcome } = settled;
  return {
    answeredAt: at,
    vanDurationMs,
    totalDurationMs,
    vanResponseCode: outcome.exchange.responseCode,
    vanResponseMessage: outcome.exchange.responseMessage,
  };
}

function vanWords(settled: Settled): Pick<Payment, "vanResponseCode" | "vanResponseMessage"> {
  const { responseCode, responseMessage } = settled.outcome.exchange;
  return { vanResponseCode: responseCode ?? null, vanResponseMessage: responseMessage ?? null };
}
