import type { Actor } from "#server/core/actor.ts";
import { assert } from "#server/core/assert.ts";
import { type Locale, type Reply, refusalReply, successReply } from "#server/core/envelope.ts";
import type { RefusalCode } from "#server/core/refusals.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import { commitOutcome } from "#server/payments/commit-outcome.ts";
import { reversalPostings } from "#server/payments/domain/ledger-postings.ts";
import type { Payment, PaymentCancel } from "#server/payments/domain/payment.ts";
import { toWireCancel, toWirePayment } from "#server/payments/domain/wire-payment.ts";
import { recoverCancelJob } from "#server/payments/payment-jobs.ts";
import { type KeptExchange, markCancelUnknown, movePayment } from "#server/payments/payment-repository.ts";
import { type PaymentWithCancels, readPayment } from "#server/payments/read-payment.ts";
import { factsOf } from "#server/payments/reply-from-payment.ts";
import type { Context } from "#server/platform/context.ts";
import type { CancelOutcome, VanExchange } from "#server/van/van-gateway.ts";
import type { VanSettings } from "#server/van/van-queries.ts";

export type SettleCancel = Readonly<{
  /** The payment as it stands with the amount set aside. */
  payment: Payment;
  /** The payment's other cancels. */
  cancels: readonly PaymentCancel[];
  cancel: PaymentCancel;
  van: VanSettings;
  outcome: CancelOutcome | Readonly<{ kind: "canceled"; exchange: VanExchange }>;
  actor: Actor;
  locale: Locale;
  traceId: string;
  /** Path of the request whose key waits for this answer. */
  idempotencyPath?: string | undefined;
}>;

export type SettledCancel = PaymentWithCancels &
  Readonly<{ result: "succeeded" | "failed" | "unknown"; cancel: PaymentCancel; reply: Reply }>;

/** Writes what the VAN answered to a cancel, with all that follows (C3). The request and the recovery job both end here. */
export function settleCancel(ctx: Context, settle: SettleCancel): Promise<SettledCancel> {
  const untilMs =
    ctx.monotonicMs() + settle.van.leaseMs - settle.van.connectTimeoutMs - settle.van.cancelTimeoutMs - 2_000;
  return commitOutcome(ctx, untilMs, factsOf(settle.payment), () => {
    const { outcome } = settle;
    switch (outcome.kind) {
      case "canceled":
        return settleSucceeded(ctx, settle);
      case "refused":
        return settleFailed(ctx, settle, outcome.refusal);
      case "not_sent":
        return settleFailed(ctx, settle, "VAN_UNAVAILABLE");
      case "unknown":
        return settleUnknown(ctx, settle, outcome.because);
    }
  });
}

async function settleSucceeded(ctx: Context, settle: SettleCancel): Promise<SettledCancel> {
  const { payment, cancel, actor } = settle;
  const at = ctx.now();
  const amounts = {
    canceledMinor: payment.canceledMinor + cancel.amountMinor,
    canceledTaxFreeMinor: payment.canceledTaxFreeMinor + cancel.taxFreeMinor,
    reservedMinor: payment.reservedMinor - cancel.amountMinor,
    reservedTaxFreeMinor: payment.reservedTaxFreeMinor - cancel.taxFreeMinor,
  };
  const to = amounts.canceledMinor === payment.amountMinor ? "CANCELED" : "PARTIAL_CANCELED";
  const after: Payment = { ...payment, ...amounts, status: to, version: payment.version + 1 };
  const closed: PaymentCancel = { ...cancel, status: "SUCCEEDED", completedAt: at };
  const cancels = [...settle.cancels, closed];
  const wire = toWirePayment(after, cancels, at);
  const reply = successReply(wire, settle.locale);
  const moved = await movePayment(ctx.sql, {
    payment,
    to,
    amounts,
    cancel: { id: cancel.id, to: "SUCCEEDED", completedAt: at, ...vanWords(settle) },
    history: { kind: "cancel_succeeded", actorType: actor.type, actorId: actor.id, detail: detailOf(settle) },
    ledger: {
      eventKey: `pay:${payment.id}:cancel:${cancel.id}`,
      postings: reversalPostings(payment, cancel.amountMinor),
    },
    event: {
      type: to === "CANCELED" ? "payment.canceled" : "payment.partially_canceled",
      data: { ...wire, cancelKey: cancel.id },
    },
    reply: { path: pathOf(settle), cancelId: cancel.id, ...reply },
    exchange: keptOf(settle),
    at,
  });
  return moved
    ? { result: "succeeded", payment: after, cancels, cancel: closed, reply }
    : asItStands(ctx, settle);
}

