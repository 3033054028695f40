import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import {
  cancelStatuses,
  mayMove,
  nextCancelStatuses,
  type PaymentStatus,
  paymentStatuses,
} from "#server/payments/domain/payment-status.ts";
import { followUpInquiry } from "#server/payments/follow-up-inquiry.ts";
import { netCancelPayment } from "#server/payments/net-cancel-payment.ts";
import { wirePaymentSchema } from "#server/payments/payment.schemas.ts";
import { readPaymentOfOrder } from "#server/payments/read-payment.ts";
import { recoverCancel } from "#server/payments/recover-cancel.ts";
import { resolvePayment } from "#server/payments/resolve-payment.ts";
import { reverseOrphan } from "#server/payments/reverse-orphan.ts";
import { sweepPayments } from "#server/payments/sweep-payments.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  for (const steps of Object.values(world.van.next)) steps.length = 0;
});

type Body = {
  code: string;
  data: {
    paymentKey: string;
    status: string;
    balanceAmount: number;
    retryable?: boolean;
    cancels: { cancelKey: string; status: string; vat: number }[];
  };
};
const bodyOf = (reply: { body: string }) => JSON.parse(reply.body) as Body;
const attempt = (n: number) => ({ attempt: n, messageId: 1n, traceId: null });
const stateOf = async (orderId: string) =>
  (await readPaymentOfOrder(world.ctx, { mallId: world.mallId, orderId })).payment;
const cancelOf = (
  paymentId: string,
  named: { amountMinor?: bigint; key?: string; taxFreeMinor?: bigint; currentCancelableMinor?: bigint } = {},
) =>
  cancelPayment(world.ctx, {
    paymentId,
    mallId: world.mallId,
    origin: "API",
    actor: { type: "mall", id: world.mallId },
    reason: "고객 요청",
    amountMinor: named.amountMinor,
    currentCancelableMinor: named.currentCancelableMinor,
    idempotency: {
      method: "POST",
      path: `/api/v1/payments/${paymentId}/cancel`,
      key: named.key ?? randomUUID(),
      requestHash: world.ctx.keys.fingerprintRequest(String(named.amountMinor)),
    },
    locale: "ko",
    traceId: "t",
  });

async function approved(amountMinor = 10_000n) {
  const command = anApproval(world, { amountMinor });
  const reply = await approvePayment(world.ctx, command);
  expect(reply.status).toBe(200);
  return { command, payment: await stateOf(command.orderId) };
}

async function ledgerOf(paymentId: string) {
  return world.rows<{ account: string; sum: bigint }>(
    `SELECT account, sum(amount_minor)::bigint AS sum FROM ledger_entry WHERE payment_id = $1 GROUP BY account ORDER BY account`,
    [paymentId],
  );
}

