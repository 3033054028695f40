import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Prisma } from "#prisma/generated/client.ts";
import { parkDeadLetter } from "#server/dead-letters/park-dead-letter.ts";
import { resolveDeadLetter } from "#server/dead-letters/resolve-dead-letter.ts";
import { runMessage, type Workshop, work } from "#server/outbox/run-message.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { assignUnresolved } from "#server/payments/assign-unresolved.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import { hastenRecovery } from "#server/payments/hasten-recovery.ts";
import { inquireUnresolved } from "#server/payments/inquire-unresolved.ts";
import { netCancelJob, recoverCancelJob, reverseOrphanJob } from "#server/payments/payment-jobs.ts";
import { readPaymentOfOrder } from "#server/payments/read-payment.ts";
import { recoverCancel } from "#server/payments/recover-cancel.ts";
import { releaseUnresolved } from "#server/payments/release-unresolved.ts";
import { reportOrphan } from "#server/payments/report-orphan.ts";
import { resolvePayment } from "#server/payments/resolve-payment.ts";
import { reverseOrphan } from "#server/payments/reverse-orphan.ts";
import type { UnresolvedCursor, UnresolvedFilter } from "#server/payments/unresolved.schemas.ts";
import {
  countHandedOver,
  countUnresolved,
  readUnresolvedOutcomes,
  searchUnresolved,
  summarizeUnresolved,
  unresolvedRowsSql,
} from "#server/payments/unresolved-queries.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  await world.rows(
    `INSERT INTO operator (id, email, name, role, password_hash) SELECT id, id || '@paydeck.test', name, 'OPERATOR', 'x' FROM (VALUES ('op_one', '김하나'), ('op_two', '이두리')) AS o (id, name)`,
  );
});
afterAll(() => world.close());
beforeEach(async () => {
  for (const steps of Object.values(world.van.next)) steps.length = 0;
});

const workshop: Workshop = {
  registry: new Map(
    [
      work(netCancelJob, resolvePayment),
      work(recoverCancelJob, recoverCancel),
      work(reverseOrphanJob, reverseOrphan),
    ].map((entry) => [entry.job.name, entry]),
  ),
  afterlife: { park: parkDeadLetter, resolve: resolveDeadLetter },
};
const one = { type: "operator", id: "op_one" } as const;
const two = { type: "operator", id: "op_two" } as const;
const everything: UnresolvedFilter = { kind: [], van: [], mall: [], age: [], deadline: [] };

const stateOf = async (orderId: string) =>
  (await readPaymentOfOrder(world.ctx, { mallId: world.mallId, orderId })).payment;

/** A payment whose approval got no answer and whose immediate net cancel did not help; its job waits for an hour. */
async function anUnknown(step: "timeout" | "timeout_but_done" | "timeout_but_declined" = "timeout_but_done") {
  const { orderId } = await approveWith(step);
  const payment = await stateOf(orderId);
  expect(payment.status).toBe("UNKNOWN");
  await postpone(payment.id);
  return payment;
}

async function approveWith(step: "timeout" | "timeout_but_done" | "timeout_but_declined" | undefined) {
  const command = anApproval(world);
  if (step) {
    world.van.next.approve.push(step);
    world.van.next.netCancel.push("timeout");
  }
  await approvePayment(world.ctx, command);
  return command;
}

/** A cancel whose VAN did not answer; its job waits for an hour. */
async function anUnknownCancel(step: "timeout" | "timeout_but_done") {
  const { orderId } = await approveWith(undefined);
  const approved = await stateOf(orderId);
  world.van.next.cancel.push(step);
  const { cancel } = await cancelPayment(world.ctx, {
    paymentId: approved.id,
    mallId: world.mallId,
    origin: "CONSOLE",
    actor: one,
    reason: "고객 요청",
    amountMinor: 4_000n,
    locale: "ko",
    traceId: "t",
  });
  await postpone(approved.id);
  return { payment: await stateOf(orderId), cancel };
}

