import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import { keepApprovalTimings } from "#server/payments/keep-approval-timings.ts";
import { readIdempotencyKeys } from "#server/payments/read-idempotency-keys.ts";
import { readPaymentOfOrder } from "#server/payments/read-payment.ts";
import { readPaymentRecord, readVanExchanges } from "#server/payments/read-payment-record.ts";
import type { SqlPool } from "#server/platform/db.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ redis: false });
});
afterAll(() => world.close());
beforeEach(async () => {
  for (const steps of Object.values(world.van.next)) steps.length = 0;
  await keepApprovalTimings(world.ctx);
});

const paymentOf = async (orderId: string) =>
  (await readPaymentOfOrder(world.ctx, { mallId: world.mallId, orderId })).payment;

async function approved(named: Parameters<typeof anApproval>[1] = {}) {
  const command = anApproval(world, named);
  const reply = await approvePayment(world.ctx, command);
  return { command, reply, payment: await paymentOf(command.orderId) };
}

describe("the time of an approval's second commit and answer", () => {
  test("is shown once it was written, apart from the approval", async () => {
    const { payment } = await approved();
    expect(await readPaymentRecord(world.ctx, payment.id)).toMatchObject({ timing: null, isTimingDue: true });
    expect(await keepApprovalTimings(world.ctx)).toBe(1);
    const { timing, isTimingDue } = await readPaymentRecord(world.ctx, payment.id);
    expect(timing?.commit2Ms).toBeGreaterThan(0);
    expect(timing?.answerMs).toBeGreaterThanOrEqual(0);
    expect(isTimingDue).toBe(false);
  });

  test("of many approvals is one statement, however they ended", async () => {
    world.van.next.approve.push("declined", "not_sent", "timeout");
    const all = await Promise.all(Array.from({ length: 6 }, () => approved()));
    const statements: string[] = [];
    const reports: SqlPool = {
      ...world.ctx.reports,
      run: (statement, values) => {
        statements.push(statement.name);
        return world.ctx.reports.run(statement, values);
      },
    };
    expect(await keepApprovalTimings({ ...world.ctx, reports })).toBe(6);
    expect(statements).toEqual(["approval-timing-insert"]);
    for (const { payment } of all)
      expect((await readPaymentRecord(world.ctx, payment.id)).timing).not.toBeNull();
  });

  test("is told of an unknown outcome with the net cancel that its answer waited for", async () => {
    world.van.next.approve.push("timeout_but_done");
    const slow = world.van.netCancel.bind(world.van);
    world.van.netCancel = async (request) => {
      await world.ctx.sleep(1_500);
      return slow(request);
    };
    try {
      const { payment } = await approved();
      await keepApprovalTimings(world.ctx);
      const { timing } = await readPaymentRecord(world.ctx, payment.id);
      expect(timing?.answerMs).toBeGreaterThanOrEqual(1_490);
      expect(timing?.commit2Ms).toBeLessThan(1_490);
    } finally {
      world.van.netCancel = slow;
    }
  });

  test("is not recorded for a request whose outcome someone else wrote", async () => {
    world.van.next.approve.push(async () => {
      // The sweeper was faster: the row is no longer this request's.
      await world.rows(
        "UPDATE payment SET status = 'UNKNOWN', version = version + 1 WHERE status = 'IN_PROGRESS'",
      );
    });
    const { payment } = await approved();
    expect(await keepApprovalTimings(world.ctx)).toBe(0);
    expect((await readPaymentRecord(world.ctx, payment.id)).timing).toBeNull();
  });

  test("waits while the database does not take it, and is written once", async () => {
    const { payment } = await approved();
    const away: SqlPool = {
      ...world.ctx.reports,
      run: () => Promise.reject(Object.assign(new Error("away"), { code: "ECONNREFUSED" })),
    };
    expect(await keepApprovalTimings({ ...world.ctx, reports: away })).toBe(0);
    expect(await keepApprovalTimings(world.ctx)).toBe(1);
    expect(await keepApprovalTimings(world.ctx)).toBe(0);
    expect((await readPaymentRecord(world.ctx, payment.id)).timing).not.toBeNull();
  });
});

describe("what a replay would hear", () => {
  const read = (paymentId: string, traceId: string = randomUUID()) =>
    readIdempotencyKeys(world.ctx, { paymentId, traceId });

  test("is the kept answer, byte for byte what the mall hears", async () => {
    const { command, payment } = await approved();
    const [key] = await read(payment.id);
    expect(key).toMatchObject({ key: command.idempotency.key, httpStatus: 200, replay: { from: "kept" } });
    const again = await approvePayment(world.ctx, command);
    expect(key?.replay).toEqual({ from: "kept", httpStatus: again.status, body: again.body });
    expect(key?.requestHash).toBe(command.idempotency.requestHash.toString("hex"));
  });

  test("of an unknown outcome is its present state, as the mall hears it", async () => {
    world.van.next.approve.push("timeout");
    world.van.next.netCancel.push("timeout");
    const { command, payment } = await approved();
    const [key] = await read(payment.id, command.traceId);
    const again = await approvePayment(world.ctx, command);
    expect(again.status).toBe(504);
    expect(key?.replay).toEqual({ from: "present", httpStatus: again.status, body: again.body });
  });

  test("of a cancel whose outcome is not known is that cancel's present state", async () => {
    const { payment } = await approved();
    world.van.next.cancel.push("timeout");
    const command = {
      paymentId: payment.id,
      mallId: world.mallId,
      origin: "API",
      actor: { type: "mall", id: world.mallId },
      reason: "고객 요청",
      amountMinor: 1_000n,
      idempotency: {
        method: "POST",
        path: `/api/v1/payments/${payment.id}/cancel`,
        key: randomUUID(),
        requestHash: world.ctx.keys.fingerprintRequest("1000"),
      },
      locale: "ko",
      traceId: randomUUID().replaceAll("-", ""),
    } as const;
    await cancelPayment(world.ctx, command);
    const key = (await read(payment.id, command.traceId)).find((one) => one.path.endsWith("/cancel"));
    const { reply } = await cancelPayment(world.ctx, command);
    expect(reply.status).toBe(504);
    expect(key?.replay).toEqual({ from: "present", httpStatus: reply.status, body: reply.body });
  });

  test("of a net cancel that is not over is the work going on", async () => {
    world.van.next.approve.push("timeout");
    world.van.next.netCancel.push("timeout");
    const { payment } = await approved();
    await world.rows(
      `INSERT INTO idempotency_key (mall_id, method, path, key, request_hash, payment_id, expires_at)
       VALUES ($1, 'POST', '/api/v1/payments/net-cancel', $2, '\\x00', $3, now() + interval '15 days')`,
      [world.mallId, randomUUID(), payment.id],
    );
    const key = (await read(payment.id)).find((one) => one.path.endsWith("/net-cancel"));
    expect(key?.replay).toEqual({ from: "work" });
  });
});

test("a VAN message comes with what went before it on its line", async () => {
  const { payment } = await approved();
  const [exchange] = await readVanExchanges(world.ctx, payment.id);
  expect(exchange?.envelope?.line).toBe("POST /v1/approve HTTP/1.1");
  expect(exchange?.envelope?.headers.map(([name]) => name)).toEqual([
    "content-type",
    "accept",
    "content-length",
  ]);
});
