import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import type { Payment } from "#server/payments/domain/payment.ts";
import { netCancelPayment } from "#server/payments/net-cancel-payment.ts";
import { type NewCancel, openCancel } from "#server/payments/payment-repository.ts";
import { readPaymentOfOrder } from "#server/payments/read-payment.ts";
import { recoverCancel } from "#server/payments/recover-cancel.ts";
import { resolvePayment } from "#server/payments/resolve-payment.ts";
import { sweepPayments } from "#server/payments/sweep-payments.ts";
import type { Context } from "#server/platform/context.ts";
import type { SqlPool } from "#server/platform/db.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

// What is committed when (reliability §5): looked at from where it matters, the moment at which the VAN is asked.

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ redis: false });
});
afterAll(() => world.close());
beforeEach(() => {
  for (const steps of Object.values(world.van.next)) steps.length = 0;
});
afterEach(() => vi.restoreAllMocks());

const attempt = (n: number) => ({ attempt: n, messageId: 1n, traceId: null });
const codeOf = (reply: { body: string }) => (JSON.parse(reply.body) as { code: string }).code;
const stateOf = async (orderId: string): Promise<Payment> =>
  (await readPaymentOfOrder(world.ctx, { mallId: world.mallId, orderId })).payment;

async function approved() {
  const command = anApproval(world);
  expect((await approvePayment(world.ctx, command)).status).toBe(200);
  return { command, payment: await stateOf(command.orderId) };
}

const cancelOf = (payment: Payment, amountMinor: bigint, ctx: Context = world.ctx) =>
  cancelPayment(ctx, {
    paymentId: payment.id,
    mallId: world.mallId,
    origin: "API",
    actor: { type: "mall", id: world.mallId },
    reason: "고객 요청",
    amountMinor,
    idempotency: keyOf(`/api/v1/payments/${payment.id}/cancel`),
    locale: "ko",
    traceId: "t",
  });

const netCancelOf = (orderId: string, ctx: Context = world.ctx) =>
  netCancelPayment(ctx, {
    mallId: world.mallId,
    orderId,
    idempotency: keyOf("/api/v1/payments/net-cancel"),
    locale: "ko",
    traceId: "t",
  });

const keyOf = (path: string) => ({
  method: "POST",
  path,
  key: randomUUID(),
  requestHash: world.ctx.keys.fingerprintRequest(path),
});

/** The jobs that wait for a payment, with the time they still have to wait in milliseconds. */
const jobsOf = (paymentId: string) =>
  world.rows<{ name: string; waitMs: number }>(
    `SELECT job_name AS name, extract(epoch FROM available_at - now())::float8 * 1000 AS "waitMs" FROM outbox_message
     WHERE subject_id = $1 AND done_at IS NULL AND dead_at IS NULL ORDER BY available_at`,
    [paymentId],
  );

/** Looks at the database when the VAN gets the next message of this kind, before the VAN does anything. */
function lookWhenAsked<Seen>(verb: "approve" | "cancel" | "netCancel", look: () => Promise<Seen>): Seen[] {
  const seen: Seen[] = [];
  const ask = world.van[verb].bind(world.van) as (request: never) => Promise<never>;
  vi.spyOn(world.van, verb).mockImplementationOnce(async (request: unknown) => {
    seen.push(await look());
    return ask(request as never);
  });
  return seen;
}

/** The same context, paused for a minute once the statement of that name was committed. */
function pausedAfter(name: string): Context {
  let pausedMs = 0;
  const sql: SqlPool = {
    ...world.ctx.sql,
    async run(statement, values) {
      const rows = await world.ctx.sql.run(statement, values);
      if (statement.name === name) pausedMs = 60_000;
      return rows as never;
    },
  };
  return { ...world.ctx, sql, monotonicMs: () => performance.now() + pausedMs };
}