const postpone = (paymentId: string) =>
  world.rows(
    `UPDATE outbox_message SET available_at = now() + interval '1 hour', attempts = 2 WHERE subject_id = $1 AND done_at IS NULL AND job_name <> 'follow-up-inquiry'`,
    [paymentId],
  );

const inquire = async (subjectId: string, ctx = world.ctx) =>
  (await inquireUnresolved(ctx, { subjectIds: [subjectId], actor: one, traceId: "t" }))[0];
const hasten = (subjectId: string, actor: typeof one | typeof two = one, ctx = world.ctx) =>
  hastenRecovery(ctx, { subjectId, actor, traceId: "t" });

/** What a worker does with the due recovery jobs of a payment. */
async function runDue(paymentId: string, ctx = world.ctx) {
  const due = await world.rows<{ id: bigint }>(
    `SELECT id FROM outbox_message WHERE subject_id = $1 AND done_at IS NULL AND dead_at IS NULL AND available_at <= now() AND job_name <> 'follow-up-inquiry'`,
    [paymentId],
  );
  for (const { id } of due) await runMessage(ctx, workshop, id);
  return due.length;
}
const jobOf = async (paymentId: string) =>
  (
    await world.rows<{ attempts: number; isDue: boolean }>(
      `SELECT attempts, available_at <= now() AS "isDue" FROM outbox_message WHERE subject_id = $1 AND done_at IS NULL AND dead_at IS NULL AND job_name <> 'follow-up-inquiry'`,
      [paymentId],
    )
  )[0];
const audited = (paymentId: string, action: string) =>
  world.rows<{ actorId: string }>(
    `SELECT actor_id AS "actorId" FROM audit_log WHERE target_id = $1 AND action = $2`,
    [paymentId, action],
  );
const rowOf = async (subjectId: string) =>
  (await searchUnresolved(world.ctx.db, { filter: everything, limit: 100 }, new Date())).rows.find(
    (row) => row.subjectId === subjectId,
  );

describe("an inquiry", () => {
  test("that finds the money live says that a net cancel follows, and moves nothing", async () => {
    const payment = await anUnknown();
    expect(await inquire(payment.id)).toMatchObject({
      kind: "answered",
      answer: { kind: "found", state: "approved", amountMinor: 10_000n },
      decision: { step: "NET_CANCEL", why: "LIVE" },
    });
    expect(await stateOf(payment.orderId)).toMatchObject({ status: "UNKNOWN", version: payment.version });
    expect(await jobOf(payment.id)).toEqual({ attempts: 2, isDue: false });
    expect(await audited(payment.id, "payment.inquired")).toEqual([{ actorId: "op_one" }]);
    expect((await rowOf(payment.id))?.exchange).toMatchObject({ operation: "INQUIRY", outcome: "approved" });
  });

  test("that finds nothing, or gets no answer, says so", async () => {
    const payment = await anUnknown("timeout");
    expect(await inquire(payment.id)).toMatchObject({
      answer: { kind: "not_found" },
      decision: { step: "NET_CANCEL", why: "NOT_FOUND" },
    });
    world.van.next.inquire.push("timeout", "not_sent");
    expect(await inquire(payment.id)).toMatchObject({ answer: { kind: "silent" } });
    expect(await inquire(payment.id)).toMatchObject({ answer: { kind: "unreachable" } });
    const late = { ...world.ctx, now: () => new Date(Date.now() + 2 * 60 * 60 * 1000) };
    world.van.next.inquire.push("timeout");
    expect(await inquire(payment.id, late)).toMatchObject({
      decision: { step: "PERSON", why: "SILENT_AFTER_DEADLINE" },
    });
  });

  test("about a cancel asks for that cancel", async () => {
    const undone = await anUnknownCancel("timeout");
    expect(await inquire(undone.cancel.id)).toMatchObject({
      decision: { step: "CANCEL_AGAIN", why: "NOT_CANCELED" },
    });
    const made = await anUnknownCancel("timeout_but_done");
    expect(await inquire(made.cancel.id)).toMatchObject({
      answer: { kind: "found", state: "canceled", amountMinor: 4_000n },
      decision: { step: "CLOSE", why: "CANCELED" },
    });
  });

  test("about what has ended, or never was, asks nobody", async () => {
    const { orderId } = await approveWith(undefined);
    const payment = await stateOf(orderId);
    expect(await inquire(payment.id)).toEqual({ subjectId: payment.id, kind: "resolved" });
    expect(await inquire("pay_00000000000000000000000000")).toMatchObject({ kind: "not_found" });
    expect(world.van.countOf("inquire", orderId)).toBe(0);
  });
});

