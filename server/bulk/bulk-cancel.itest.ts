import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bulkRowsMax, bulkTroubleMax } from "#server/bulk/bulk.values.ts";
import { type BulkSource, bulkSourceSchema } from "#server/bulk/bulk-cancel.schemas.ts";
import { readBulkRows, readBulkRun } from "#server/bulk/bulk-cancel-queries.ts";
import { previewBulkCancel } from "#server/bulk/preview-bulk-cancel.ts";
import { runBulkCancel } from "#server/bulk/run-bulk-cancel.ts";
import { startBulkCancel } from "#server/bulk/start-bulk-cancel.ts";
import { steerBulkCancel } from "#server/bulk/steer-bulk-cancel.ts";
import { writeResultFile } from "#server/bulk/write-result-file.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import { recoverCancel } from "#server/payments/recover-cancel.ts";
import { sweepPayments } from "#server/payments/sweep-payments.ts";
import type { Context } from "#server/platform/context.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
const actor = { type: "operator", id: "op_TEST", ipAddress: null } as const;
/** The same person, as a cancel takes one. */
const canceler = { type: "operator", id: "op_TEST" } as const;
const traceId = randomUUID().replaceAll("-", "");
const attempt = { attempt: 1, messageId: 0n, traceId: null };

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
});
afterAll(() => world.close());
beforeEach(() => {
  world.van.next.cancel.length = 0;
  world.van.next.inquire.length = 0;
});

type Paid = { id: string; orderId: string };
async function pay(amountMinor = 10_000n, orderId = `T-${randomUUID()}`): Promise<Paid> {
  await approvePayment(world.ctx, anApproval(world, { amountMinor, orderId }));
  const [row] = await world.rows<{ id: string }>("SELECT id FROM payment WHERE order_id = $1", [orderId]);
  if (!row) throw new Error("the payment was not written");
  return { id: row.id, orderId };
}
const payMany = (count: number) => Promise.all(Array.from({ length: count }, () => pay()));
const idsOf = (paid: readonly Paid[]): BulkSource => ({ kind: "ids", ids: paid.map(({ id }) => id) });

async function planOf(source: BulkSource) {
  const preview = await previewBulkCancel(world.ctx, source);
  if (preview.kind !== "planned") throw new Error("the source cannot be read");
  return preview.plan;
}

async function start(source: BulkSource, requestKey: string = randomUUID()) {
  const plan = await planOf(source);
  const { runId } = await startBulkCancel(world.ctx, {
    source,
    reason: "행사 취소",
    seen: { digest: plan.digest, count: plan.counts.CANCEL },
    requestKey,
    actor,
    role: "ADMIN",
    traceId,
  });
  return { runId, generation: 1 };
}

/** Lets workers carry on with a run until none of its tries says again; as fast as they can. */
async function carryOn(job: { runId: string; generation: number }, ctx: Context = hasty()): Promise<void> {
  while ((await runBulkCancel(ctx, job)).kind === "again");
}
/** A world in which nobody waits between two rows. */
const hasty = (over: Partial<Context> = {}): Context => ({
  ...world.ctx,
  sleep: async () => undefined,
  ...over,
});

const outcomesOf = async (runId: string) =>
  (await readBulkRows(world.ctx.reports, { runId, after: 0, limit: 500 })).map(({ outcome, code }) =>
    code ? `${outcome} ${code}` : outcome,
  );
const cancelsOf = async ({ id }: Paid) =>
  world.rows<{ status: string }>("SELECT status::text FROM payment_cancel WHERE payment_id = $1", [id]);
const everything = () =>
  world.rows(
    `SELECT (SELECT count(*) FROM payment_event) AS events, (SELECT count(*) FROM payment_cancel) AS cancels, (SELECT count(*) FROM outbox_message) AS jobs,
      (SELECT count(*) FROM audit_log) AS audits, (SELECT count(*) FROM idempotency_key) AS keys, (SELECT max(updated_at) FROM payment) AS touched,
      (SELECT count(*) FROM bulk_cancel_run) AS runs`,
  );