describe("approve", () => {
  test("books the money, tells the mall and keeps the answer for replays byte for byte", async () => {
    const command = anApproval(world, { amountMinor: 128_000n });
    const reply = await approvePayment(world.ctx, command);
    expect(reply.status).toBe(200);
    expect(bodyOf(reply)).toMatchObject({
      code: "SUCCESS",
      data: { status: "DONE", balanceAmount: 128_000 },
    });
    // What is documented is what is sent: nothing missing, nothing more.
    expect(wirePaymentSchema.strict().parse(bodyOf(reply).data)).toEqual(bodyOf(reply).data);
    const payment = await stateOf(command.orderId);
    expect(payment).toMatchObject({ status: "DONE", version: 2, approvalNo: "30418827" });
    expect(await ledgerOf(payment.id)).toEqual([
      { account: `mall_payable:${world.mallId}`, sum: -128_000n },
      { account: "van_receivable:SBX1", sum: 128_000n },
    ]);
    expect(await world.rows(`SELECT type FROM event WHERE subject_id = $1`, [payment.id])).toEqual([
      { type: "payment.approved" },
    ]);
    const replay = await approvePayment(world.ctx, { ...command, receivedAtMs: performance.now() });
    expect(replay).toEqual({ status: 200, body: reply.body, headers: { "idempotent-replayed": "true" } });
    expect(world.van.countOf("approve", command.orderId)).toBe(1);
  });

  test("keeps no card number anywhere in the database", async () => {
    await approved();
    const tables = await world.rows<{ name: string }>(
      `SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    for (const { name } of tables) {
      const [found] = await world.rows<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${name} t WHERE t::text LIKE '%4330123412341234%'`,
      );
      expect(found, name).toEqual({ n: 0 });
    }
  });

  test("a decline is final and frees the order for another try", async () => {
    world.van.next.approve.push("declined");
    const command = anApproval(world);
    const declined = await approvePayment(world.ctx, command);
    expect(declined.status).toBe(422);
    expect(bodyOf(declined)).toMatchObject({
      code: "CARD_LIMIT_EXCEEDED",
      data: { retryable: false, van: { code: "SBX1", responseCode: "8421" } },
    });
    expect((await approvePayment(world.ctx, command)).body).toBe(declined.body);
    const again = await approvePayment(world.ctx, {
      ...command,
      idempotency: { ...command.idempotency, key: randomUUID() },
    });
    expect(again.status).toBe(200);
  });

  test("the same key with another request is refused and nothing is asked", async () => {
    const { command } = await approved();
    const other = {
      ...command,
      idempotency: { ...command.idempotency, requestHash: world.ctx.keys.fingerprintRequest("other") },
    };
    await expect(approvePayment(world.ctx, other)).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
    expect(world.van.countOf("approve", command.orderId)).toBe(1);
  });

  test("a new key for a live order is refused, and that refusal is kept for its key", async () => {
    const { command } = await approved();
    const second = { ...command, idempotency: { ...command.idempotency, key: randomUUID() } };
    const refused = await approvePayment(world.ctx, second);
    expect(refused.status).toBe(409);
    expect(bodyOf(refused).code).toBe("DUPLICATED_ORDER_ID");
    expect((await approvePayment(world.ctx, second)).body).toBe(refused.body);
  });

  test("when no byte was sent nobody is charged, no net cancel is owed, and the same key may try again", async () => {
    world.van.next.approve.push("not_sent");
    const command = anApproval(world);
    const refused = await approvePayment(world.ctx, command);
    expect(refused.status).toBe(503);
    expect(bodyOf(refused)).toMatchObject({
      code: "VAN_UNAVAILABLE",
      data: { retryable: true, charged: false },
    });
    expect(world.van.countOf("net_cancel", command.orderId)).toBe(0);
    expect((await approvePayment(world.ctx, command)).status).toBe(200);
  });

  test.each([true, false])("twenty at once for one order charge once (Redis: %s)", async (redis) => {
    const ctx = redis
      ? world.ctx
      : { ...world.ctx, redis: { ...world.ctx.redis, try: async () => undefined } };
    const orderId = `T-${randomUUID()}`;
    const shared = anApproval(world, { orderId });
    const replies = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        approvePayment(
          ctx,
          n % 2 === 0 ? { ...shared, receivedAtMs: performance.now() } : anApproval(world, { orderId }),
        ),
      ),
    );
    expect(world.van.countOf("approve", orderId)).toBe(1);
    for (const reply of replies) {
      if (reply.status === "fulfilled") expect([200, 409]).toContain(reply.value.status);
      else
        expect(["DUPLICATED_ORDER_ID", "IDEMPOTENT_REQUEST_PROCESSING", "PAYMENT_LOCKED"]).toContain(
          reply.reason.code,
        );
    }
    expect(await stateOf(orderId)).toMatchObject({ status: "DONE" });
  });
});