describe("before the VAN is asked", () => {
  test("to approve, the payment stands IN_PROGRESS with the trace number that is sent, and its key is claimed", async () => {
    const command = anApproval(world);
    const seen = lookWhenAsked("approve", () =>
      world.rows(
        `SELECT p.status::text, p.trace_no AS "traceNo", k.key FROM payment p JOIN idempotency_key k ON k.payment_id = p.id WHERE p.order_id = $1`,
        [command.orderId],
      ),
    );
    await approvePayment(world.ctx, command);
    const sent = world.van.calls.find((call) => call.orderId === command.orderId);
    expect(seen).toEqual([[{ status: "IN_PROGRESS", traceNo: sent?.traceNo, key: command.idempotency.key }]]);
  });

  test("to reverse an unknown approval, UNKNOWN and the net-cancel job are committed", async () => {
    const command = anApproval(world);
    world.van.next.approve.push("timeout_but_done");
    const seen = lookWhenAsked("netCancel", async () => {
      const { id, status } = await stateOf(command.orderId);
      return { status, jobs: (await jobsOf(id)).map(({ name }) => name) };
    });
    await approvePayment(world.ctx, command);
    expect(seen).toEqual([{ status: "UNKNOWN", jobs: ["net-cancel"] }]);
  });

  test("to reverse what it said DONE to, the mall's wish and its job are committed", async () => {
    const { payment, command } = await approved();
    const seen = lookWhenAsked("netCancel", async () => ({
      reserved: (await stateOf(command.orderId)).reservedMinor,
      jobs: (await jobsOf(payment.id)).map(({ name }) => name),
    }));
    await netCancelOf(command.orderId);
    expect(seen).toEqual([{ reserved: 10_000n, jobs: ["net-cancel"] }]);
  });

  test("to cancel, the amount is set aside", async () => {
    const { payment, command } = await approved();
    const seen = lookWhenAsked("cancel", async () => {
      const { status, reservedMinor } = await stateOf(command.orderId);
      return { status, reservedMinor };
    });
    await cancelOf(payment, 4_000n);
    expect(seen).toEqual([{ status: "CANCEL_PENDING", reservedMinor: 4_000n }]);
  });
});

describe("a handler that was paused past its lease", () => {
  test("does not send its approval (A3)", async () => {
    const command = anApproval(world);
    const reply = await approvePayment(pausedAfter("payment-open"), command);
    expect([reply.status, codeOf(reply)]).toEqual([503, "VAN_UNAVAILABLE"]);
    expect(world.van.countOf("approve", command.orderId)).toBe(0);
    expect((await stateOf(command.orderId)).status).toBe("ABORTED");
  });

  test("and whose approval comes after the net cancel is not told DONE; the money found live is written down with its job", async () => {
    const command = anApproval(world);
    world.van.next.approve.push(async () => {
      // Paused here: the sweeper takes over, and a VAN without tombstones knows nothing yet.
      const { id, traceNo, requestedAt } = await stateOf(command.orderId);
      const approval = world.van.approvals.get(traceNo);
      world.van.approvals.delete(traceNo);
      await world.rows(`UPDATE payment SET lease_until = now() - interval '1 second' WHERE id = $1`, [id]);
      await sweepPayments(world.ctx);
      const later = { ...world.ctx, now: () => new Date(requestedAt.getTime() + 60_000) };
      expect(await resolvePayment(later, { paymentId: id }, attempt(1))).toEqual({ kind: "done" });
      if (approval) world.van.approvals.set(traceNo, approval);
    });
    const reply = await approvePayment(world.ctx, command);
    expect([reply.status, codeOf(reply)]).toEqual([502, "PAYMENT_NET_CANCELED"]);
    const payment = await stateOf(command.orderId);
    expect(payment.status).toBe("NET_CANCELED");
    expect(
      await world.rows(`SELECT state, source, amount_minor AS amount FROM van_orphan WHERE payment_id = $1`, [
        payment.id,
      ]),
    ).toEqual([{ state: "OPEN", source: "late_response", amount: 10_000n }]);
    expect((await jobsOf(payment.id)).map(({ name }) => name)).toContain("reverse-orphan");
  });
});

