import { toSeoulIso } from "#server/core/business-date.ts";
import { type Locale, type Reply, successReply } from "#server/core/envelope.ts";
import { Refusal } from "#server/core/refusals.ts";
import { claimKey, keepReply, releaseClaim } from "#server/idempotency/claim-key.ts";
import { findEarlierUse } from "#server/idempotency/find-earlier-use.ts";
import type { IdempotencyUse } from "#server/idempotency/idempotency-use.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Payment, PaymentCancel } from "#server/payments/domain/payment.ts";
import { toWirePayment } from "#server/payments/domain/wire-payment.ts";
import { netCancelNow } from "#server/payments/net-cancel-now.ts";
import { netCancelJob } from "#server/payments/payment-jobs.ts";
import { flagNetCancelWanted, layTombstone, openCancel } from "#server/payments/payment-repository.ts";
import { readPayment, readPaymentOfOrder } from "#server/payments/read-payment.ts";
import { netCancelFacts } from "#server/payments/reply-from-payment.ts";
import type { Context } from "#server/platform/context.ts";
import { readVanSettings, type VanSettings } from "#server/van/van-queries.ts";

export type NetCancelPayment = Readonly<{
  mallId: string;
  orderId: string;
  idempotency: IdempotencyUse;
  testCode?: string | undefined;
  locale: Locale;
  traceId: string;
}>;

const tombstoneMs = 60 * 60 * 1000;

/**
 * Net-cancels an order whose result the mall does not know (망취소, NC-7): 200 when nothing is or stays charged,
 * 202 while the reversal is running. Throws `NET_CANCEL_NOT_ALLOWED` when a cancel exists or the time is over,
 * and `NOT_FOUND_PAYMENT` for an order never seen, which is then refused for an hour should it still come.
 */
export async function netCancelPayment(ctx: Context, command: NetCancelPayment): Promise<Reply> {
  const earlier = await findEarlierUse(ctx.sql, command.mallId, command.idempotency);
  if (earlier.kind === "finished") return earlier.reply;

  const payment = await findOrBury(ctx, command);
  const claimed = await claimKey(ctx.sql, command.mallId, command.idempotency, payment.id);
  if (!claimed) {
    // The key came meanwhile: with another order it is refused, with this one its answer may be there already.
    const meanwhile = await findEarlierUse(ctx.sql, command.mallId, command.idempotency);
    if (meanwhile.kind === "finished") return meanwhile.reply;
  }
  try {
    const present = await reverse(ctx, command, payment);
    const reply = await replyOf(ctx, command, present);
    if (reply.status === 200) await keepReply(ctx.sql, command.mallId, command.idempotency, reply);
    return reply;
  } catch (error) {
    if (claimed && error instanceof Refusal) await releaseClaim(ctx.sql, command.mallId, command.idempotency);
    throw error;
  }
}

/** Finds the order, or lays its tombstone and looks once more: an approval may have begun in between. */
async function findOrBury(ctx: Context, command: NetCancelPayment): Promise<Payment> {
  try {
    return (await readPaymentOfOrder(ctx, command)).payment;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await layTombstone(ctx.sql, command.mallId, command.orderId, new Date(ctx.now().getTime() + tombstoneMs));
    return (await readPaymentOfOrder(ctx, command)).payment;
  }
}

async function reverse(ctx: Context, command: NetCancelPayment, payment: Payment): Promise<Payment> {
  switch (payment.status) {
    case "READY":
    case "IN_PROGRESS": {
      await flagNetCancelWanted(ctx.sql, payment.id, ctx.now());
      const { payment: present } = await readPayment(ctx, { paymentId: payment.id });
      return present.status === "DONE" ? reverseApproved(ctx, command, present) : present;
    }
    case "UNKNOWN":
    case "NET_CANCELED":
    case "ABORTED":
    case "EXPIRED":
      return payment;
    case "DONE":
      return reverseApproved(ctx, command, payment);
    default:
      throw new Refusal("NET_CANCEL_NOT_ALLOWED", {
        paymentKey: payment.id,
        orderId: payment.orderId,
        status: payment.status,
      });
  }
}

/** A booked approval: the wish is committed first, as a cancel that sets the whole amount aside, then the VAN is asked. */
async function reverseApproved(ctx: Context, command: NetCancelPayment, payment: Payment): Promise<Payment> {
  const van = await readVanSettings(ctx.sql, payment.vanCode);
  const { cancels } = await readPayment(ctx, { paymentId: payment.id });
  const running = cancels.find((cancel) => cancel.origin === "NET_CANCEL" && cancel.status === "REQUESTED");
  if (running) return payment;
  const about = { paymentKey: payment.id, orderId: payment.orderId, status: payment.status };
  const tooLate = ctx.now().getTime() > payment.requestedAt.getTime() + van.netCancelDeadlineMs;
  if (tooLate || payment.canceledMinor > 0n || cancels.some((cancel) => cancel.status !== "FAILED")) {
    throw new Refusal("NET_CANCEL_NOT_ALLOWED", about);
  }
  const begun = await reserveAll(ctx, command, payment, van);
  if (!begun) throw new Refusal("PAYMENT_LOCKED", about, 1);
  return netCancelNow(ctx, begun.payment, van, {
    locale: command.locale,
    openCancel: begun.cancel,
    testCode: command.testCode,
  });
}

async function reserveAll(
  ctx: Context,
  command: NetCancelPayment,
  payment: Payment,
  van: VanSettings,
): Promise<{ payment: Payment; cancel: PaymentCancel } | undefined> {
  const at = ctx.now();
  const facts = {
    id: ctx.ids.newId("cancel"),
    origin: "NET_CANCEL" as const,
    actorId: command.mallId,
    amountMinor: payment.amountMinor,
    taxFreeMinor: payment.taxFreeMinor,
    vatMinor: payment.vatMinor,
    balanceBeforeMinor: payment.amountMinor,
    reason: "망취소",
    traceNo: ctx.ids.newTraceNo(),
    requestedAt: at,
    traceId: command.traceId,
  };
  const delayMs = van.connectTimeoutMs + van.netCancelTimeoutMs + (van.netCancelDelaysMs[0] ?? 0);
  const opened = await openCancel(
    ctx.sql,
    payment,
    {
      ...facts,
      actorType: "mall",
      leaseMs: van.leaseMs,
      statusMeanwhile: payment.status,
      historyKind: "net_cancel_requested",
    },
    undefined,
    [
      outboxRow(
        netCancelJob,
        payment.id,
        { paymentId: payment.id },
        { subjectId: payment.id, delayMs, traceId: command.traceId },
      ),
    ],
  );
  if (opened !== "reserved") return undefined;
  return {
    payment: {
      ...payment,
      version: payment.version + 1,
      reservedMinor: payment.amountMinor,
      reservedTaxFreeMinor: payment.taxFreeMinor,
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

async function replyOf(ctx: Context, command: NetCancelPayment, payment: Payment): Promise<Reply> {
  const { cancels } = await readPayment(ctx, { paymentId: payment.id });
  const isOver =
    payment.status === "NET_CANCELED" || payment.status === "ABORTED" || payment.status === "EXPIRED";
  const netCancel =
    payment.status === "NET_CANCELED" || !isOver
      ? await netCancelFacts(ctx, payment)
      : { state: "NOT_NEEDED", attempts: 0, deadline: toSeoulIso(payment.requestedAt) };
  return successReply(
    { ...toWirePayment(payment, cancels, ctx.now()), netCancel },
    command.locale,
    isOver ? 200 : 202,
  );
}
