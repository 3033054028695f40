import { assert } from "#server/core/assert.ts";
import { type Locale, type Reply, refusalReply } from "#server/core/envelope.ts";
import { Refusal } from "#server/core/refusals.ts";
import { keepReply } from "#server/idempotency/claim-key.ts";
import { findEarlierUse } from "#server/idempotency/find-earlier-use.ts";
import type { IdempotencyUse } from "#server/idempotency/idempotency-use.ts";
import { originalOf, type Payment } from "#server/payments/domain/payment.ts";
import { freeOrderStatuses, type PaymentStatus } from "#server/payments/domain/payment-status.ts";
import { vatOf } from "#server/payments/domain/vat.ts";
import { type Hops, noteApprovalTiming } from "#server/payments/keep-approval-timings.ts";
import { notSentInTime } from "#server/payments/not-sent-in-time.ts";
import {
  loadPayment,
  loadPaymentsOfOrder,
  type NewPayment,
  openPayment,
} from "#server/payments/payment-repository.ts";
import { replyFromPayment } from "#server/payments/reply-from-payment.ts";
import { settleApproval } from "#server/payments/settle-approval.ts";
import type { Context } from "#server/platform/context.ts";
import { isDatabaseUnavailable } from "#server/platform/db.ts";
import { takeLock } from "#server/platform/lock.ts";
import { type Route, routeToVan } from "#server/van/route-to-van.ts";
import type { ApprovalOutcome, Card } from "#server/van/van-gateway.ts";
import { readAllVanSettings, type VanSettings } from "#server/van/van-queries.ts";

/** An order to be approved. Amounts are minor units. The card number goes to the VAN and nowhere else. */
export type ApprovePayment = Readonly<{
  mallId: string;
  routes: readonly Route[];
  /** True when the mall may open no new payment; what it began before is still answered. */
  isMallSuspended?: boolean;
  orderId: string;
  orderName: string;
  amountMinor: bigint;
  taxFreeMinor: bigint;
  currency: string;
  card: Card;
  customer: Readonly<{ name?: string | undefined; email?: string | undefined; phone?: string | undefined }>;
  metadata: Readonly<Record<string, string>>;
  idempotency: IdempotencyUse;
  testCode?: string | undefined;
  locale: Locale;
  traceId: string;
  /** When the request arrived, on the clock of `monotonicMs`: the first hop of the timeline. */
  receivedAtMs: number;
}>;

/**
 * Approves an order at a VAN (승인): claim, open, ask, settle. Answers when the outcome is committed, never before (D3).
 * Duplicates are refused by the database's unique indexes; the Redis lock only spares them the work (D1).
 * Throws `MALL_SUSPENDED`, `DUPLICATED_ORDER_ID`, `IDEMPOTENCY_KEY_REUSED`, `IDEMPOTENT_REQUEST_PROCESSING`, `PAYMENT_LOCKED`,
 * `VAN_UNAVAILABLE`, `IDEMPOTENCY_STORE_UNAVAILABLE`; what the VAN says comes back as the reply.
 */
export async function approvePayment(ctx: Context, command: ApprovePayment): Promise<Reply> {
  const validatedAtMs = ctx.monotonicMs();
  const van = routeToVan(command.routes, await settingsOrRefuse(ctx), ctx.vans, ctx.random());
  const lock = await takeLock(
    ctx.redis,
    `transaction:lock:${command.mallId}:${command.orderId}`,
    van.leaseMs,
    command.idempotency.key,
  );
  const lockedAtMs = ctx.monotonicMs();
  let begun: { paymentId: string; hops: Hops } | undefined;
  try {
    if (lock.state === "busy") return await replyToRepeat(ctx, command, lock.heldFor);
    if (command.isMallSuspended) return await replyToSuspended(ctx, command);

    const payment = newPayment(ctx, command, van);
    const { claimed, opened } = await openOrRefuse(ctx, payment, command.idempotency);
    if (!claimed) return await replyToRepeat(ctx, command);
    if (!opened) return await refuseDuplicate(ctx, command);

    const openedAtMs = ctx.monotonicMs();
    const hops: Hops = {
      validateMs: validatedAtMs - command.receivedAtMs,
      lockMs: lockedAtMs - validatedAtMs,
      commit1Ms: openedAtMs - lockedAtMs,
    };
    begun = { paymentId: payment.id, hops };
    // A3: a handler that was paused has no time left to ask within its lease, so it does not ask.
    const worstCaseMs = van.connectTimeoutMs + van.approveTimeoutMs + van.netCancelTimeoutMs;
    const tooLate = openedAtMs - lockedAtMs > Math.max(0, van.leaseMs - worstCaseMs);
    const outcome = tooLate ? notSentInTime(ctx) : await askVan(ctx, payment, van, command);
    hops.vanMs = ctx.monotonicMs() - openedAtMs;
    return await settleApproval(ctx, { payment: asOpened(payment), van, outcome, hops, command });
  } finally {
    await lock.release();
    if (begun) noteApprovalTiming(ctx, begun.paymentId, begun.hops);
  }
}

async function settingsOrRefuse(ctx: Context): Promise<ReadonlyMap<string, VanSettings>> {
  try {
    return await readAllVanSettings(ctx.sql);
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw new Refusal("IDEMPOTENCY_STORE_UNAVAILABLE", {}, 2);
    throw error;
  }
}

