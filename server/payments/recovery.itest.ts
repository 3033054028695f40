import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parkDeadLetter } from "#server/dead-letters/park-dead-letter.ts";
import { resolveDeadLetter } from "#server/dead-letters/resolve-dead-letter.ts";
import { runMessage, type Workshop, work } from "#server/outbox/run-message.ts";
import { wakeWaiting } from "#server/outbox/wake-waiting.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import type { Payment } from "#server/payments/domain/payment.ts";
import { netCancelJob, recoverCancelJob } from "#server/payments/payment-jobs.ts";
import { readPaymentOfOrder } from "#server/payments/read-payment.ts";
import { recoverCancel } from "#server/payments/recover-cancel.ts";
import { reportOrphan } from "#server/payments/report-orphan.ts";
import { resolvePayment } from "#server/payments/resolve-payment.ts";
import { reverseOrphan } from "#server/payments/reverse-orphan.ts";
import type { Context } from "#server/platform/context.ts";
import type { SqlPool } from "#server/platform/db.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ redis: false });
});
afterAll(() => world.close());
beforeEach(() => {
  for (const steps of Object.values(world.van.next)) steps.length = 0;
});

const workshop: Workshop = {
  registry: new Map(
    [work(netCancelJob, resolvePayment), work(recoverCancelJob, recoverCancel)].map((entry) => [
      entry.job.name,
      entry,
    ]),
  ),
  afterlife: { park: parkDeadLetter, resolve: resolveDeadLetter },
};
const attempt = (n: number) => ({ attempt: n, messageId: 1n, traceId: null });
const codeOf = (reply: { body: string }) => (JSON.parse(reply.body) as { code: string }).code;
const stateOf = async (orderId: string) =>
  (await readPaymentOfOrder(world.ctx, { mallId: world.mallId, orderId })).payment;

/** A payment whose approval got no answer and whose immediate net cancel did not help. */
async function unknownPayment(step: "timeout" | "timeout_but_done" | "timeout_but_declined") {
  const command = anApproval(world);
  world.van.next.approve.push(step);
  world.van.next.netCancel.push("timeout");
  expect(codeOf(await approvePayment(world.ctx, command))).toBe("PAYMENT_RESULT_UNKNOWN");
  return { command, payment: await stateOf(command.orderId) };
}

async function approved() {
  const command = anApproval(world);
  await approvePayment(world.ctx, command);
  return { command, payment: await stateOf(command.orderId) };
}

const cancelOf = (ctx: Context, payment: Payment, amountMinor: bigint) =>
  cancelPayment(ctx, {
    paymentId: payment.id,
    mallId: world.mallId,
    origin: "API",
    actor: { type: "mall", id: world.mallId },
    reason: "고객 요청",
    amountMinor,
    idempotency: {
      method: "POST",
      path: `/api/v1/payments/${payment.id}/cancel`,
      key: randomUUID(),
      requestHash: world.ctx.keys.fingerprintRequest(String(amountMinor)),
    },
    locale: "ko",
    traceId: "t",
  });

const messageOf = async (payment: Payment, jobName: string) => {
  const [message] = await world.rows<{
    id: bigint;
    attempts: number;
    waitsFor: string | null;
    isDead: boolean;
    waitMs: number;
  }>(
    `SELECT id, attempts, waits_for AS "waitsFor", dead_at IS NOT NULL AS "isDead",
       extract(epoch FROM available_at - now())::float8 * 1000 AS "waitMs"
     FROM outbox_message WHERE subject_id = $1 AND job_name = $2 AND done_at IS NULL`,
    [payment.id, jobName],
  );
  if (!message) throw new Error(`there is a ${jobName} message of ${payment.id}`);
  return message;
};

const makeDue = (id: bigint) =>
  world.rows(`UPDATE outbox_message SET available_at = now() - interval '1 second' WHERE id = $1`, [id]);

describe("a VAN that cannot be reached", () => {
  test("uses up no try of a net cancel: 30 rounds later the job still waits, and its return makes it due", async () => {
    const { payment, command } = await unknownPayment("timeout_but_done");
    const { id } = await messageOf(payment, "net-cancel");
    for (let round = 0; round < 30; round++) {
      world.van.next.inquire.push("not_sent");
      world.van.next.netCancel.push("not_sent");
      await makeDue(id);
      await runMessage(world.ctx, workshop, id);
    }
    const waiting = await messageOf(payment, "net-cancel");
    expect(waiting).toMatchObject({ attempts: 0, waitsFor: "van:SBX1", isDead: false });

    await world.rows(`UPDATE outbox_message SET available_at = now() + interval '1 hour' WHERE id = $1`, [
      id,
    ]);
    expect(await wakeWaiting(world.ctx.sql, "van:SBX2")).toBe(0);
    expect(await wakeWaiting(world.ctx.sql, "van:SBX1")).toBe(1);
    const woken = await messageOf(payment, "net-cancel");
    expect(woken.waitMs).toBeLessThan(20_001);
    expect(woken.waitsFor).toBeNull();

    await makeDue(id);
    await runMessage(world.ctx, workshop, id);
    expect((await stateOf(command.orderId)).status).toBe("NET_CANCELED");
    expect(world.van.liveMinor(command.orderId)).toBe(0n);
  });

  test("is waited for no longer than the VAN accepts net cancels; then the tries count", async () => {
    const { payment } = await unknownPayment("timeout_but_done");
    const later = { ...world.ctx, now: () => new Date(Date.now() + 2 * 60 * 60 * 1000) };
    world.van.next.inquire.push("not_sent", "not_sent", "not_sent");
    await expect(resolvePayment(later, { paymentId: payment.id }, attempt(1))).resolves.toMatchObject({
      kind: "again",
    });
    await expect(resolvePayment(later, { paymentId: payment.id }, attempt(3))).resolves.toMatchObject({
      kind: "dead",
      reason: "VAN_UNREACHABLE",
    });
  });
});

