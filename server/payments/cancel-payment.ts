import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { assert } from "#server/core/assert.ts";
import type { Locale, Reply } from "#server/core/envelope.ts";
import { Refusal } from "#server/core/refusals.ts";
import { findEarlierUse } from "#server/idempotency/find-earlier-use.ts";
import type { IdempotencyUse } from "#server/idempotency/idempotency-use.ts";
import { type CancelDecision, type CancelWish, decideCancel } from "#server/payments/domain/decide-cancel.ts";
import { originalOf, type Payment, type PaymentCancel } from "#server/payments/domain/payment.ts";
import { findCancel } from "#server/payments/find-cancel.ts";
import { gatewayOf } from "#server/payments/inquire-at-van.ts";
import { notSentInTime } from "#server/payments/not-sent-in-time.ts";
import { openCancel } from "#server/payments/payment-repository.ts";
import { type PaymentWithCancels, readPayment } from "#server/payments/read-payment.ts";
import { replyFromCancel } from "#server/payments/reply-from-payment.ts";
import { settleCancel } from "#server/payments/settle-cancel.ts";
import type { Context } from "#server/platform/context.ts";
import { isDatabaseUnavailable, type Sql } from "#server/platform/db.ts";
import { readVanSettings, type VanSettings } from "#server/van/van-queries.ts";

/** A full or partial cancel. Amounts are minor units; no `amountMinor` means all that is left (CX-2). */
export type CancelPayment = CancelWish &
  Readonly<{
    paymentId: string;
    /** Scope of a mall's request: another mall's payment is not found. */
    mallId?: string;
    origin: "API" | "CONSOLE";
    actor: Actor;
    /** 1–200 characters (CX-1). */
    reason: string;
    idempotency?: IdempotencyUse;
    /** The id the cancel gets: who may be called twice finds by it what the first call began. The second begins nothing. */
    cancelId?: string;
    /** The approved request it carries out, and who approved it; for the audit log. */
    approval?: Readonly<{ requestId: string; checkerId: string }>;
    testCode?: string | undefined;
    locale: Locale;
    traceId: string;
    /** The bulk cancel this is a row of, for the audit. */
    bulkRunId?: string;
  }>;

export type CancelResult = PaymentWithCancels &
  Readonly<{ result: "succeeded" | "failed" | "unknown"; cancel: PaymentCancel; reply: Reply }>;

/** How often a cancel is decided anew when the payment changes between reading and reserving it. */
const decisionsMax = 5;

/**
 * Cancels a payment in full or in part (CX-1 … CX-7): decide, set the amount aside, ask the VAN, settle.
 * Returns a stored reply when the Idempotency-Key was used before. Throws a `Refusal` when nothing was begun; `failed`
 * is the VAN's refusal, `unknown` is brought to its end by the `recover-cancel` job with the same trace number.
 */
export async function cancelPayment(
  ctx: Context,
  command: CancelPayment & { idempotency: IdempotencyUse },
): Promise<CancelResult | { result: "replayed"; reply: Reply }>;
export async function cancelPayment(
  ctx: Context,
  command: CancelPayment & { idempotency?: undefined },
): Promise<CancelResult>;
export async function cancelPayment(
  ctx: Context,
  command: CancelPayment,
): Promise<CancelResult | { result: "replayed"; reply: Reply }> {
  for (let tried = 0; tried < decisionsMax; tried++) {
    const replayed = await replyToRepeat(ctx, command);
    if (replayed) return { result: "replayed", reply: replayed };
    const { payment, cancels } = await readPayment(ctx, command);
    const van = await readVanSettings(ctx.sql, payment.vanCode);
    const decision = decideCancel(payment, openOf(cancels), command, ctx.now());
    const sinceMs = ctx.monotonicMs();
    const reserved = await reserve(ctx, command, payment, decision, van);
    if (reserved !== "key_used" && reserved !== "payment_changed") {
      return askAndSettle(ctx, command, {
        payment: reserved.payment,
        cancels,
        cancel: reserved.cancel,
        van,
        sinceMs,
      });
    }
  }
  throw new Refusal("PAYMENT_LOCKED", { paymentKey: command.paymentId }, 1);
}

function openOf(cancels: readonly PaymentCancel[]): PaymentCancel | undefined {
  return cancels.find((cancel) => cancel.status === "REQUESTED" || cancel.status === "UNKNOWN");
}