/** What the death of a worker leaves behind, once its leases are over. */
const expireLeases = async () => {
  await world.rows(
    "UPDATE bulk_cancel_row SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL",
  );
  await world.rows(
    "UPDATE payment SET lease_until = now() - interval '1 second' WHERE status = 'CANCEL_PENDING'",
  );
  await world.rows(
    "UPDATE payment_cancel SET lease_until = now() - interval '1 second' WHERE status = 'REQUESTED'",
  );
};

describe("the dry run", () => {
  test("says of each row what a cancel would do, changes nothing and asks no VAN", async () => {
    const [full, partly, gone] = [await pay(11_000n), await pay(11_000n), await pay()];
    await cancelPayment(world.ctx, {
      paymentId: gone.id,
      origin: "CONSOLE",
      actor: canceler,
      reason: "r",
      locale: "ko",
      traceId,
    });
    const before = await everything();
    const calls = world.van.calls.length;
    const text = `주문번호,금액\n${full.orderId},\n${partly.id},"1,100"\n${gone.orderId},\nNO-SUCH-ORDER,\n${full.id},\n`;
    const plan = await planOf({ kind: "csv", text });
    expect(plan.rows.map(({ rowNo, outcome, code }) => [rowNo, outcome, code])).toEqual([
      [3, "ALREADY", "ALREADY_CANCELED_PAYMENT"],
      [4, "NOT_CANCELABLE", "NOT_FOUND_PAYMENT"],
      [5, "NOT_CANCELABLE", "SAME_PAYMENT_TWICE"],
      [1, "CANCEL", null],
      [2, "CANCEL", null],
    ]);
    expect(plan.counts).toEqual({ CANCEL: 2, ALREADY: 1, AMOUNT: 0, NOT_CANCELABLE: 2 });
    expect(plan.totals).toEqual({
      amountMinor: 12_100n,
      taxFreeMinor: 0n,
      vatMinor: 1_100n,
      partial: 1,
      acquired: { count: 0, amountMinor: 0n },
      notAcquired: { count: 2, amountMinor: 12_100n },
    });
    expect(await everything()).toEqual(before);
    expect(world.van.calls.length).toBe(calls);
  });

  test("asks for another amount where the given one cannot be cancelled, and counts by acquisition", async () => {
    const [paid, old] = [await pay(), await pay()];
    const preview = await previewBulkCancel(
      { ...world.ctx, now: () => new Date(Date.now() + 86_400_000) },
      { kind: "csv", text: `${paid.id},10001\n${old.id},\n` },
    );
    if (preview.kind !== "planned") throw new Error("the source cannot be read");
    expect(preview.plan.rows[0]).toMatchObject({ outcome: "AMOUNT", code: "NOT_CANCELABLE_AMOUNT" });
    expect(preview.plan.totals.acquired).toEqual({ count: 1, amountMinor: 10_000n });
  });

  test("takes as many payments of a list as one bulk cancel may hold, and no more", () => {
    const ids = (count: number) =>
      Array.from({ length: count }, (_, n) => `pay_${String(n).padStart(26, "0")}`);
    const isTaken = (count: number) => bulkSourceSchema.safeParse({ kind: "ids", ids: ids(count) }).success;
    expect([isTaken(bulkRowsMax), isTaken(bulkRowsMax + 1), isTaken(0)]).toEqual([true, false, false]);
  });

  test("has no plan for a file with a line that cannot be read", async () => {
    const { orderId } = await pay();
    expect(await previewBulkCancel(world.ctx, { kind: "csv", text: `${orderId},1\n${orderId},x\n` })).toEqual(
      {
        kind: "unreadable",
        errors: [{ line: 2, code: "BAD_AMOUNT", text: `${orderId},x` }],
        errorsTotal: 1,
      },
    );
  });
});