describe("unknown outcome", () => {
  test("approved with the reply lost: the net cancel in the request takes it back and says so", async () => {
    world.van.next.approve.push("timeout_but_done");
    const command = anApproval(world);
    const reply = await approvePayment(world.ctx, command);
    expect(reply.status).toBe(502);
    expect(bodyOf(reply).code).toBe("PAYMENT_NET_CANCELED");
    expect(world.van.liveMinor(command.orderId)).toBe(0n);
    const payment = await stateOf(command.orderId);
    expect(payment.status).toBe("NET_CANCELED");
    expect(await ledgerOf(payment.id)).toEqual([]);
    expect((await approvePayment(world.ctx, command)).body).toBe(reply.body);
    expect(
      await world.rows(`SELECT type FROM event WHERE subject_id = $1 ORDER BY id`, [payment.id]),
    ).toEqual([{ type: "payment.unknown" }, { type: "payment.net_canceled" }]);
  });

  test("while the VAN does not answer the mall hears 504, a replay tells the present state, and the job brings it to its end", async () => {
    world.van.next.approve.push("timeout_but_done");
    world.van.next.netCancel.push("timeout", "timeout");
    const command = anApproval(world);
    const reply = await approvePayment(world.ctx, command);
    expect(reply.status).toBe(504);
    expect(bodyOf(reply)).toMatchObject({
      code: "PAYMENT_RESULT_UNKNOWN",
      data: { status: "UNKNOWN", retryable: true, netCancel: { attempts: 1 } },
    });
    const { id } = await stateOf(command.orderId);
    expect(await resolvePayment(world.ctx, { paymentId: id }, attempt(1))).toMatchObject({
      kind: "again",
      reason: "VAN_TIMEOUT",
    });
    expect((await approvePayment(world.ctx, command)).status).toBe(504);
    expect(await resolvePayment(world.ctx, { paymentId: id }, attempt(2))).toEqual({ kind: "done" });
    const replay = await approvePayment(world.ctx, command);
    expect(replay.status).toBe(502);
    expect(world.van.liveMinor(command.orderId)).toBe(0n);
  });

  test("a net cancel that exhausts its schedule is given up for a person", async () => {
    world.van.next.approve.push("timeout_but_done");
    world.van.next.netCancel.push("timeout", "timeout");
    const command = anApproval(world);
    await approvePayment(world.ctx, command);
    const { id } = await stateOf(command.orderId);
    expect(await resolvePayment(world.ctx, { paymentId: id }, attempt(3))).toMatchObject({
      kind: "dead",
      reason: "VAN_TIMEOUT",
    });
    expect((await stateOf(command.orderId)).status).toBe("UNKNOWN");
  });

  test("'no original' is not final before the VAN's processing window has closed (D4)", async () => {
    world.van.next.approve.push("timeout");
    const command = anApproval(world);
    await approvePayment(world.ctx, command);
    const payment = await stateOf(command.orderId);
    expect(payment.status).toBe("UNKNOWN");
    expect(await resolvePayment(world.ctx, { paymentId: payment.id }, attempt(1))).toMatchObject({
      kind: "again",
      countsAsAttempt: false,
    });
    const later = { ...world.ctx, now: () => new Date(payment.requestedAt.getTime() + 10_000) };
    expect(await resolvePayment(later, { paymentId: payment.id }, attempt(1))).toEqual({ kind: "done" });
    expect((await stateOf(command.orderId)).status).toBe("NET_CANCELED");
  });

  test("an approval that the VAN books after the net cancel is found by the follow-up inquiry and reversed (NC-8)", async () => {
    world.van.next.approve.push("timeout_but_done");
    const command = anApproval(world);
    await approvePayment(world.ctx, command);
    const payment = await stateOf(command.orderId);
    const approval = world.van.approvals.get(payment.traceNo);
    if (approval) approval.state = "live";
    await followUpInquiry(world.ctx, { paymentId: payment.id, index: 0 }, attempt(1));
    const [orphan] = await world.rows<{ id: bigint; state: string }>(
      `SELECT id, state FROM van_orphan WHERE payment_id = $1`,
      [payment.id],
    );
    expect(orphan?.state).toBe("OPEN");
    await reverseOrphan(world.ctx, { orphanId: String(orphan?.id) }, attempt(1));
    expect(world.van.liveMinor(command.orderId)).toBe(0n);
    expect(await world.rows(`SELECT state FROM van_orphan WHERE payment_id = $1`, [payment.id])).toEqual([
      { state: "REVERSED" },
    ]);
  });

  test("a handler that answers after the sweeper took over never says DONE", async () => {
    const command = anApproval(world);
    world.van.next.approve.push(async () => {
      await world.rows(`UPDATE payment SET lease_until = now() - interval '1 second' WHERE order_id = $1`, [
        command.orderId,
      ]);
      await sweepPayments(world.ctx);
    });
    const reply = await approvePayment(world.ctx, command);
    expect(reply.status).toBe(504);
    const payment = await stateOf(command.orderId);
    expect(payment).toMatchObject({ status: "UNKNOWN", unknownReason: "lease_expired" });
    expect(await resolvePayment(world.ctx, { paymentId: payment.id }, attempt(1))).toEqual({ kind: "done" });
    expect(world.van.liveMinor(command.orderId)).toBe(0n);
  });
});