function newPayment(ctx: Context, command: ApprovePayment, van: VanSettings): NewPayment {
  return {
    id: ctx.ids.newId("payment"),
    mallId: command.mallId,
    orderId: command.orderId,
    orderName: command.orderName,
    amountMinor: command.amountMinor,
    taxFreeMinor: command.taxFreeMinor,
    vatMinor: vatOf(command.amountMinor, command.taxFreeMinor),
    currency: command.currency,
    vanCode: van.code,
    traceNo: ctx.ids.newTraceNo(),
    cardBin: command.card.number.slice(0, 6),
    cardLast4: command.card.number.slice(-4),
    cardFingerprint: ctx.keys.fingerprintCard(command.card.number),
    installmentMonths: command.card.installmentMonths,
    customerName: command.customer.name ?? null,
    customerEmail: command.customer.email ?? null,
    customerPhone: command.customer.phone ?? null,
    metadata: command.metadata,
    leaseMs: van.leaseMs,
    requestedAt: ctx.now(),
    traceId: command.traceId,
  };
}

/** The payment as its row stands after commit 1. */
function asOpened(opened: NewPayment): Payment {
  return {
    ...opened,
    method: "CARD",
    status: "IN_PROGRESS",
    version: 1,
    origin: "API",
    approvalNo: null,
    vanResponseCode: null,
    vanResponseMessage: null,
    failureCode: null,
    unknownReason: null,
    issuerCode: null,
    issuerName: null,
    canceledMinor: 0n,
    canceledTaxFreeMinor: 0n,
    reservedMinor: 0n,
    reservedTaxFreeMinor: 0n,
    leaseUntil: new Date(opened.requestedAt.getTime() + opened.leaseMs),
    netCancelRequestedAt: null,
    answeredAt: null,
    approvedAt: null,
  };
}

function askVan(
  ctx: Context,
  payment: NewPayment,
  van: VanSettings,
  command: ApprovePayment,
): Promise<ApprovalOutcome> {
  const gateway = ctx.vans.get(van.code);
  assert(gateway, `VAN ${van.code} is connected: it was chosen among those that are`);
  return gateway.approve(
    {
      original: originalOf(payment),
      orderName: payment.orderName,
      taxFreeMinor: payment.taxFreeMinor,
      vatMinor: payment.vatMinor,
      card: command.card,
      testCode: van.isSandbox ? command.testCode : undefined,
    },
    { connectTimeoutMs: van.connectTimeoutMs, totalTimeoutMs: van.connectTimeoutMs + van.approveTimeoutMs },
  );
}

async function openOrRefuse(
  ctx: Context,
  payment: NewPayment,
  use: IdempotencyUse,
): Promise<{ claimed: boolean; opened: boolean }> {
  try {
    return await openPayment(ctx.sql, payment, use);
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    // Nobody knows whether the row was written: a new connection may tell (reliability §2 row 11).
    if (await wasOpened(ctx, payment.id)) return { claimed: true, opened: true };
    // The VAN was not asked; the same key finds the row should it appear after all, or starts anew.
    ctx.log.warn(
      { err: error, labels: { payment_id: payment.id } },
      "an approval was not started: the database did not answer",
    );
    throw new Refusal("IDEMPOTENCY_STORE_UNAVAILABLE", { orderId: payment.orderId }, 2);
  }
}

async function wasOpened(ctx: Context, paymentId: string): Promise<boolean> {
  try {
    return (await loadPayment(ctx.sql, paymentId))?.status === "IN_PROGRESS";
  } catch (error) {
    if (isDatabaseUnavailable(error)) return false;
    throw error;
  }
}

/**
 * A suspended mall that repeats what it began before hears what became of it: being told no, it would think that nobody
 * was charged. Throws `MALL_SUSPENDED` for anything new.
 */
async function replyToSuspended(ctx: Context, command: ApprovePayment): Promise<Reply> {
  const earlier = await findEarlierUse(ctx.sql, command.mallId, command.idempotency);
  if (earlier.kind === "none") throw new Refusal("MALL_SUSPENDED", { orderId: command.orderId });
  return replyToRepeat(ctx, command);
}

/** The key is new, but the order has a live payment or was net-cancelled before it came. Kept as the final answer of this key. */
async function refuseDuplicate(ctx: Context, command: ApprovePayment): Promise<Reply> {
  const reply = refusalReply(
    "DUPLICATED_ORDER_ID",
    { orderId: command.orderId },
    command.locale,
    command.traceId,
  );
  await keepReply(ctx.sql, command.mallId, command.idempotency, reply);
  return reply;
}

/** Answers a request whose key or order is in use: from the stored reply, or from the payment as it stands (IDM-5, IDM-6, IDM-9). */
async function replyToRepeat(ctx: Context, command: ApprovePayment, lockHeldFor?: string): Promise<Reply> {
  const { mallId, orderId } = command;
  const earlier = await findEarlierUse(ctx.sql, mallId, command.idempotency);
  if (earlier.kind === "finished") return earlier.reply;
  if (earlier.kind === "open") {
    const payment =
      earlier.paymentId === null ? undefined : await loadPayment(ctx.sql, earlier.paymentId, mallId);
    // What ended between the two reads has its answer kept in the same commit: those bytes, not new ones (IDM-6).
    const meanwhile = await findEarlierUse(ctx.sql, mallId, command.idempotency);
    if (meanwhile.kind === "finished") return meanwhile.reply;
    return payment ? replyFromPayment(ctx, payment, command) : await refuseDuplicate(ctx, command);
  }
  // Only the lock knows of the other request: it has not reached its first commit.
  if (lockHeldFor === command.idempotency.key)
    throw new Refusal("IDEMPOTENT_REQUEST_PROCESSING", { orderId }, 1);
  const [live] = await loadPaymentsOfOrder(ctx.sql, mallId, orderId);
  const isFree = !live || (freeOrderStatuses as readonly PaymentStatus[]).includes(live.status);
  throw isFree
    ? new Refusal("PAYMENT_LOCKED", { orderId }, 1)
    : new Refusal("DUPLICATED_ORDER_ID", { orderId });
}