describe("the start", () => {
  test("is refused when anything that was seen has changed", async () => {
    const [paid, other] = await payMany(2);
    if (!paid || !other) throw new Error("two were paid");
    const source = idsOf([paid, other]);
    const plan = await planOf(source);
    await cancelPayment(world.ctx, {
      paymentId: paid.id,
      amountMinor: 1_000n,
      origin: "CONSOLE",
      actor: canceler,
      reason: "r",
      locale: "ko",
      traceId,
    });
    await expect(
      startBulkCancel(world.ctx, {
        source,
        reason: "r",
        seen: { digest: plan.digest, count: 2 },
        requestKey: randomUUID(),
        actor,
        role: "ADMIN",
        traceId,
      }),
    ).rejects.toMatchObject({ code: "STALE_SELECTION" });
  });

  test("is refused when all of it together is more than the role cancels alone", async () => {
    const source = idsOf([await pay(300_000n), await pay(200_001n)]);
    const plan = await planOf(source);
    const command = {
      source,
      reason: "r",
      seen: { digest: plan.digest, count: 2 },
      requestKey: randomUUID(),
      actor,
      traceId,
    };
    await expect(startBulkCancel(world.ctx, { ...command, role: "OPERATOR" })).rejects.toMatchObject({
      code: "APPROVAL_REQUIRED",
      facts: { limit: 500_000, measured: 500_001 },
    });
    expect(
      await world.rows("SELECT 1 FROM bulk_cancel_run WHERE request_key = $1", [command.requestKey]),
    ).toEqual([]);
    expect(await startBulkCancel(world.ctx, { ...command, role: "ADMIN" })).toHaveProperty("runId");
  });

  test("counts what the same person cancelled of these payments before", async () => {
    const paid = await pay(500_001n);
    await cancelPayment(world.ctx, {
      paymentId: paid.id,
      amountMinor: 1_000n,
      origin: "CONSOLE",
      actor: canceler,
      reason: "r",
      locale: "ko",
      traceId,
    });
    const source = idsOf([paid]);
    const plan = await planOf(source);
    await expect(
      startBulkCancel(world.ctx, {
        source,
        reason: "r",
        seen: { digest: plan.digest, count: 1 },
        requestKey: randomUUID(),
        actor,
        role: "OPERATOR",
        traceId,
      }),
    ).rejects.toMatchObject({ code: "APPROVAL_REQUIRED", facts: { measured: 500_001 } });
  });

  test("a second click starts nothing", async () => {
    const source = idsOf(await payMany(2));
    const plan = await planOf(source);
    const command = {
      source,
      reason: "r",
      seen: { digest: plan.digest, count: 2 },
      requestKey: randomUUID(),
      actor,
      role: "ADMIN" as const,
      traceId,
    };
    const [one, two] = await Promise.all([
      startBulkCancel(world.ctx, command),
      startBulkCancel(world.ctx, command),
    ]);
    expect(two).toEqual(one);
    expect(
      await world.rows("SELECT count(*)::int AS n FROM bulk_cancel_run WHERE request_key = $1", [
        command.requestKey,
      ]),
    ).toEqual([{ n: 1 }]);
  });
});