describe("what is owed after an end that nobody saw", () => {
  test("a reversed approval is inquired about again, at the VAN's own intervals (NC-8)", async () => {
    const command = anApproval(world);
    world.van.next.approve.push("timeout_but_done");
    await approvePayment(world.ctx, command);
    const { id, status } = await stateOf(command.orderId);
    expect(status).toBe("NET_CANCELED");
    const followUps = (await jobsOf(id)).filter(({ name }) => name === "follow-up-inquiry");
    // The test VAN's intervals are 10 and 20 ms.
    expect(followUps).toHaveLength(2);
  });

  test("a cancel without an answer has its recovery", async () => {
    const { payment } = await approved();
    world.van.next.cancel.push("timeout");
    await cancelOf(payment, 4_000n);
    expect((await jobsOf(payment.id)).map(({ name }) => name)).toEqual(["recover-cancel"]);
  });

  test("an approval that was taken over has its net cancel at once", async () => {
    const command = anApproval(world);
    world.van.next.approve.push(async () => {
      await world.rows(`UPDATE payment SET lease_until = now() - interval '1 second' WHERE order_id = $1`, [
        command.orderId,
      ]);
      await sweepPayments(world.ctx);
    });
    await approvePayment(world.ctx, command);
    const [job] = await jobsOf((await stateOf(command.orderId)).id);
    expect(job?.name).toBe("net-cancel");
    expect(job?.waitMs).toBeLessThanOrEqual(0);
  });

  test.each([
    ["a net cancel", "net-cancel"],
    ["a recovery", "recover-cancel"],
    ["the reversal of an orphan", "reverse-orphan"],
  ])("%s whose job was lost gets another from the sweeper, once", async (_, jobName) => {
    const payment = await unfinished(jobName);
    await world.rows(`UPDATE outbox_message SET done_at = now() WHERE subject_id = $1`, [payment.id]);
    expect(await jobsOf(payment.id)).toEqual([]);
    await Promise.all([sweepPayments(world.ctx), sweepPayments(world.ctx)]);
    await sweepPayments(world.ctx);
    expect((await jobsOf(payment.id)).map(({ name }) => name)).toEqual([jobName]);
  });

  async function unfinished(jobName: string): Promise<Payment> {
    const command = anApproval(world);
    if (jobName === "recover-cancel") {
      await approvePayment(world.ctx, command);
      const payment = await stateOf(command.orderId);
      world.van.next.cancel.push("timeout");
      await cancelOf(payment, 4_000n);
      await world.rows(
        `UPDATE payment_cancel SET lease_until = now() - interval '1 second' WHERE payment_id = $1`,
        [payment.id],
      );
      return payment;
    }
    world.van.next.approve.push("timeout_but_done");
    if (jobName === "net-cancel") world.van.next.netCancel.push("timeout");
    await approvePayment(world.ctx, command);
    const payment = await stateOf(command.orderId);
    if (jobName === "net-cancel")
      await world.rows(`UPDATE payment SET lease_until = now() - interval '1 second' WHERE id = $1`, [
        payment.id,
      ]);
    else
      await world.rows(
        `INSERT INTO van_orphan (payment_id, trace_no, amount_minor, source, found_at) VALUES ($1, $2, $3, 'inquiry', now() - interval '1 minute')`,
        [payment.id, payment.traceNo, payment.amountMinor],
      );
    return payment;
  }
});

test("an order that was net-cancelled while its approval was being opened does not become DONE", async () => {
  const command = anApproval(world);
  world.van.next.approve.push(async () => {
    // The tombstone of a net cancel that looked for the order just before it was there.
    await world.rows(
      `INSERT INTO net_cancel_tombstone (mall_id, order_id, expires_at) VALUES ($1, $2, now() + interval '1 hour')`,
      [world.mallId, command.orderId],
    );
  });
  expect(codeOf(await approvePayment(world.ctx, command))).toBe("PAYMENT_NET_CANCELED");
  expect(world.van.liveMinor(command.orderId)).toBe(0n);
});

