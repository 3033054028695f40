import { type Locale, refusalReply } from "#server/core/envelope.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import { reversalPostings } from "#server/payments/domain/ledger-postings.ts";
import type { Payment, PaymentCancel } from "#server/payments/domain/payment.ts";
import { toWirePayment } from "#server/payments/domain/wire-payment.ts";
import { followUpInquiryJob } from "#server/payments/payment-jobs.ts";
import {
  type KeptExchange,
  keepExchange,
  movePayment,
  recordPaymentFact,
} from "#server/payments/payment-repository.ts";
import { factsOf } from "#server/payments/reply-from-payment.ts";
import type { Context } from "#server/platform/context.ts";
import type { NetCancelOutcome, VanExchange } from "#server/van/van-gateway.ts";
import type { VanSettings } from "#server/van/van-queries.ts";

/** Approvals are answered at this path; their stored reply becomes final with the net cancel. */
export const approvePath = "/api/v1/payments";

/** The net-cancel exchange as it is kept. */
export function keptNetCancel(
  payment: Payment,
  outcome: { kind: string; exchange: VanExchange },
  operation: "NET_CANCEL" | "CANCEL" = "NET_CANCEL",
): KeptExchange {
  return {
    operation,
    vanCode: payment.vanCode,
    paymentId: payment.id,
    traceNo: payment.traceNo,
    outcome: outcome.kind,
    exchange: outcome.exchange,
  };
}

/**
 * Writes that the VAN holds no money of this payment any more (N4): UNKNOWN or DONE becomes NET_CANCELED, a booked
 * approval is taken back in the ledger, the mall is told, and follow-up inquiries are owed (NC-8).
 * False when someone else settled it first.
 */
export async function settleNetCanceled(
  ctx: Context,
  payment: Payment,
  van: VanSettings,
  by: {
    reason: "confirmed" | "not_found" | "declined" | "canceled_instead";
    /** How long the VAN took to say so. */
    vanMs: number;
    /** The deciding exchange, unless it is kept already. */
    exchange?: KeptExchange;
    openCancel?: PaymentCancel;
    locale?: Locale;
  },
): Promise<boolean> {
  const at = ctx.now();
  const wasBooked = payment.status === "DONE";
  const amounts = wasBooked
    ? {
        canceledMinor: payment.amountMinor,
        canceledTaxFreeMinor: payment.taxFreeMinor,
        reservedMinor: 0n,
        reservedTaxFreeMinor: 0n,
      }
    : undefined;
  const after: Payment = { ...payment, ...amounts, status: "NET_CANCELED", version: payment.version + 1 };
  const cancels = by.openCancel ? [{ ...by.openCancel, status: "SUCCEEDED" as const, completedAt: at }] : [];
  const reply = refusalReply("PAYMENT_NET_CANCELED", factsOf(after), by.locale ?? "ko", payment.traceId);
  return movePayment(ctx.sql, {
    payment,
    to: "NET_CANCELED",
    ...(amounts ? { amounts } : {}),
    ...(by.openCancel ? { cancel: { id: by.openCancel.id, to: "SUCCEEDED" as const, completedAt: at } } : {}),
    history: {
      kind: "net_canceled",
      actorType: "system",
      actorId: "system",
      detail: { reason: by.reason, vanMs: by.vanMs },
    },
    ...(wasBooked
      ? {
          ledger: {
            eventKey: `pay:${payment.id}:net_cancel`,
            postings: reversalPostings(payment, payment.amountMinor),
          },
        }
      : {}),
    event: { type: "payment.net_canceled", data: toWirePayment(after, cancels, at) },
    ...(wasBooked ? {} : { reply: { path: approvePath, ...reply } }),
    jobs: van.inquiryDelaysMs.map((delayMs, index) =>
      outboxRow(
        followUpInquiryJob,
        `${payment.id}-${index}`,
        { paymentId: payment.id, index },
        { subjectId: payment.id, delayMs, traceId: payment.traceId },
      ),
    ),
    exchange: by.exchange,
    at,
  });
}

/** Keeps a net-cancel try that did not settle the matter, for the timeline and the dead letter. */
export async function recordNetCancelTry(
  ctx: Context,
  payment: Payment,
  outcome: NetCancelOutcome,
): Promise<void> {
  await keepExchange(ctx.sql, keptNetCancel(payment, outcome));
  await recordPaymentFact(ctx.sql, {
    payment,
    kind: "net_cancel_tried",
    detail: {
      outcome: outcome.kind,
      ...("because" in outcome ? { because: outcome.because } : {}),
      responseCode: outcome.exchange.responseCode ?? null,
      vanMs: outcome.exchange.durationMs,
    },
    at: ctx.now(),
  });
}