describe("a click on what follows", () => {
  test("runs the recovery now, without using up one of its tries", async () => {
    const payment = await anUnknown();
    expect(await hasten(payment.id)).toBe("started");
    expect(await jobOf(payment.id)).toEqual({ attempts: 1, isDue: true });
    await runDue(payment.id);
    expect(await stateOf(payment.orderId)).toMatchObject({ status: "NET_CANCELED" });
    expect(world.van.liveMinor(payment.orderId)).toBe(0n);
    expect(await audited(payment.id, "payment.recovery_hastened")).toEqual([{ actorId: "op_one" }]);
    expect(await hasten(payment.id)).toBe("resolved");
  });

  test("decides nothing against the VAN: what it has declined is closed, what it cancelled is not cancelled twice", async () => {
    const declined = await anUnknown("timeout_but_declined");
    await hasten(declined.id);
    await runDue(declined.id);
    expect(await stateOf(declined.orderId)).toMatchObject({ status: "NET_CANCELED" });
    expect(world.van.countOf("net_cancel", declined.orderId)).toBe(1);

    const { payment, cancel } = await anUnknownCancel("timeout_but_done");
    expect(await hasten(cancel.id)).toBe("started");
    await runDue(payment.id);
    expect(await stateOf(payment.orderId)).toMatchObject({
      status: "PARTIAL_CANCELED",
      canceledMinor: 4_000n,
    });
    expect(world.van.liveMinor(payment.orderId)).toBe(6_000n);
    expect(world.van.countOf("cancel", payment.orderId)).toBe(1);
  });

  test("after the deadline gives the money back by a normal cancel", async () => {
    const payment = await anUnknown();
    const late = { ...world.ctx, now: () => new Date(Date.now() + 2 * 60 * 60 * 1000) };
    expect(await inquire(payment.id, late)).toMatchObject({
      decision: { step: "CANCEL_INSTEAD", why: "LIVE_AFTER_DEADLINE" },
    });
    const netCancels = world.van.countOf("net_cancel", payment.orderId);
    expect(await hasten(payment.id, one, late)).toBe("started");
    await runDue(payment.id, late);
    expect(await stateOf(payment.orderId)).toMatchObject({ status: "NET_CANCELED" });
    expect(world.van.liveMinor(payment.orderId)).toBe(0n);
    expect(world.van.countOf("net_cancel", payment.orderId)).toBe(netCancels);
  });

  test("of a VAN that stays silent leaves it as unknown as it was", async () => {
    const payment = await anUnknown();
    world.van.next.inquire.push("timeout");
    world.van.next.netCancel.push("timeout");
    await hasten(payment.id);
    await runDue(payment.id);
    expect(await stateOf(payment.orderId)).toMatchObject({ status: "UNKNOWN" });
    expect(await jobOf(payment.id)).toMatchObject({ attempts: 2 });
  });

  test("by two operators at once, beside a worker that is at it already, gives the money back once", async () => {
    const payment = await anUnknown();
    const results = await Promise.all([hasten(payment.id, one), hasten(payment.id, two)]);
    expect(results.toSorted()).toEqual(["started", "under_way"]);
    expect(await audited(payment.id, "payment.recovery_hastened")).toHaveLength(1);
    await Promise.all([
      runDue(payment.id),
      runDue(payment.id),
      resolvePayment(world.ctx, { paymentId: payment.id }, { attempt: 1, messageId: 1n, traceId: null }),
    ]);
    expect(await stateOf(payment.orderId)).toMatchObject({
      status: "NET_CANCELED",
      version: payment.version + 1,
    });
    const announced = await world.rows(
      `SELECT 1 FROM event WHERE subject_id = $1 AND type = 'payment.net_canceled'`,
      [payment.id],
    );
    expect(announced).toHaveLength(1);
  });

  test("sends again what gave up as a dead letter, and writes the job that is missing", async () => {
    const dead = await anUnknown();
    await world.rows(
      `UPDATE outbox_message SET available_at = date_trunc('milliseconds', now()), attempts = 3 WHERE subject_id = $1 AND done_at IS NULL`,
      [dead.id],
    );
    world.van.next.inquire.push("timeout");
    world.van.next.netCancel.push("timeout");
    const handedOver = await countHandedOver(world.ctx.db, new Date());
    await runDue(dead.id);
    expect(await countHandedOver(world.ctx.db, new Date())).toBe(handedOver + 1);
    expect(await rowOf(dead.id)).toMatchObject({
      job: null,
      deadLetterId: expect.stringMatching(/^dl_/),
      deadTries: 4,
    });
    expect(await hasten(dead.id)).toBe("started");
    // It is being asked about again.
    expect(await countHandedOver(world.ctx.db, new Date())).toBe(handedOver);
    await runDue(dead.id);
    expect(await stateOf(dead.orderId)).toMatchObject({ status: "NET_CANCELED" });

    const forgotten = await anUnknown();
    await world.rows(`DELETE FROM outbox_message WHERE subject_id = $1`, [forgotten.id]);
    expect(await hasten(forgotten.id)).toBe("started");
    await runDue(forgotten.id);
    expect(await stateOf(forgotten.orderId)).toMatchObject({ status: "NET_CANCELED" });
  });

  test("reverses money found live after the end; the payment stays what it is", async () => {
    const payment = await anUnknown("timeout");
    await world.rows(
      `UPDATE van SET processing_window_ms = 0, connect_timeout_ms = 0, approve_timeout_ms = 0`,
    );
    const much = { ...world.ctx, now: () => new Date(Date.now() + 60_000) };
    await hasten(payment.id);
    await runDue(payment.id, much);
    expect(await stateOf(payment.orderId)).toMatchObject({ status: "NET_CANCELED" });
    world.van.approvals.set(payment.traceNo, {
      orderId: payment.orderId,
      amountMinor: 10_000n,
      state: "live",
      canceledMinor: 0n,
    });
    await reportOrphan(world.ctx, await stateOf(payment.orderId), "inquiry");
    await postpone(payment.id);
    const page = await searchUnresolved(
      world.ctx.db,
      { filter: { ...everything, kind: ["ORPHAN"] }, limit: 10 },
      new Date(),
    );
    const [orphan] = page.rows;
    expect(orphan).toMatchObject({ paymentId: payment.id, kind: "ORPHAN", paymentStatus: "NET_CANCELED" });
    const subjectId = orphan?.subjectId ?? "";
    expect(await inquire(subjectId)).toMatchObject({ decision: { step: "REVERSE", why: "LIVE" } });
    expect(await hasten(subjectId)).toBe("started");
    await runDue(payment.id);
    expect(world.van.liveMinor(payment.orderId)).toBe(0n);
    expect(await readUnresolvedOutcomes(world.ctx.db, [subjectId])).toEqual([
      { subjectId, isOpen: false, paymentStatus: "NET_CANCELED", cancelStatus: null },
    ]);
  });
});