describe("the net-cancel job asks first", () => {
  test("what the VAN declined is settled without a net cancel", async () => {
    const { payment, command } = await unknownPayment("timeout_but_declined");
    const before = world.van.countOf("net_cancel", command.orderId);
    await resolvePayment(world.ctx, { paymentId: payment.id }, attempt(1));
    expect((await stateOf(command.orderId)).status).toBe("NET_CANCELED");
    expect(world.van.countOf("net_cancel", command.orderId)).toBe(before);
  });

  test("what an unanswered net cancel had reversed is settled without another", async () => {
    const command = anApproval(world);
    world.van.next.approve.push("timeout_but_done");
    world.van.next.netCancel.push("timeout_but_done");
    await approvePayment(world.ctx, command);
    const payment = await stateOf(command.orderId);
    expect(payment.status).toBe("UNKNOWN");
    await resolvePayment(world.ctx, { paymentId: payment.id }, attempt(1));
    expect((await stateOf(command.orderId)).status).toBe("NET_CANCELED");
    expect(world.van.countOf("net_cancel", command.orderId)).toBe(1);
  });

  test("an inquiry without an answer does not hold the net cancel up", async () => {
    const { payment, command } = await unknownPayment("timeout_but_done");
    world.van.next.inquire.push("timeout");
    await resolvePayment(world.ctx, { paymentId: payment.id }, attempt(1));
    expect((await stateOf(command.orderId)).status).toBe("NET_CANCELED");
    expect(world.van.liveMinor(command.orderId)).toBe(0n);
  });
});

describe("money found live after its payment had ended", () => {
  test("that the VAN has acquired meanwhile is given back by a normal cancel", async () => {
    const { payment, command } = await unknownPayment("timeout_but_done");
    await world.rows(`UPDATE payment SET status = 'NET_CANCELED', version = version + 1 WHERE id = $1`, [
      payment.id,
    ]);
    await reportOrphan(world.ctx, payment, "inquiry");
    await reportOrphan(world.ctx, payment, "inquiry");
    const orphans = await world.rows<{ id: bigint; state: string }>(
      `SELECT id, state FROM van_orphan WHERE payment_id = $1`,
      [payment.id],
    );
    expect(orphans).toMatchObject([{ state: "OPEN" }]);
    world.van.next.netCancel.push("already_acquired");
    const job = { orphanId: String(orphans[0]?.id) };
    expect(await reverseOrphan(world.ctx, job, attempt(1))).toEqual({ kind: "done" });
    expect(world.van.liveMinor(command.orderId)).toBe(0n);
    expect(await world.rows(`SELECT state FROM van_orphan WHERE payment_id = $1`, [payment.id])).toEqual([
      { state: "REVERSED" },
    ]);
    expect((await stateOf(command.orderId)).status).toBe("NET_CANCELED");
    expect(
      await world.rows(`SELECT kind, closed_how AS "closedHow" FROM incident WHERE payment_id = $1`, [
        payment.id,
      ]),
    ).toEqual([{ kind: "VAN_ORPHAN", closedHow: "reversed" }]);
  });
});