async function reserve(
  ctx: Context,
  command: CancelPayment,
  payment: Payment,
  decision: CancelDecision,
  van: VanSettings,
): Promise<{ payment: Payment; cancel: PaymentCancel } | "key_used" | "payment_changed"> {
  const at = ctx.now();
  const { amountMinor, taxFreeMinor, vatMinor, balanceBeforeMinor } = decision;
  const facts = {
    id: command.cancelId ?? ctx.ids.newId("cancel"),
    origin: command.origin,
    actorId: command.actor.id,
    amountMinor,
    taxFreeMinor,
    vatMinor,
    balanceBeforeMinor,
    reason: command.reason,
    traceNo: ctx.ids.newTraceNo(),
    requestedAt: at,
    traceId: command.traceId,
  };
  const open = (sql: Sql) =>
    openCancel(
      sql,
      payment,
      {
        ...facts,
        actorType: command.actor.type,
        leaseMs: van.leaseMs,
        statusMeanwhile: "CANCEL_PENDING",
        historyKind: "cancel_requested",
        changeRequestId: command.approval?.requestId,
      },
      command.idempotency,
      [],
    );
  try {
    // A mall's cancel is one statement; an operator's commits with its audit row.
    const opened =
      command.actor.type === "operator"
        ? await ctx.sql.transaction(async (sql) => {
            const written = await open(sql);
            if (written === "reserved") await auditRequest(sql, command, payment, decision, facts.id);
            return written;
          })
        : await open(ctx.sql);
    if (opened !== "reserved") return opened;
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    // Nobody knows whether the amount was set aside: a new connection may tell (reliability §2 row 11).
    const written = await findWritten(ctx, facts.id);
    if (written) return written;
    ctx.log.warn(
      { err: error, labels: { payment_id: payment.id } },
      "a cancel was not started: the database did not answer",
    );
    throw new Refusal("IDEMPOTENCY_STORE_UNAVAILABLE", { paymentKey: payment.id }, 2);
  }
  return {
    payment: {
      ...payment,
      status: "CANCEL_PENDING",
      version: payment.version + 1,
      reservedMinor: payment.reservedMinor + amountMinor,
      reservedTaxFreeMinor: payment.reservedTaxFreeMinor + taxFreeMinor,
    },
    cancel: {
      ...facts,
      paymentId: payment.id,
      status: "REQUESTED",
      leaseUntil: new Date(at.getTime() + van.leaseMs),
      failureCode: null,
      completedAt: null,
    },
  };
}

async function findWritten(
  ctx: Context,
  cancelId: string,
): Promise<{ payment: Payment; cancel: PaymentCancel } | undefined> {
  try {
    const found = await findCancel(ctx, cancelId);
    return found?.cancel.status === "REQUESTED" ? found : undefined;
  } catch (error) {
    if (isDatabaseUnavailable(error)) return undefined;
    throw error;
  }
}

function auditRequest(
  sql: Sql,
  command: CancelPayment,
  payment: Payment,
  decision: CancelDecision,
  cancelId: string,
): Promise<unknown> {
  return recordAudit(sql, {
    actor: command.actor,
    action: "payment.cancel",
    target: { type: "payment", id: payment.id },
    outcome: "success",
    ipAddress: command.actor.ipAddress ?? null,
    detail: {
      cancelId,
      reason: command.reason,
      amount: Number(decision.amountMinor),
      balanceBefore: Number(decision.balanceBeforeMinor),
      balanceAfter: Number(decision.balanceBeforeMinor - decision.amountMinor),
      orderId: payment.orderId,
      mallId: payment.mallId,
      ...(command.approval && {
        changeRequest: command.approval.requestId,
        checker: command.approval.checkerId,
      }),
      ...(command.bulkRunId ? { bulkRunId: command.bulkRunId } : {}),
    },
  });
}

async function askAndSettle(
  ctx: Context,
  command: CancelPayment,
  begun: {
    payment: Payment;
    cancels: readonly PaymentCancel[];
    cancel: PaymentCancel;
    van: VanSettings;
    sinceMs: number;
  },
): Promise<CancelResult> {
  const { payment, cancel, van } = begun;
  // As with approvals (A3): a handler that was paused leaves what it began to recovery instead of sending it late.
  const tooLate =
    ctx.monotonicMs() - begun.sinceMs > van.leaseMs - van.connectTimeoutMs - van.cancelTimeoutMs;
  const outcome = tooLate
    ? notSentInTime(ctx)
    : await gatewayOf(ctx, payment.vanCode).cancel(
        cancelRequestOf(payment, cancel, van.isSandbox ? command.testCode : undefined),
        {
          connectTimeoutMs: van.connectTimeoutMs,
          totalTimeoutMs: van.connectTimeoutMs + van.cancelTimeoutMs,
        },
      );
  const { cancels } = begun;
  return settleCancel(ctx, {
    payment,
    cancels,
    cancel,
    van,
    outcome,
    locale: command.locale,
    traceId: command.traceId,
    idempotencyPath: command.idempotency?.path,
    actor: command.actor,
  });
}

/** The cancel as the VAN is asked for it: the same data and trace number however often it is sent. */
export function cancelRequestOf(payment: Payment, cancel: PaymentCancel, testCode?: string) {
  assert(payment.approvalNo, `payment ${payment.id} was approved, so it has an approval number`);
  return {
    original: originalOf(payment),
    traceNo: cancel.traceNo,
    approvalNo: payment.approvalNo,
    amountMinor: cancel.amountMinor,
    taxFreeMinor: cancel.taxFreeMinor,
    vatMinor: cancel.vatMinor,
    balanceBeforeMinor: cancel.balanceBeforeMinor,
    partial: cancel.amountMinor < payment.amountMinor,
    testCode,
  };
}

/** Answers a key that was used before: stored reply, or the cancel as it stands now (IDM-6, IDM-9). */
async function replyToRepeat(ctx: Context, command: CancelPayment): Promise<Reply | undefined> {
  if (!command.idempotency || !command.mallId) return undefined;
  const earlier = await findEarlierUse(ctx.sql, command.mallId, command.idempotency);
  if (earlier.kind === "finished") return earlier.reply;
  if (earlier.kind === "none" || !earlier.paymentId) return undefined;
  const { payment, cancels } = await readPayment(ctx, {
    paymentId: earlier.paymentId,
    mallId: command.mallId,
  });
  const cancel = cancels.find((one) => one.id === earlier.cancelId);
  if (!cancel) return undefined;
  // What ended between the two reads has its answer kept in the same commit: those bytes, not new ones (IDM-6).
  const meanwhile = await findEarlierUse(ctx.sql, command.mallId, command.idempotency);
  if (meanwhile.kind === "finished") return meanwhile.reply;
  return replyFromCancel(ctx, { payment, cancels, cancel }, command);
}