describe("who has it in hand", () => {
  test("is one operator: of two who take it at once one is refused, and the other's click is left alone", async () => {
    const payment = await anUnknown();
    const take = (actor: typeof one | typeof two, from: string | null = null) =>
      assignUnresolved(world.ctx, { subjectId: payment.id, from, actor, traceId: "t" });
    const taken = await Promise.allSettled([take(one), take(two)]);
    expect(taken.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const holder = taken[0]?.status === "fulfilled" ? one : two;
    const other = holder === one ? two : one;
    expect(await rowOf(payment.id)).toMatchObject({ assignment: { operatorId: holder.id } });
    expect(await hasten(payment.id, other)).toBe("in_other_hands");
    expect(await jobOf(payment.id)).toMatchObject({ isDue: false });

    await expect(
      releaseUnresolved(world.ctx, { subjectId: payment.id, note: "x", actor: other, traceId: "t" }),
    ).rejects.toMatchObject({ code: "ASSIGNED_TO_OTHER" });
    await expect(take(other, other.id)).rejects.toMatchObject({ code: "ASSIGNED_TO_OTHER" });
    await take(other, holder.id);
    const note = "VAN에 전화해서 확인 중";
    await releaseUnresolved(world.ctx, { subjectId: payment.id, note, actor: other, traceId: "t" });
    expect(await rowOf(payment.id)).toMatchObject({ assignment: { operatorId: null, note } });
    expect(await audited(payment.id, "payment.unresolved_assigned")).toHaveLength(2);
    expect(await audited(payment.id, "payment.unresolved_released")).toEqual([{ actorId: other.id }]);
    expect(await hasten(payment.id, holder)).toBe("started");
  });
});

describe("the list", () => {
  test("has what can still be net-cancelled first, by its deadline, then the longest unknown, page by page, and its counts are those of its rows", async () => {
    const { cancel } = await anUnknownCancel("timeout");
    const tooLate = await anUnknown();
    const open = [await anUnknown(), await anUnknown(), await anUnknown()];
    // Its deadline is over, yet it is younger than the cancel: it comes after it, and both after all that can be saved.
    const age = async (table: "payment" | "payment_cancel", id: string | undefined, minutes: number) => {
      // Otherwise a trigger keeps when it was asked for.
      await world.rows(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
      await world.rows(
        `UPDATE ${table} SET requested_at = requested_at - $2::int * interval '1 minute' WHERE id = $1`,
        [id, minutes],
      );
      await world.rows(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
    };
    await age("payment_cancel", cancel.id, 300);
    await age("payment", tooLate.id, 120);
    // The oldest of these is the nearest to its deadline.
    await age("payment", open[2]?.id, 30);
    const now = new Date();
    const all = (await searchUnresolved(world.ctx.db, { filter: everything, limit: 100 }, now)).rows;
    const ids = all.map((row) => row.subjectId);
    expect(ids[0]).toBe(open[2]?.id);
    expect(ids.indexOf(open[0]?.id ?? "")).toBeLessThan(ids.indexOf(open[1]?.id ?? ""));
    const firstOther = all.findIndex((row) => row.deadlineAt === null || row.deadlineAt <= now);
    const saved = all.slice(0, firstOther).map((row) => row.deadlineAt?.getTime() ?? 0);
    expect(saved).toEqual(saved.toSorted((a, b) => a - b));
    const others = all.slice(firstOther);
    expect(others.every((row) => row.deadlineAt === null || row.deadlineAt <= now)).toBe(true);
    expect(others.slice(0, 2).map((row) => row.subjectId)).toEqual([cancel.id, tooLate.id]);
    expect(others.map((row) => row.since.getTime())).toEqual(
      others.map((row) => row.since.getTime()).toSorted((a, b) => a - b),
    );
    const paged: string[] = [];
    for (let cursor: UnresolvedCursor | undefined, more = true; more; ) {
      const page = await searchUnresolved(
        world.ctx.db,
        { filter: everything, limit: 2, ...(cursor && { cursor }) },
        // Deadlines pass while somebody turns the pages; no row is skipped or shown twice for it.
        new Date(now.getTime() + paged.length * 20 * 60_000),
      );
      paged.push(...page.rows.map((row) => row.subjectId));
      cursor = page.nextCursor ?? undefined;
      more = cursor !== undefined;
    }
    expect(paged).toEqual(all.map((row) => row.subjectId));

    const summary = await summarizeUnresolved(world.ctx.db, everything, now);
    expect(summary).toMatchObject({
      count: all.length,
      oldestSince: others[0]?.since,
      passedCount: others.filter((row) => row.deadlineAt !== null).length,
    });
    expect(await countUnresolved(world.ctx.db, now)).toBe(all.length);
    for (const facet of ["kind", "van", "mall", "age"] as const) {
      expect(summary.facets[facet].reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
    }
    const cancels = await searchUnresolved(
      world.ctx.db,
      { filter: { ...everything, kind: ["CANCEL"] }, limit: 100 },
      now,
    );
    expect(cancels.rows.length).toBe(summary.facets.kind.find(({ value }) => value === "CANCEL")?.count);
    expect(cancels.rows.every((row) => row.deadlineAt === null && row.kind === "CANCEL")).toBe(true);
    const old = await searchUnresolved(
      world.ctx.db,
      { filter: { ...everything, age: ["OVER_1_H"] }, limit: 100 },
      now,
    );
    expect(old.rows.map((row) => row.subjectId)).toEqual([cancel.id, tooLate.id]);
  });

  test.each([
    ["all", everything],
    ["those past their deadline", { ...everything, deadline: ["PASSED" as const] }],
  ])("reads only open rows, by their indexes: %s", async (_of, filter) => {
    const cursor = { asOf: new Date(), urgency: 1n, since: new Date(), subjectId: `pay_${"0".repeat(26)}` };
    // With so few rows reading them all may be cheaper; what counts is that an index can serve it when there are many.
    const plan = await world.ctx.db.$transaction(async (tx) => {
      await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
      return tx.$queryRaw<unknown>(
        Prisma.sql`EXPLAIN (FORMAT JSON) ${unresolvedRowsSql({ filter, cursor, limit: 50 }, new Date())}`,
      );
    });
    const text = JSON.stringify(plan);
    expect(text).not.toMatch(/"Seq Scan","[^}]*"Relation Name":"(payment|payment_cancel|van_orphan)"/);
    for (const index of [
      /payment_(status_requested_at_id_idx|sweep)/,
      /payment_cancel_(one_open|sweep)/,
      /van_orphan_open/,
    ])
      expect(text).toMatch(index);
  });

  test("shows the deadline, the tries and when the next one is", async () => {
    const payment = await anUnknown();
    expect(await rowOf(payment.id)).toMatchObject({
      kind: "APPROVAL",
      deadlineAt: new Date(payment.requestedAt.getTime() + 3_600_000),
      because: "timeout",
      job: { tries: 2, isRunning: false },
      triesMax: 3,
      exchange: { operation: "NET_CANCEL", outcome: "unknown" },
    });
  });

  test("is not asked for more than a minute's worth of inquiries", async () => {
    const busy = {
      ...world.ctx,
      redis: { ...world.ctx.redis, try: async <T>() => [[null, 121]] as T },
    };
    await expect(inquire(`pay_${"0".repeat(26)}`, busy)).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
  });
});

test("a fresh cancel that its request is still asking about is not in the list yet", async () => {
  const before = await countUnresolved(world.ctx.db, new Date());
  const { orderId } = await approveWith(undefined);
  const payment = await stateOf(orderId);
  await world.rows(
    `INSERT INTO payment_cancel (id, payment_id, mall_id, status, origin, actor_id, amount_minor, tax_free_minor, vat_minor, balance_before_minor, reason, trace_no, lease_until, requested_at, trace_id)
     VALUES ($1, $2, $3, 'REQUESTED', 'API', $3, 1000, 0, 90, 10000, 'x', $4, now() + interval '20 seconds', now(), 't')`,
    [`cxl_${"0".repeat(26)}`, payment.id, world.mallId, randomUUID().slice(0, 20)],
  );
  expect(await countUnresolved(world.ctx.db, new Date())).toBe(before);
  expect(await countUnresolved(world.ctx.db, new Date(Date.now() + 6_000))).toBe(before + 1);
  expect(await hasten(`cxl_${"0".repeat(26)}`)).toBe("under_way");
});