describe("a cancel that the VAN calls done already", () => {
  test("is ours when the VAN knows our trace number", async () => {
    const { payment, command } = await approved();
    world.van.next.cancel.push("timeout");
    const unknown = (await cancelOf(world.ctx, payment, 4_000n)) as { cancel: { id: string } };
    // The first message arrives at last, between our inquiry and our second sending.
    const inquire = world.van.inquire.bind(world.van);
    let asked = 0;
    const van = Object.assign(Object.create(world.van), {
      inquire: async (request: Parameters<typeof inquire>[0]) => {
        asked++;
        const answer = await inquire(request);
        if (asked === 1) {
          const approval = world.van.approvals.get(payment.traceNo);
          if (approval) approval.canceledMinor += 4_000n;
          world.van.cancels.set(request.traceNo, 4_000n);
        }
        return answer;
      },
    });
    world.van.next.cancel.push("already_canceled");
    const ctx = { ...world.ctx, vans: new Map([["SBX1", van]]) };
    expect(await recoverCancel(ctx, { cancelId: unknown.cancel.id }, attempt(1))).toEqual({ kind: "done" });
    expect(await stateOf(command.orderId)).toMatchObject({
      status: "PARTIAL_CANCELED",
      canceledMinor: 4_000n,
      reservedMinor: 0n,
    });
    expect(world.van.liveMinor(command.orderId)).toBe(6_000n);
  });

  test("is a person's business when the VAN knows no cancel of ours: the amount stays set aside", async () => {
    const { payment, command } = await approved();
    world.van.next.cancel.push("timeout");
    const unknown = (await cancelOf(world.ctx, payment, 4_000n)) as { cancel: { id: string } };
    world.van.next.cancel.push("already_canceled");
    expect(await recoverCancel(world.ctx, { cancelId: unknown.cancel.id }, attempt(1))).toMatchObject({
      kind: "dead",
      reason: "VAN_MISMATCH",
    });
    expect(await stateOf(command.orderId)).toMatchObject({
      status: "CANCEL_PENDING",
      reservedMinor: 4_000n,
    });
  });
});

/** A pool whose connection breaks once, at the statement of that name, after or before the server has committed it. */
function breakingAt(sql: SqlPool, name: string, when: "after" | "before"): SqlPool {
  let broken = false;
  return {
    ...sql,
    async run(statement, values) {
      const breaks = statement.name === name && !broken;
      if (breaks) broken = true;
      if (breaks && when === "before") throw lostConnection();
      const rows = await sql.run(statement, values);
      if (breaks) throw lostConnection();
      return rows as never;
    },
  };
}

const lostConnection = () =>
  Object.assign(new Error("Connection terminated unexpectedly"), { code: "08006" });

describe("a connection that breaks at a commit", () => {
  test("that opened the payment: it is read again and the approval goes on", async () => {
    const command = anApproval(world);
    const ctx = { ...world.ctx, sql: breakingAt(world.ctx.sql, "payment-open", "after") };
    expect((await approvePayment(ctx, command)).status).toBe(200);
    expect(await stateOf(command.orderId)).toMatchObject({ status: "DONE" });
    expect(world.van.countOf("approve", command.orderId)).toBe(1);
  });

  test("that would have opened it: nothing is there, no VAN was asked, the same key starts anew", async () => {
    const command = anApproval(world);
    const ctx = { ...world.ctx, sql: breakingAt(world.ctx.sql, "payment-open", "before") };
    await expect(approvePayment(ctx, command)).rejects.toMatchObject({
      code: "IDEMPOTENCY_STORE_UNAVAILABLE",
    });
    expect(world.van.countOf("approve", command.orderId)).toBe(0);
    expect((await approvePayment(world.ctx, command)).status).toBe(200);
  });

  test.each(["after", "before"] as const)(
    "of the VAN's answer, %s the server took it: one booking, one exchange, DONE is told",
    async (when) => {
      const command = anApproval(world);
      const ctx = { ...world.ctx, sql: breakingAt(world.ctx.sql, "payment-move", when) };
      expect((await approvePayment(ctx, command)).status).toBe(200);
      const payment = await stateOf(command.orderId);
      expect(payment.status).toBe("DONE");
      const exchanges = await world.rows(`SELECT 1 FROM van_exchange WHERE payment_id = $1`, [payment.id]);
      expect(exchanges).toHaveLength(1);
      const entries = await world.rows(`SELECT 1 FROM ledger_entry WHERE payment_id = $1`, [payment.id]);
      expect(entries).toHaveLength(2);
      expect(await world.rows(`SELECT 1 FROM event WHERE subject_id = $1`, [payment.id])).toHaveLength(1);
    },
  );

  test("that set a cancel's amount aside: it is read again and the cancel goes on, once", async () => {
    const { payment, command } = await approved();
    const ctx = { ...world.ctx, sql: breakingAt(world.ctx.sql, "payment-open-cancel", "after") };
    expect(await cancelOf(ctx, payment, 4_000n)).toMatchObject({ result: "succeeded" });
    expect(await stateOf(command.orderId)).toMatchObject({ canceledMinor: 4_000n, reservedMinor: 0n });
    expect(world.van.countOf("cancel", command.orderId)).toBe(1);
  });
});

test("a cancel whose handler was paused past its lease is not sent", async () => {
  const { payment, command } = await approved();
  let paused = false;
  const sql: SqlPool = {
    ...world.ctx.sql,
    async run(statement, values) {
      const rows = await world.ctx.sql.run(statement, values);
      if (statement.name === "payment-open-cancel") paused = true;
      return rows as never;
    },
  };
  const ctx = { ...world.ctx, sql, monotonicMs: () => performance.now() + (paused ? 60_000 : 0) };
  expect(await cancelOf(ctx, payment, 4_000n)).toMatchObject({ result: "failed" });
  expect(world.van.countOf("cancel", command.orderId)).toBe(0);
  expect(await stateOf(command.orderId)).toMatchObject({ status: "DONE", reservedMinor: 0n });
});
