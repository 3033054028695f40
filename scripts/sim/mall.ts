import type { Running, Seen, World } from "#scripts/sim/world.ts";
import { redriveDeadLetters } from "#server/dead-letters/redrive-dead-letters.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import { netCancelPayment } from "#server/payments/net-cancel-payment.ts";
import { approvePath } from "#server/payments/settle-net-cancel.ts";
import type { Route } from "#server/van/route-to-van.ts";

const netCancelPath = "/api/v1/payments/net-cancel";
const operatorId = "op_SIMULATED";

/** One order of a mall, and what may be asked about it. Amounts are minor units. */
export type Order = Readonly<{
  mallId: string;
  orderId: string;
  amountMinor: bigint;
  routes: readonly Route[];
}>;

/** Asks to approve an order. */
export function approve(world: World, running: Running, order: Order, key: string): Promise<Seen> {
  const { mallId, orderId } = order;
  const about = { verb: "approve" as const, mallId, orderId, path: approvePath, key };
  return world.request(running, about, (ctx, traceId) =>
    approvePayment(ctx, {
      mallId,
      routes: order.routes,
      orderId,
      orderName: "클린 코드 외 2권",
      amountMinor: order.amountMinor,
      taxFreeMinor: 0n,
      currency: "KRW",
      card: { number: "4330123412341234", expiryYear: "29", expiryMonth: "12", installmentMonths: 0 },
      customer: {},
      metadata: {},
      idempotency: {
        method: "POST",
        path: approvePath,
        key,
        requestHash: world.keyHash(`${orderId} ${order.amountMinor}`),
      },
      locale: "ko",
      traceId,
      receivedAtMs: ctx.monotonicMs(),
    }),
  );
}

/** Asks to cancel a payment, all that is left of it without an amount. Without a key an operator asks, in the console. */
export function cancel(
  world: World,
  running: Running,
  order: Order,
  wish: { paymentId: string; key: string | null; amountMinor?: bigint },
): Promise<Seen> {
  const { mallId, orderId } = order;
  const { paymentId, key, amountMinor } = wish;
  const path = `/api/v1/payments/${paymentId}/cancel`;
  return world.request(running, { verb: "cancel", mallId, orderId, path, key }, async (ctx, traceId) => {
    const common = { paymentId, amountMinor, reason: "고객 요청", locale: "ko", traceId } as const;
    if (key === null) {
      const actor = { type: "operator", id: operatorId, ipAddress: "127.0.0.1" } as const;
      return (await cancelPayment(ctx, { ...common, origin: "CONSOLE", actor })).reply;
    }
    const idempotency = {
      method: "POST",
      path,
      key,
      requestHash: world.keyHash(`${paymentId} ${amountMinor}`),
    };
    const actor = { type: "mall", id: mallId } as const;
    return (await cancelPayment(ctx, { ...common, mallId, origin: "API", actor, idempotency })).reply;
  });
}

/** Asks to net-cancel an order. */
export function netCancel(world: World, running: Running, order: Order, key: string): Promise<Seen> {
  const { mallId, orderId } = order;
  const about = { verb: "net_cancel" as const, mallId, orderId, path: netCancelPath, key };
  return world.request(running, about, (ctx, traceId) =>
    netCancelPayment(ctx, {
      mallId,
      orderId,
      idempotency: { method: "POST", path: netCancelPath, key, requestHash: world.keyHash(orderId) },
      locale: "ko",
      traceId,
    }),
  );
}

/** An operator sends dead letters again. Answers nothing when the process dies meanwhile. */
export async function redrive(
  world: World,
  { process, ctx }: Running,
  ids: readonly string[],
): Promise<void> {
  const sent = ctx.sql.transaction((sql) =>
    redriveDeadLetters(sql, ids, {
      reason: "VAN 복구 확인",
      actor: { type: "operator", id: operatorId, ipAddress: "127.0.0.1" },
      traceId: process.random.digits(32),
      gapMs: 0,
    }),
  );
  await Promise.race([sent, process.died]).catch((error: unknown) => world.trouble(process, error));
}

/** True when a mall has its answer: trying again could not tell it more. */
export function isAnswered(seen: Seen): boolean {
  return seen.kind === "reply" && !unanswered.includes(seen.code) && seen.status !== 202;
}

const unanswered = [
  "IDEMPOTENT_REQUEST_PROCESSING",
  "PAYMENT_RESULT_UNKNOWN",
  "PAYMENT_LOCKED",
  "PREVIOUS_CANCEL_NOT_COMPLETE",
  "IDEMPOTENCY_STORE_UNAVAILABLE",
  "VAN_UNAVAILABLE",
  "INTERNAL_ERROR",
  "MAINTENANCE",
];