/** A definite no: the amount set aside is free again and the payment is what it was before. */
async function settleFailed(ctx: Context, settle: SettleCancel, code: RefusalCode): Promise<SettledCancel> {
  const { payment, cancel, actor } = settle;
  const at = ctx.now();
  const amounts = {
    canceledMinor: payment.canceledMinor,
    canceledTaxFreeMinor: payment.canceledTaxFreeMinor,
    reservedMinor: payment.reservedMinor - cancel.amountMinor,
    reservedTaxFreeMinor: payment.reservedTaxFreeMinor - cancel.taxFreeMinor,
  };
  const to = payment.canceledMinor > 0n ? "PARTIAL_CANCELED" : "DONE";
  const after: Payment = { ...payment, ...amounts, status: to, version: payment.version + 1 };
  const failed: PaymentCancel = { ...cancel, status: "FAILED", failureCode: code, completedAt: at };
  const cancels = [...settle.cancels, failed];
  const wasSent = settle.outcome.kind !== "not_sent";
  const said = settle.outcome.exchange;
  const reply = refusalReply(
    code,
    {
      ...factsOf(after),
      cancelKey: cancel.id,
      ...(said.responseCode
        ? { van: { code: payment.vanCode, responseCode: said.responseCode, message: said.responseMessage } }
        : {}),
    },
    settle.locale,
    settle.traceId,
    wasSent ? undefined : 5,
  );
  const moved = await movePayment(ctx.sql, {
    payment,
    to,
    amounts,
    cancel: { id: cancel.id, to: "FAILED", completedAt: at, failureCode: code, ...vanWords(settle) },
    history: {
      kind: "cancel_failed",
      actorType: actor.type,
      actorId: actor.id,
      detail: { ...detailOf(settle), code },
    },
    event: {
      type: "cancel.failed",
      data: { ...toWirePayment(after, cancels, at), cancelKey: cancel.id, cancel: toWireCancel(failed) },
    },
    ...(wasSent
      ? { reply: { path: pathOf(settle), cancelId: cancel.id, ...reply } }
      : { releaseKey: { path: pathOf(settle), cancelId: cancel.id } }),
    exchange: keptOf(settle),
    at,
  });
  return moved
    ? { result: "failed", payment: after, cancels, cancel: failed, reply }
    : asItStands(ctx, settle);
}

/** Nobody knows: the amount stays set aside and the recovery job goes forward with the same trace number, never back. */
async function settleUnknown(ctx: Context, settle: SettleCancel, because: string): Promise<SettledCancel> {
  const { payment, cancel, van } = settle;
  await markCancelUnknown(ctx.sql, {
    payment,
    cancel,
    because,
    jobs: [
      outboxRow(
        recoverCancelJob,
        cancel.id,
        { cancelId: cancel.id },
        { subjectId: payment.id, delayMs: van.cancelDelaysMs[0] ?? 5_000, traceId: settle.traceId },
      ),
    ],
    exchange: keptOf(settle),
    at: ctx.now(),
  });
  return asItStands(ctx, settle);
}

/** The cancel as the database has it: someone else may have settled it meanwhile. */
async function asItStands(ctx: Context, settle: SettleCancel): Promise<SettledCancel> {
  const { payment, cancels } = await readPayment(ctx, { paymentId: settle.payment.id });
  const cancel = cancels.find((one) => one.id === settle.cancel.id);
  assert(cancel, `cancel ${settle.cancel.id} exists: it was reserved before the VAN was asked`);
  if (cancel.status === "SUCCEEDED") {
    return {
      result: "succeeded",
      payment,
      cancels,
      cancel,
      reply: successReply(toWirePayment(payment, cancels, ctx.now()), settle.locale),
    };
  }
  if (cancel.status === "FAILED") {
    const code = (cancel.failureCode ?? "VAN_ERROR") as RefusalCode;
    return {
      result: "failed",
      payment,
      cancels,
      cancel,
      reply: refusalReply(code, { ...factsOf(payment), cancelKey: cancel.id }, settle.locale, settle.traceId),
    };
  }
  const reply = refusalReply(
    "PAYMENT_RESULT_UNKNOWN",
    { ...factsOf(payment), cancelKey: cancel.id },
    settle.locale,
    settle.traceId,
    5,
  );
  return { result: "unknown", payment, cancels, cancel, reply };
}

function pathOf(settle: SettleCancel): string {
  return settle.idempotencyPath ?? `/api/v1/payments/${settle.payment.id}/cancel`;
}

function vanWords(settle: SettleCancel) {
  return {
    vanResponseCode: settle.outcome.exchange.responseCode,
    vanResponseMessage: settle.outcome.exchange.responseMessage,
  };
}

function detailOf(settle: SettleCancel): Record<string, unknown> {
  return {
    amount: Number(settle.cancel.amountMinor),
    vanMs: settle.outcome.exchange.durationMs,
    van: settle.payment.vanCode,
    traceId: settle.traceId,
  };
}

function keptOf(settle: SettleCancel): KeptExchange {
  const { payment, cancel, outcome } = settle;
  return {
    operation: "CANCEL",
    vanCode: payment.vanCode,
    paymentId: payment.id,
    cancelId: cancel.id,
    traceNo: cancel.traceNo,
    outcome: outcome.kind,
    exchange: outcome.exchange,
  };
}