test("a payment is read with its own cancels, also when one ends between the two reads", async () => {
  const { payment, command } = await approved();
  let isFirst = true;
  const sql: SqlPool = {
    ...world.ctx.sql,
    async run(statement, values) {
      const rows = await world.ctx.sql.run(statement, values);
      if (statement.name === "payment-load-order" && isFirst) {
        isFirst = false;
        await cancelOf(payment, 4_000n);
      }
      return rows as never;
    },
  };
  const read = await readPaymentOfOrder({ sql }, { mallId: world.mallId, orderId: command.orderId });
  expect(read).toMatchObject({
    payment: { status: "PARTIAL_CANCELED", canceledMinor: 4_000n },
    cancels: [{ status: "SUCCEEDED", amountMinor: 4_000n }],
  });
});

test("a cancel that was decided by what a payment was before another cancel sets nothing aside (C1)", async () => {
  const { command, payment: before } = await approved();
  await cancelOf(before, 4_000n);
  const now = await stateOf(command.orderId);
  const cancel: NewCancel = {
    id: world.ctx.ids.newId("cancel"),
    origin: "API",
    actorType: "mall",
    actorId: world.mallId,
    amountMinor: 1_000n,
    taxFreeMinor: 0n,
    vatMinor: 91n,
    balanceBeforeMinor: 10_000n,
    reason: "고객 요청",
    traceNo: world.ctx.ids.newTraceNo(),
    requestedAt: new Date(),
    traceId: "t",
    leaseMs: 45_000,
    statusMeanwhile: "CANCEL_PENDING",
    historyKind: "cancel_requested",
  };
  expect(await openCancel(world.ctx.sql, before, cancel, undefined, [])).toBe("payment_changed");
  expect(await stateOf(command.orderId)).toEqual(now);
  expect(await openCancel(world.ctx.sql, { ...before, version: now.version }, cancel, undefined, [])).toBe(
    "payment_changed",
  );
  expect(await openCancel(world.ctx.sql, now, { ...cancel, balanceBeforeMinor: 6_000n }, undefined, [])).toBe(
    "reserved",
  );
});

test("a cancel that is sent again, and whose answer is lost again, is one cancel with one trace number", async () => {
  const { payment, command } = await approved();
  world.van.next.cancel.push("timeout", "timeout_but_done");
  const { cancel } = (await cancelOf(payment, 4_000n)) as { cancel: { id: string; traceNo: string } };
  await recoverCancel(world.ctx, { cancelId: cancel.id }, attempt(1));
  expect(await recoverCancel(world.ctx, { cancelId: cancel.id }, attempt(2))).toEqual({ kind: "done" });
  const sent = world.van.calls.filter(
    ({ verb, orderId }) => verb === "cancel" && orderId === command.orderId,
  );
  expect(sent.map(({ traceNo }) => traceNo)).toEqual([cancel.traceNo, cancel.traceNo]);
  expect(world.van.liveMinor(command.orderId)).toBe(6_000n);
});

