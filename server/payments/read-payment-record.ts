import { Refusal } from "#server/core/refusals.ts";
import { acquisitionOf } from "#server/payments/domain/acquisition.ts";
import { cancelableOf } from "#server/payments/domain/decide-cancel.ts";
import { maskEmail, maskName, maskPhone } from "#server/payments/domain/mask-customer.ts";
import { balanceOf, taxFreeBalanceOf } from "#server/payments/domain/payment.ts";
import {
  loadExchanges,
  loadLedgerEntries,
  loadPaymentAudit,
  loadPaymentDetail,
} from "#server/payments/payment-queries.ts";
import { readPayment } from "#server/payments/read-payment.ts";
import type { Context } from "#server/platform/context.ts";
import { describeEnvelope, describeMessage } from "#server/van/describe-message.ts";

/** Timings are written within a second or two. */
const timingDueMs = 5_000;

export type PaymentRecord = Awaited<ReturnType<typeof readPaymentRecord>>;
export type VanExchangeRecord = Awaited<ReturnType<typeof readVanExchanges>>[number];

/**
 * Reads a payment as the console shows it: its facts, history, cancels, webhooks and what will happen next.
 * The customer is masked here, so that no screen can show more. Throws `NOT_FOUND_PAYMENT`.
 */
export async function readPaymentRecord(ctx: Context, paymentId: string) {
  const [{ payment, cancels }, detail] = await Promise.all([
    readPayment(ctx, { paymentId }),
    loadPaymentDetail(ctx.db, paymentId),
  ]);
  if (!detail) throw new Refusal("NOT_FOUND_PAYMENT");
  const { payment: stored, van, operators } = detail;
  const open = cancels.find((cancel) => cancel.status === "REQUESTED" || cancel.status === "UNKNOWN");
  const nameOf = (actorId: string) => operators.find((operator) => operator.id === actorId)?.name ?? null;
  return {
    id: payment.id,
    status: payment.status,
    version: payment.version,
    mall: stored.mall,
    orderId: payment.orderId,
    orderName: payment.orderName,
    method: payment.method,
    origin: payment.origin,
    currency: payment.currency,
    amountMinor: payment.amountMinor,
    taxFreeMinor: payment.taxFreeMinor,
    vatMinor: payment.vatMinor,
    suppliedMinor: payment.amountMinor - payment.taxFreeMinor - payment.vatMinor,
    canceledMinor: payment.canceledMinor,
    reservedMinor: payment.reservedMinor,
    card:
      payment.cardBin && payment.cardLast4
        ? {
            bin: payment.cardBin,
            last4: payment.cardLast4,
            issuerName: payment.issuerName,
            installmentMonths: payment.installmentMonths,
          }
        : null,
    customer: {
      name: stored.customerName === null ? null : maskName(stored.customerName),
      phone: stored.customerPhone === null ? null : maskPhone(stored.customerPhone),
      email: stored.customerEmail === null ? null : maskEmail(stored.customerEmail),
    },
    metadata: payment.metadata,
    approvalNo: payment.approvalNo,
    failureCode: payment.failureCode,
    unknownReason: payment.unknownReason,
    van: {
      code: payment.vanCode,
      name: van?.name ?? payment.vanCode,
      traceNo: payment.traceNo,
      responseCode: payment.vanResponseCode,
      responseMessage: payment.vanResponseMessage,
    },
    vanP95Ms: detail.vanP95Ms,
    /** What the approval's own record cannot hold: its commit and its answer. Null when that was not recorded. */
    timing: detail.timing,
    /** Not recorded yet, but the batch that holds it is on its way. */
    isTimingDue:
      detail.timing === null &&
      payment.answeredAt !== null &&
      ctx.now().getTime() - payment.answeredAt.getTime() < timingDueMs,
    requestedAt: payment.requestedAt,
    answeredAt: payment.answeredAt,
    approvedAt: payment.approvedAt,
    traceId: payment.traceId,
    cancelable: {
      ...cancelableOf(payment, open, ctx.now()),
      balanceMinor: balanceOf(payment),
      taxFreeMinor: taxFreeBalanceOf(payment),
    },
    /** Null for a payment that was never approved. */
    acquisition: payment.approvedAt ? acquisitionOf(payment.approvedAt, ctx.now()) : null,
    /** Until when the VAN accepts a net cancel (NC-7); null once the outcome is known. */
    netCancelUntil:
      payment.status === "UNKNOWN" && van
        ? new Date(payment.requestedAt.getTime() + van.netCancelDeadlineMs)
        : null,
    netCancelTriesMax: van ? van.netCancelDelaysMs.length + 1 : null,
    cancels: stored.cancels.map((cancel) => ({
      id: cancel.id,
      status: cancel.status,
      origin: cancel.origin,
      actorId: cancel.actorId,
      actorName: nameOf(cancel.actorId),
      amountMinor: cancel.amountMinor,
      taxFreeMinor: cancel.taxFreeMinor,
      vatMinor: cancel.vatMinor,
      suppliedMinor: cancel.amountMinor - cancel.taxFreeMinor - cancel.vatMinor,
      balanceBeforeMinor: cancel.balanceBeforeMinor,
      reason: cancel.reason,
      traceNo: cancel.traceNo,
      failureCode: cancel.failureCode,
      requestedAt: cancel.requestedAt,
      completedAt: cancel.completedAt,
    })),
    events: stored.events.map((event) => ({
      id: event.id,
      kind: event.kind,
      toStatus: event.toStatus,
      cancelId: event.cancelId,
      actorType: event.actorType,
      actorId: event.actorId,
      actorName: nameOf(event.actorId),
      detail: event.detail,
      at: event.at,
    })),
    announcements: detail.announcements,
    deadLetters: detail.deadLetters,
    orphans: detail.orphans,
    jobs: detail.jobs,
    counts: detail.counts,
  };
}

/** The ledger entries of a payment, oldest first. Debit is positive. */
export async function readLedgerEntries(ctx: Context, paymentId: string) {
  return loadLedgerEntries(ctx.db, paymentId);
}

/** The audit rows about a payment. `actorName` is null for malls and the platform itself. */
export async function readPaymentAudit(ctx: Context, paymentId: string) {
  const { rows, operators } = await loadPaymentAudit(ctx.db, paymentId);
  return rows.map((row) => ({
    ...row,
    actorName: operators.find((operator) => operator.id === row.actorId)?.name ?? null,
  }));
}

/** The messages between us and the VAN about a payment, oldest first. Bytes are base64; `charset` says how they spell text. */
export async function readVanExchanges(ctx: Context, paymentId: string) {
  const { exchanges, protocolOf } = await loadExchanges(ctx.db, paymentId);
  return exchanges.map(({ requestBytes, responseBytes, ...exchange }) => ({
    ...exchange,
    charset:
      protocolOf.get(exchange.vanCode) === "FIXED_LENGTH_TCP" ? ("euc-kr" as const) : ("utf-8" as const),
    envelope: describeEnvelope(exchange.vanCode, exchange.operation, requestBytes),
    request: messageOf(exchange.vanCode, requestBytes),
    response: responseBytes === null ? null : messageOf(exchange.vanCode, responseBytes),
  }));
}

function messageOf(vanCode: string, bytes: Uint8Array) {
  return { base64: Buffer.from(bytes).toString("base64"), fields: describeMessage(vanCode, bytes) };
}