describe("a run", () => {
  test("cancels each payment once with two workers at it", { timeout: 60_000 }, async () => {
    const paid = await payMany(40);
    const job = await start(idsOf(paid));
    await Promise.all([carryOn(job), carryOn(job)]);
    expect(new Set(await outcomesOf(job.runId))).toEqual(new Set(["DONE"]));
    expect(await readBulkRun(world.ctx.reports, job.runId)).toMatchObject({
      state: "FINISHED",
      done: 40,
      doneMinor: 400_000n,
      refused: 0,
      unknown: 0,
    });
    for (const one of paid) {
      expect(world.van.countOf("cancel", one.orderId)).toBe(1);
      expect(world.van.liveMinor(one.orderId)).toBe(0n);
    }
    expect(
      await world.rows("SELECT action FROM audit_log WHERE target_id = $1 ORDER BY seq", [job.runId]),
    ).toEqual([{ action: "bulk_cancel.started" }, { action: "bulk_cancel.finished" }]);
  });

  test("cancels once when a worker dies after the VAN did it and before anything was written", async () => {
    const [paid] = await payMany(1);
    if (!paid) throw new Error("one was paid");
    const job = await start(idsOf([paid]));
    const { van } = world;
    let asked = () => {};
    const wasAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    // The VAN does it and its answer reaches nobody: the worker is gone.
    const dead = new Proxy(van, {
      get: (target, name) =>
        name === "cancel"
          ? async (request: Parameters<typeof van.cancel>[0]) => {
              await target.cancel(request);
              asked();
              return new Promise(() => undefined);
            }
          : Reflect.get(target, name, target),
    });
    void runBulkCancel(hasty({ vans: new Map([[van.code, dead]]) }), job);
    await wasAsked;
    await expireLeases();
    await carryOn(job);
    expect(await outcomesOf(job.runId)).toEqual(["UNKNOWN"]);
    await sweepPayments(world.ctx);
    const [cancel] = await world.rows<{ id: string }>("SELECT id FROM payment_cancel WHERE payment_id = $1", [
      paid.id,
    ]);
    await recoverCancel(world.ctx, { cancelId: cancel?.id ?? "" }, attempt);
    expect(await outcomesOf(job.runId)).toEqual(["DONE"]);
    expect(await cancelsOf(paid)).toEqual([{ status: "SUCCEEDED" }]);
    expect(van.countOf("cancel", paid.orderId)).toBe(1);
  });

  test("cancels once when a worker dies after the cancel and before its row is settled", async () => {
    const [paid] = await payMany(1);
    if (!paid) throw new Error("one was paid");
    const job = await start(idsOf([paid]));
    const sql: Context["sql"] = {
      ...world.ctx.sql,
      run: (statement, values) =>
        ["bulk-row-settle", "bulk-row-return"].includes(statement.name)
          ? Promise.reject(new Error("the worker is gone"))
          : world.ctx.sql.run(statement, values),
    };
    expect(await runBulkCancel(hasty({ sql }), job)).toMatchObject({ kind: "again", countsAsAttempt: false });
    expect(await cancelsOf(paid)).toEqual([{ status: "SUCCEEDED" }]);
    expect(await outcomesOf(job.runId)).toEqual(["RUNNING"]);
    await expireLeases();
    await carryOn(job);
    expect(await outcomesOf(job.runId)).toEqual(["DONE"]);
    expect(await cancelsOf(paid)).toHaveLength(1);
    expect(world.van.countOf("cancel", paid.orderId)).toBe(1);
  });

  test("reports what changed meanwhile and gives back no other amount than was seen", async () => {
    const [canceled, partly, fine] = [await pay(), await pay(), await pay()];
    const job = await start(idsOf([canceled, partly, fine]));
    const about = {
      origin: "API",
      actor: { type: "mall", id: world.mallId },
      reason: "r",
      locale: "ko",
      traceId,
    } as const;
    await cancelPayment(world.ctx, { ...about, paymentId: canceled.id });
    await cancelPayment(world.ctx, { ...about, paymentId: partly.id, amountMinor: 1_000n });
    await carryOn(job);
    expect(await outcomesOf(job.runId)).toEqual([
      "REFUSED ALREADY_CANCELED_PAYMENT",
      "REFUSED CANCELABLE_AMOUNT_MISMATCH",
      "DONE",
    ]);
    expect(world.van.liveMinor(partly.orderId)).toBe(9_000n);
  });

  test("follows a result that was unknown, whatever it becomes", async () => {
    const [first, second] = [await pay(), await pay()];
    world.van.next.cancel.push("timeout_but_done");
    const job = await start(idsOf([first]));
    await carryOn(job);
    world.van.next.cancel.push("timeout");
    const other = await start(idsOf([second]));
    await carryOn(other);
    expect([...(await outcomesOf(job.runId)), ...(await outcomesOf(other.runId))]).toEqual([
      "UNKNOWN",
      "UNKNOWN",
    ]);
    expect(await readBulkRun(world.ctx.reports, job.runId)).toMatchObject({
      state: "FINISHED",
      unknown: 1,
      unknownHandedOver: 0,
      done: 0,
    });
    // Its recovery gives up: nobody asks about it any more.
    await world.rows(
      "UPDATE outbox_message SET dead_at = now() WHERE subject_id = $1 AND job_name = 'recover-cancel'",
      [first.id],
    );
    await world.rows(
      `INSERT INTO dead_letter (id, job_name, job_key, payload, subject_id, payment_id, reason_class, first_error, last_error, attempts)
        VALUES ('dl_bulk', 'recover-cancel', 'dl_bulk', '{}', $1, $1, 'VAN_TIMEOUT', 'e', 'e', 3)`,
      [first.id],
    );
    expect(await readBulkRun(world.ctx.reports, job.runId)).toMatchObject({
      unknown: 1,
      unknownHandedOver: 1,
    });
    world.van.next.cancel.push("refused");
    for (const { id } of [first, second]) {
      const [cancel] = await world.rows<{ id: string }>(
        "SELECT id FROM payment_cancel WHERE payment_id = $1",
        [id],
      );
      await recoverCancel(world.ctx, { cancelId: cancel?.id ?? "" }, attempt);
    }
    expect([...(await outcomesOf(job.runId)), ...(await outcomesOf(other.runId))]).toEqual([
      "DONE",
      "REFUSED VAN_ERROR",
    ]);
    expect(await readBulkRun(world.ctx.reports, job.runId)).toMatchObject({
      unknown: 0,
      unknownHandedOver: 0,
      done: 1,
      doneMinor: 10_000n,
    });
    expect(await readBulkRun(world.ctx.reports, other.runId)).toMatchObject({
      unknown: 0,
      refused: 1,
      doneMinor: 0n,
    });
  });

  test("begins no row while it is paused, goes on after, and leaves what is left when it is stopped", async () => {
    const paid = await payMany(30);
    const job = await start(idsOf(paid));
    const steer = (to: "pause" | "resume" | "stop") =>
      steerBulkCancel(world.ctx, { runId: job.runId, to, actor, traceId });
    expect(await steer("pause")).toEqual({ state: "PAUSED" });
    await carryOn(job);
    expect(await outcomesOf(job.runId)).toEqual(Array.from({ length: 30 }, () => "WAITING"));
    expect(await steer("resume")).toEqual({ state: "RUNNING" });
    // The job from before the pause is of an older generation.
    expect(await runBulkCancel(hasty(), job)).toEqual({ kind: "done" });
    expect(await outcomesOf(job.runId)).toEqual(Array.from({ length: 30 }, () => "WAITING"));
    expect(
      await world.rows("SELECT job_key AS key FROM outbox_message WHERE subject_id = $1 ORDER BY id", [
        job.runId,
      ]),
    ).toEqual([{ key: `run-bulk-cancel:${job.runId}:1` }, { key: `run-bulk-cancel:${job.runId}:2` }]);

    let rows = 0;
    const stopping = hasty({
      sleep: async () => {
        if (++rows === 1) await steer("stop");
      },
    });
    await carryOn({ ...job, generation: 2 }, stopping);
    const outcomes = await outcomesOf(job.runId);
    expect(new Set(outcomes)).toEqual(new Set(["DONE", "NOT_RUN"]));
    expect(await steer("resume")).toEqual({ state: "STOPPED" });
  });

  test.each(["stop", "pause"] as const)(
    "says of a %s that came before a death what the dead had done, and begins nothing",
    async (to) => {
      const paid = await payMany(10);
      const job = await start(idsOf(paid));
      const { van } = world;
      const hangs = () => new Promise<never>(() => undefined);
      let isDead = false;
      let calls = 0;
      // Two rows are cancelled, then nothing is heard of the worker any more.
      const sql: Context["sql"] = {
        ...world.ctx.sql,
        run: (statement, values) =>
          isDead || ["bulk-row-settle", "bulk-row-return"].includes(statement.name)
            ? hangs()
            : world.ctx.sql.run(statement, values),
        transaction: (work) => (isDead ? hangs() : world.ctx.sql.transaction(work)),
      };
      const dying = new Proxy(van, {
        get: (target, name) =>
          name === "cancel"
            ? async (request: Parameters<typeof van.cancel>[0]) =>
                ++calls > 2 ? hangs() : target.cancel(request)
            : Reflect.get(target, name, target),
      });
      void runBulkCancel(hasty({ sql, vans: new Map([[van.code, dying]]) }), job);
      const canceled = () =>
        world.rows("SELECT 1 FROM payment_cancel WHERE payment_id = ANY($1) AND status = 'SUCCEEDED'", [
          paid.map(({ id }) => id),
        ]);
      await expect.poll(async () => (await canceled()).length).toBe(2);
      await expect
        .poll(async () => (await outcomesOf(job.runId)).filter((one) => one === "RUNNING").length)
        .toBe(8);
      await expect.poll(() => calls).toBe(8);
      isDead = true;
      await steerBulkCancel(world.ctx, { runId: job.runId, to, actor, traceId });
      // One was taken, and the worker was gone before it had begun.
      await world.rows(
        `UPDATE bulk_cancel_row SET state = 'RUNNING', taken = 1, lease_until = now() WHERE run_id = $1 AND row_no = 9`,
        [job.runId],
      );
      // While the leases last, it is not known who is gone.
      expect(await runBulkCancel(hasty(), job)).toMatchObject({ kind: "again", countsAsAttempt: false });
      await expireLeases();
      await carryOn(job);
      const outcomes = await outcomesOf(job.runId);
      expect(outcomes.filter((one) => one === "DONE")).toHaveLength(2);
      expect(outcomes.filter((one) => one === "UNKNOWN")).toHaveLength(6);
      expect(outcomes.slice(8)).toEqual(to === "stop" ? ["NOT_RUN", "NOT_RUN"] : ["WAITING", "WAITING"]);
      expect(await readBulkRun(world.ctx.reports, job.runId)).toMatchObject({
        state: to === "stop" ? "STOPPED" : "PAUSED",
        done: 2,
        doneMinor: 20_000n,
        unknown: 6,
      });
      expect(calls).toBe(8);
    },
  );

  test("pauses by itself when the VAN leaves five rows in a row without an answer", async () => {
    const job = await start(idsOf(await payMany(20)));
    world.van.next.cancel.push(...Array.from({ length: 20 }, () => "not_sent" as const));
    await carryOn(job);
    const run = await readBulkRun(world.ctx.reports, job.runId);
    expect(run).toMatchObject({ state: "PAUSED", pausedBecause: "VAN_TROUBLE", done: 0 });
    expect(run?.refused).toBeGreaterThanOrEqual(bulkTroubleMax);
    expect(run?.refused).toBeLessThan(20);
  });
});