describe("while the database is away", () => {
  test("a VAN's answer is written as soon as it is back", async () => {
    const command = anApproval(world);
    const ctx = { ...world.ctx, sql: failing(3), sleep: async () => undefined };
    expect((await approvePayment(ctx, command)).status).toBe(200);
    expect((await stateOf(command.orderId)).status).toBe("DONE");
  });

  test("for longer than the lease, DONE is not told, and recovery gives the money back", async () => {
    const command = anApproval(world);
    let nowMs = 0;
    const ctx: Context = {
      ...world.ctx,
      sql: failing(Number.POSITIVE_INFINITY),
      monotonicMs: () => nowMs,
      sleep: async (ms) => {
        nowMs += ms;
      },
    };
    await expect(approvePayment(ctx, { ...command, receivedAtMs: 0 })).rejects.toMatchObject({
      code: "PAYMENT_RESULT_UNKNOWN",
    });
    await world.rows(`UPDATE payment SET lease_until = now() - interval '1 second' WHERE order_id = $1`, [
      command.orderId,
    ]);
    await sweepPayments(world.ctx);
    const { id } = await stateOf(command.orderId);
    await resolvePayment(world.ctx, { paymentId: id }, attempt(1));
    expect((await stateOf(command.orderId)).status).toBe("NET_CANCELED");
    expect(world.van.liveMinor(command.orderId)).toBe(0n);
  });

  /** A pool that cannot write the outcome so many times. */
  function failing(times: number): SqlPool {
    let left = times;
    return {
      ...world.ctx.sql,
      run(statement, values) {
        if (statement.name === "payment-move" && left-- > 0)
          return Promise.reject(Object.assign(new Error("the server is going down"), { code: "57P01" }));
        return world.ctx.sql.run(statement, values);
      },
    };
  }
});

describe("the database refuses, whatever the code does", () => {
  test("a second open cancel of a payment (CX-4)", async () => {
    const { payment } = await approved();
    await insertCancel(payment);
    await expect(insertCancel(payment)).rejects.toMatchObject({
      code: "23505",
      constraint: "payment_cancel_one_open",
    });
  });

  test("to give back or set aside more than was paid (I5)", async () => {
    const { payment } = await approved();
    for (const [canceled, reserved] of [
      [0, 10_001],
      [9_999, 2],
      [-1, 0],
      [0, -1],
    ])
      await expect(
        world.rows(`UPDATE payment SET canceled_minor = $2, reserved_minor = $3 WHERE id = $1`, [
          payment.id,
          canceled,
          reserved,
        ]),
      ).rejects.toMatchObject({ code: "23514", constraint: "payment_refund_range" });
  });

  test("a trace number that was used", async () => {
    const { payment } = await approved();
    await expect(
      world.rows(
        `INSERT INTO payment (id, mall_id, order_id, order_name, method, amount_minor, vat_minor, status, van_code, trace_no, lease_until, requested_at, trace_id)
         VALUES ('pay_x', $1, $2, 'x', 'CARD', 1000, 91, 'IN_PROGRESS', 'SBX1', $3, now(), now(), 't')`,
        [world.mallId, `T-${randomUUID()}`, payment.traceNo],
      ),
    ).rejects.toMatchObject({ code: "23505", constraint: "payment_trace_no_key" });
  });

  test("to book the same event twice", async () => {
    const { payment } = await approved();
    await expect(
      world.rows(
        `INSERT INTO ledger_entry (event_key, account, amount_minor, payment_id, business_date)
         SELECT event_key, account, amount_minor, payment_id, business_date FROM ledger_entry WHERE payment_id = $1`,
        [payment.id],
      ),
    ).rejects.toMatchObject({ code: "23505", constraint: "ledger_entry_event_key_account_key" });
  });

  test("to change what identifies a payment", async () => {
    const { payment } = await approved();
    for (const change of ["amount_minor = 1", "order_id = 'other-order'", "trace_no = 'another'"])
      await expect(
        world.rows(`UPDATE payment SET ${change} WHERE id = $1`, [payment.id]),
      ).rejects.toMatchObject({ code: "23514" });
  });

  const insertCancel = (payment: Payment) =>
    world.rows(
      `INSERT INTO payment_cancel (id, payment_id, mall_id, status, origin, actor_id, amount_minor, tax_free_minor, vat_minor,
         balance_before_minor, reason, trace_no, lease_until, requested_at, trace_id)
       VALUES ($1, $2, $3, 'REQUESTED', 'API', 'x', 100, 0, 9, 10000, 'x', $1, now(), now(), 't')`,
      [`cxl_${randomUUID()}`, payment.id, world.mallId],
    );
});