describe("cancel", () => {
  test("partial cancels add up to the won and the last one closes the payment", async () => {
    const { payment } = await approved(10_000n);
    const first = await cancelOf(payment.id, { amountMinor: 3_000n });
    expect(bodyOf(first.reply)).toMatchObject({
      data: { status: "PARTIAL_CANCELED", balanceAmount: 7_000, cancels: [{ vat: 273 }] },
    });
    const rest = await cancelOf(payment.id);
    expect(bodyOf(rest.reply)).toMatchObject({
      data: { status: "CANCELED", balanceAmount: 0, cancels: [{ vat: 273 }, { vat: 636 }] },
    });
    expect((await ledgerOf(payment.id)).map((row) => row.sum)).toEqual([0n, 0n]);
    await expect(cancelOf(payment.id)).rejects.toMatchObject({ code: "ALREADY_CANCELED_PAYMENT" });
  });

  test("a replay gives the same answer and asks the VAN nothing", async () => {
    const { payment, command } = await approved();
    const key = randomUUID();
    const first = await cancelOf(payment.id, { amountMinor: 1_000n, key });
    const again = await cancelOf(payment.id, { amountMinor: 1_000n, key });
    expect(again.reply).toEqual({
      status: 200,
      body: first.reply.body,
      headers: { "idempotent-replayed": "true" },
    });
    expect(world.van.countOf("cancel", command.orderId)).toBe(1);
    await expect(cancelOf(payment.id, { amountMinor: 2_000n, key })).rejects.toMatchObject({
      code: "IDEMPOTENCY_KEY_REUSED",
    });
  });

  test("the VAN's no gives the amount free again", async () => {
    const { payment, command } = await approved();
    world.van.next.cancel.push("refused");
    const refused = await cancelOf(payment.id, { amountMinor: 4_000n });
    expect(refused).toMatchObject({ result: "failed" });
    expect(refused.reply.status).toBe(502);
    expect(await stateOf(command.orderId)).toMatchObject({
      status: "DONE",
      reservedMinor: 0n,
      canceledMinor: 0n,
    });
    expect((await cancelOf(payment.id)).reply.status).toBe(200);
  });

  test.each(["timeout", "timeout_but_done"] as const)(
    "after a %s the recovery brings it to its end with the same trace number",
    async (step) => {
      const { payment, command } = await approved();
      world.van.next.cancel.push(step);
      const key = randomUUID();
      const unknown = await cancelOf(payment.id, { amountMinor: 4_000n, key });
      expect(unknown).toMatchObject({ result: "unknown" });
      expect(unknown.reply.status).toBe(504);
      await expect(cancelOf(payment.id)).rejects.toMatchObject({ code: "PREVIOUS_CANCEL_NOT_COMPLETE" });
      const [cancel] = (
        await readPaymentOfOrder(world.ctx, { mallId: world.mallId, orderId: command.orderId })
      ).cancels;
      expect(await recoverCancel(world.ctx, { cancelId: cancel?.id ?? "" }, attempt(1))).toEqual({
        kind: "done",
      });
      expect(await stateOf(command.orderId)).toMatchObject({
        status: "PARTIAL_CANCELED",
        canceledMinor: 4_000n,
        reservedMinor: 0n,
      });
      expect(world.van.liveMinor(command.orderId)).toBe(6_000n);
      expect((await cancelOf(payment.id, { amountMinor: 4_000n, key })).reply.status).toBe(200);
    },
  );

  test("thirty at once of 100 won on 1,000 won: exactly ten succeed in the end", async () => {
    const { payment, command } = await approved(1_000n);
    let succeeded = 0;
    for (let round = 0; round < 30 && succeeded < 10; round++) {
      const results = await Promise.allSettled(
        Array.from({ length: 30 }, () => cancelOf(payment.id, { amountMinor: 100n })),
      );
      succeeded += results.filter(
        (one) => one.status === "fulfilled" && one.value.reply.status === 200,
      ).length;
    }
    expect(succeeded).toBe(10);
    expect(await stateOf(command.orderId)).toMatchObject({
      status: "CANCELED",
      canceledMinor: 1_000n,
      reservedMinor: 0n,
    });
    expect(world.van.liveMinor(command.orderId)).toBe(0n);
  });

  test("two of 60,000 won at once on 100,000 won: exactly one", async () => {
    const { payment, command } = await approved(100_000n);
    const results = await Promise.allSettled([
      cancelOf(payment.id, { amountMinor: 60_000n }),
      cancelOf(payment.id, { amountMinor: 60_000n }),
    ]);
    expect(
      results.filter((one) => one.status === "fulfilled" && one.value.reply.status === 200),
    ).toHaveLength(1);
    expect(world.van.liveMinor(command.orderId)).toBe(40_000n);
  });

  test("what its handler left behind is taken over by the sweeper", async () => {
    const { payment, command } = await approved();
    world.van.next.cancel.push("timeout_but_done");
    await cancelOf(payment.id, { amountMinor: 5_000n });
    await world.rows(`UPDATE outbox_message SET done_at = now() WHERE subject_id = $1`, [payment.id]);
    await world.rows(
      `UPDATE payment_cancel SET lease_until = now() - interval '1 second' WHERE payment_id = $1`,
      [payment.id],
    );
    expect(await sweepPayments(world.ctx)).toBeGreaterThan(0);
    const jobs = await world.rows(
      `SELECT job_name FROM outbox_message WHERE subject_id = $1 AND done_at IS NULL`,
      [payment.id],
    );
    expect(jobs).toEqual([{ job_name: "recover-cancel" }]);
    expect(world.van.countOf("cancel", command.orderId)).toBe(1);
  });

  test("a handler paused past its lease does not call failed what recovery has sent", async () => {
    const { payment, command } = await approved();
    const spy = vi.spyOn(world.van, "cancel").mockImplementationOnce(async () => {
      await world.rows(
        `UPDATE payment_cancel SET lease_until = now() - interval '1 second' WHERE payment_id = $1`,
        [payment.id],
      );
      await sweepPayments(world.ctx);
      world.van.next.cancel.push("timeout_but_done");
      await recoverCancel(world.ctx, { cancelId: await cancelIdOf(payment.id) }, attempt(1));
      const exchange = {
        requestBytes: new Uint8Array(),
        responseBytes: null,
        startedAt: new Date(),
        durationMs: 0,
      };
      return { kind: "not_sent", because: "refused", exchange };
    });
    const late = await cancelOf(payment.id, { amountMinor: 4_000n });
    spy.mockRestore();
    expect(late).toMatchObject({ result: "unknown" });
    await recoverCancel(world.ctx, { cancelId: await cancelIdOf(payment.id) }, attempt(2));
    expect(world.van.liveMinor(command.orderId)).toBe(6_000n);
    expect(await stateOf(command.orderId)).toMatchObject({
      status: "PARTIAL_CANCELED",
      canceledMinor: 4_000n,
      reservedMinor: 0n,
    });
  });

  async function cancelIdOf(paymentId: string): Promise<string> {
    const [row] = await world.rows<{ id: string }>(`SELECT id FROM payment_cancel WHERE payment_id = $1`, [
      paymentId,
    ]);
    return row?.id ?? "";
  }
});

