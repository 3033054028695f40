import { randomUUID } from "node:crypto";
import type { ApprovePayment } from "#server/payments/approve-payment.ts";
import type { TestWorld } from "#server/testing/test-context.ts";

/** An approval command in which only what a test names matters. */
export function anApproval(
  world: TestWorld,
  named: Partial<ApprovePayment> & { key?: string } = {},
): ApprovePayment {
  const { key = randomUUID(), ...rest } = named;
  const orderId = rest.orderId ?? `T-${randomUUID()}`;
  const amountMinor = rest.amountMinor ?? 10_000n;
  return {
    mallId: world.mallId,
    routes: [{ vanCode: "SBX1", weight: 100 }],
    orderId,
    orderName: "클린 코드 외 2권",
    amountMinor,
    taxFreeMinor: 0n,
    currency: "KRW",
    card: { number: "4330123412341234", expiryYear: "29", expiryMonth: "12", installmentMonths: 0 },
    customer: {},
    metadata: {},
    idempotency: {
      method: "POST",
      path: "/api/v1/payments",
      key,
      requestHash: world.ctx.keys.fingerprintRequest(`${orderId} ${amountMinor}`),
    },
    locale: "ko",
    traceId: randomUUID().replaceAll("-", ""),
    receivedAtMs: performance.now(),
    ...rest,
  };
}