test("pauses by itself when it fails again and again to begin its rows", async () => {
  const job = await start(idsOf(await payMany(30)));
  // Each row was begun in vain as often as it may be.
  await world.rows("UPDATE bulk_cancel_row SET taken = 5 WHERE run_id = $1", [job.runId]);
  await carryOn(job);
  const run = await readBulkRun(world.ctx.reports, job.runId);
  expect(run).toMatchObject({ state: "PAUSED", pausedBecause: "OWN_TROUBLE", done: 0 });
  expect(run?.refused).toBeGreaterThanOrEqual(bulkTroubleMax);
  expect(run?.refused).toBeLessThan(30);
  expect((await outcomesOf(job.runId))[0]).toBe("REFUSED INTERNAL_ERROR");
});

test("the result file has a BOM, every row with what became of it, and no formula", async () => {
  const paid = await pay(10_000n, `-${randomUUID()}`.slice(0, 20));
  const job = await start({ kind: "csv", text: `${paid.orderId},\nNO-SUCH-ORDER,` });
  await carryOn(job);
  const bytes = await new Response(
    await writeResultFile(world.ctx, { runId: job.runId, language: "en" }),
  ).bytes();
  const lines = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).split("\r\n");
  expect(lines[0]?.startsWith('\uFEFF"No.","Given"')).toBe(true);
  expect(lines[1]).toContain(
    `"1","'${paid.orderId}","${paid.id}","'${paid.orderId}","한빛서점","10000","Cancelled",""`,
  );
  expect(lines[2]).toContain(`"2","NO-SUCH-ORDER","","","","","Left out","NOT_FOUND_PAYMENT"`);
  await expect(
    writeResultFile(world.ctx, { runId: "bulk_01KAN3S4T5Q2W8XJ6RDN3B7ZC4", language: "en" }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
});