describe("net cancel by the mall (NC-7)", () => {
  const netCancel = (orderId: string) =>
    netCancelPayment(world.ctx, {
      mallId: world.mallId,
      orderId,
      idempotency: {
        method: "POST",
        path: "/api/v1/payments/net-cancel",
        key: randomUUID(),
        requestHash: Buffer.from(orderId),
      },
      locale: "ko",
      traceId: "t",
    });

  test("reverses a payment that is done, in the ledger too", async () => {
    const { payment, command } = await approved();
    const reply = await netCancel(command.orderId);
    expect(reply.status).toBe(200);
    expect(bodyOf(reply)).toMatchObject({ data: { status: "NET_CANCELED", balanceAmount: 0 } });
    expect((await ledgerOf(payment.id)).map((row) => row.sum)).toEqual([0n, 0n]);
    expect(world.van.liveMinor(command.orderId)).toBe(0n);
    expect((await netCancel(command.orderId)).status).toBe(200);
  });

  test("answers 202 while the VAN does not, and the job goes on with it", async () => {
    const { payment, command } = await approved();
    world.van.next.netCancel.push("timeout");
    expect((await netCancel(command.orderId)).status).toBe(202);
    expect((await stateOf(command.orderId)).status).toBe("DONE");
    await expect(cancelOf(payment.id)).rejects.toMatchObject({ code: "PREVIOUS_CANCEL_NOT_COMPLETE" });
    expect(await resolvePayment(world.ctx, { paymentId: payment.id }, attempt(1))).toEqual({ kind: "done" });
    expect((await stateOf(command.orderId)).status).toBe("NET_CANCELED");
  });

  test("is refused once a cancel exists", async () => {
    const { payment, command } = await approved();
    await cancelOf(payment.id, { amountMinor: 100n });
    await expect(netCancel(command.orderId)).rejects.toMatchObject({ code: "NET_CANCEL_NOT_ALLOWED" });
  });

  test("of an order never seen refuses it for an hour", async () => {
    const command = anApproval(world);
    await expect(netCancel(command.orderId)).rejects.toMatchObject({ code: "NOT_FOUND_PAYMENT" });
    const late = await approvePayment(world.ctx, command);
    expect(bodyOf(late).code).toBe("DUPLICATED_ORDER_ID");
    expect(world.van.countOf("approve", command.orderId)).toBe(0);
  });

  test("while the approval runs it is reversed as soon as it answers", async () => {
    const command = anApproval(world);
    world.van.next.approve.push(async () => {
      expect((await netCancel(command.orderId)).status).toBe(202);
    });
    const reply = await approvePayment(world.ctx, command);
    expect(bodyOf(reply).code).toBe("PAYMENT_NET_CANCELED");
    expect(world.van.liveMinor(command.orderId)).toBe(0n);
  });
});

describe("the database's guards", () => {
  test("allow exactly the moves of the status table, for all pairs", async () => {
    for (const from of paymentStatuses) {
      for (const to of paymentStatuses) {
        if (from === to) continue;
        const moved = await tryMove(from, to);
        expect(moved, `${from} → ${to}`).toBe(mayMove(from, to));
      }
    }
  });

  async function tryMove(from: PaymentStatus, to: PaymentStatus): Promise<boolean> {
    const canceled = (status: PaymentStatus) =>
      status === "CANCELED" ? 1000 : status === "PARTIAL_CANCELED" ? 400 : 0;
    let moved = true;
    await world.ctx.sql
      .transaction(async (sql) => {
        const id = `pay_${randomUUID()}`;
        await sql.run(
          {
            name: "",
            text: `INSERT INTO payment (id, mall_id, order_id, order_name, method, amount_minor, vat_minor, status, van_code, trace_no, canceled_minor, lease_until, requested_at, trace_id)
              VALUES ($1, $2, $1, 'x', 'CARD', 1000, 91, $3::payment_status, 'SBX1', $1, $4, now(), now(), 't')`,
          },
          [id, world.mallId, from, canceled(from)],
        );
        try {
          await sql.run(
            {
              name: "",
              text: `UPDATE payment SET status = $2::payment_status, version = version + 1, canceled_minor = $3 WHERE id = $1`,
            },
            [id, to, canceled(to)],
          );
        } catch (error) {
          expect(error).toMatchObject({ code: "23514" });
          moved = false;
        }
        throw new Error("undo");
      })
      .catch((error: Error) => expect(error.message).toBe("undo"));
    return moved;
  }

  test("allow exactly the moves of a cancel's status table, for all pairs", async () => {
    const { payment } = await approved();
    const { cancel } = (await cancelOf(payment.id, { amountMinor: 100n })) as { cancel: { id: string } };
    for (const from of cancelStatuses) {
      for (const to of cancelStatuses) {
        if (from === to) continue;
        let moved = true;
        await world.ctx.sql
          .transaction(async (sql) => {
            const set = `UPDATE payment_cancel SET status = $2::cancel_status WHERE id = $1`;
            await sql.run(
              { name: "", text: `ALTER TABLE payment_cancel DISABLE TRIGGER payment_cancel_transition` },
              [],
            );
            await sql.run({ name: "", text: set }, [cancel.id, from]);
            await sql.run(
              { name: "", text: `ALTER TABLE payment_cancel ENABLE TRIGGER payment_cancel_transition` },
              [],
            );
            try {
              await sql.run({ name: "", text: set }, [cancel.id, to]);
            } catch (error) {
              expect(error).toMatchObject({ code: "23514" });
              moved = false;
            }
            throw new Error("undo");
          })
          .catch((error: Error) => expect(error.message).toBe("undo"));
        expect(moved, `${from} → ${to}`).toBe((nextCancelStatuses[from] as readonly string[]).includes(to));
      }
    }
  });

  test("refuse a ledger event that does not sum to zero", async () => {
    const write = world.rows(
      `INSERT INTO ledger_entry (event_key, account, amount_minor, business_date) VALUES ('lonely', 'a', 5, now())`,
    );
    await expect(write).rejects.toMatchObject({ code: "23514" });
  });

  test.each(["ledger_entry", "payment_event", "van_exchange", "audit_log", "webhook_attempt"])(
    "keep %s append-only",
    async (table) => {
      await expect(world.rows(`TRUNCATE ${table}`)).rejects.toMatchObject({ code: "42501" });
    },
  );

  test("refuse to change an event, and give a sequence once", async () => {
    await approved();
    await expect(world.rows(`UPDATE event SET type = 'payment.failed'`)).rejects.toMatchObject({
      code: "42501",
    });
    await expect(world.rows(`DELETE FROM event`)).rejects.toMatchObject({ code: "42501" });
  });
});
