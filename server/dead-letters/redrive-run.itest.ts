import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { realIds } from "#server/core/ids.ts";
import { deadLetterFilterSchema } from "#server/dead-letters/dead-letter.schemas.ts";
import { freezeRedrive } from "#server/dead-letters/freeze-redrive.ts";
import { parkDeadLetter } from "#server/dead-letters/park-dead-letter.ts";
import { redriveRun } from "#server/dead-letters/redrive-run.ts";
import { listRedriveRuns, listRunLetters, readRedriveRun } from "#server/dead-letters/redrive-run-queries.ts";
import { resolveDeadLetter } from "#server/dead-letters/resolve-dead-letter.ts";
import { writeRedriveResult } from "#server/dead-letters/write-redrive-result.ts";
import type { Context } from "#server/platform/context.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import type { InquiryOutcome, VanGateway } from "#server/van/van-gateway.ts";
import { startRun } from "#server/work-runs/start-run.ts";
import { steerRun } from "#server/work-runs/steer-run.ts";
import { workOnRun } from "#server/work-runs/work-on-run.ts";

let world: TestWorld;
let ctx: Context;
/** Payments whose amount the VAN sees differently: a person must look. */
const wrongAtVan = new Set<string>();

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  ctx = { ...world.ctx, vans: new Map([["SBX1", inquiringVan]]) };
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.rows("TRUNCATE dead_letter, outbox_message, work_run CASCADE");
  wrongAtVan.clear();
});

const exchange = {
  requestBytes: new Uint8Array(),
  responseBytes: null,
  startedAt: new Date(),
  durationMs: 1,
};
const refuse = () => Promise.reject(new Error("a dry run may only inquire"));
const inquiringVan = {
  code: "SBX1",
  approve: refuse,
  cancel: refuse,
  netCancel: refuse,
  async inquire({
    original,
  }: {
    original: { traceNo: string; amountMinor: bigint };
  }): Promise<InquiryOutcome> {
    const amountMinor = wrongAtVan.has(original.traceNo) ? 1n : original.amountMinor;
    return { kind: "found", state: "approved", amountMinor, canceledMinor: 0n, exchange };
  },
} as unknown as VanGateway;

const actor = { type: "operator", id: "op_1", ipAddress: "203.0.113.7" } as const;
const parked = deadLetterFilterSchema.parse({});
const all = { kind: "filter", filter: parked } as const;
const attempt = { attempt: 1, messageId: 1n, traceId: null };
const turn =
  (as: Context = ctx, kind = redriveRun) =>
  (runId: string) =>
    workOnRun([kind])(as, { runId }, attempt);

async function aLetter(over: { status?: "UNKNOWN" | "NET_CANCELED"; wrong?: boolean } = {}) {
  const traceNo = realIds.newTraceNo();
  const payment = await ctx.db.payment.create({
    data: {
      id: realIds.newId("payment"),
      mallId: world.mallId,
      orderId: realIds.newTraceNo(),
      orderName: "=SUM(A1:A9)",
      method: "CARD",
      amountMinor: 64_500n,
      vatMinor: 0n,
      status: over.status ?? "UNKNOWN",
      vanCode: "SBX1",
      traceNo,
      leaseUntil: new Date(),
      requestedAt: new Date(),
      traceId: "0".repeat(32),
    },
  });
  if (over.wrong) wrongAtVan.add(traceNo);
  await park(payment.id);
  return ctx.db.deadLetter.findFirstOrThrow({ where: { paymentId: payment.id } });
}

const park = (
  paymentId: string,
  jobKey = `net-cancel:${paymentId}`,
  lastError = "no answer within 2000 ms",
) =>
  ctx.sql.transaction((sql) =>
    parkDeadLetter({ ids: realIds }, sql, {
      reason: "VAN_TIMEOUT",
      message: {
        jobName: "net-cancel",
        jobKey,
        payload: { paymentId },
        subjectId: paymentId,
        attempts: 6,
        firstError: "no answer within 2000 ms",
        lastError,
        traceId: null,
      },
    }),
  );

const letters = async (count: number) => {
  const made: Awaited<ReturnType<typeof aLetter>>[] = [];
  for (let index = 0; index < count; index++) made.push(await aLetter());
  return made;
};

/** Freezes and previews all that match, as an operator's first click does. */
async function previewed(selection: Parameters<typeof freezeRedrive>[1]["selection"] = all) {
  const { id } = await freezeRedrive(ctx, { selection, operatorId: "op_1", traceId: "t" });
  expect(await turn()(id)).toEqual({ kind: "done" });
  return id;
}

const start = (id: string, itemsPerSecond = 50, failuresToPause: number | null = null) =>
  startRun(ctx, redriveRun, { id, reason: "SBX1 장애 복구", itemsPerSecond, failuresToPause, actor });
const countsOf = async (id: string) => {
  const run = await readRedriveRun(ctx.db, id);
  if (!run) throw new Error(`there is no run ${id}`);
  return { status: run.status, ...run.counts };
};
const sentJobs = async () =>
  (
    await world.rows<{ jobKey: string }>(
      `SELECT job_key AS "jobKey" FROM outbox_message WHERE job_name <> 'work-run'`,
    )
  ).map(({ jobKey }) => jobKey);
const auditsOf = async (action: string, targetId: string) =>
  world.rows<{ actorId: string; detail: Record<string, unknown> }>(
    `SELECT actor_id AS "actorId", detail FROM audit_log WHERE action = $1 AND target_id = $2`,
    [action, targetId],
  );

describe("the preview", () => {
  test("is of a frozen set: what matches later is not in it, and nothing is sent before the start", async () => {
    const first = await letters(3);
    const id = await previewed();
    await letters(2);
    expect(await readRedriveRun(ctx.db, id)).toMatchObject({
      status: "READY",
      itemCount: 3,
      matchingCount: 3,
      previewedCount: 3,
    });
    expect(await sentJobs()).toEqual([]);
    await start(id);
    expect(await turn()(id)).toEqual({ kind: "done" });
    expect((await sentJobs()).sort()).toEqual(first.map(({ jobKey }) => `${jobKey}#redrive-1`).sort());
  });

  test("says what happens: as many are sent, closed and left out as it counted", async () => {
    await letters(4);
    await aLetter({ status: "NET_CANCELED" });
    await aLetter({ status: "NET_CANCELED" });
    const [first, second] = [await aLetter({ wrong: true }), await aLetter({ wrong: true })];
    // The VAN's own answer decides past the deadline only when the amounts are known to differ.
    expect([first.status, second.status]).toEqual(["PARKED", "PARKED"]);
    const id = await previewed();
    const run = await readRedriveRun(ctx.db, id);
    expect(run?.totals).toMatchObject({
      SEND: { count: 4, amountMinor: 258_000n, byJob: { "net-cancel": 4 } },
      CLOSE: { count: 2 },
      PERSON: { count: 2 },
    });
    await start(id);
    await turn()(id);
    expect(await countsOf(id)).toMatchObject({
      status: "FINISHED",
      SENT: 4,
      CLOSED: 2,
      LEFT_OUT: 2,
      WAITING: 0,
    });
    const left = await listRunLetters(ctx.db, { id, states: ["LEFT_OUT"], limit: 10 });
    expect(left.letters).toMatchObject([
      { outcome: "PERSON", why: "AMOUNT_DIFFERS", vanAmountMinor: "1", letterStatus: "PARKED" },
      { outcome: "PERSON", why: "AMOUNT_DIFFERS" },
    ]);
  });

  test("cannot be started before it is ready, twice, or after half an hour", async () => {
    await aLetter();
    const { id } = await freezeRedrive(ctx, { selection: all, operatorId: "op_1", traceId: "t" });
    await expect(start(id)).rejects.toMatchObject({ code: "STALE_SELECTION" });
    await turn()(id);
    await world.rows("UPDATE work_run SET previewed_at = now() - interval '31 minutes'");
    await expect(start(id)).rejects.toMatchObject({ code: "STALE_SELECTION" });
    await world.rows("UPDATE work_run SET previewed_at = now()");
    await start(id);
    await expect(start(id)).rejects.toMatchObject({ code: "STALE_SELECTION" });
    await expect(start("run_missing")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("of nothing is refused", async () => {
    await expect(
      freezeRedrive(ctx, { selection: all, operatorId: "op_1", traceId: "t" }),
    ).rejects.toMatchObject({ code: "STALE_SELECTION" });
  });
});

describe("the run", () => {
  test("a letter that was resolved meanwhile is skipped, one that was sent by another too", async () => {
    const [resolved, sent, open] = await letters(3);
    const id = await previewed();
    await resolveDeadLetter(ctx.sql, { jobKey: resolved?.jobKey ?? "", resolution: "net_canceled" });
    const other = await previewed({ kind: "ids", ids: [sent?.id ?? ""] });
    await start(other);
    await turn()(other);
    await start(id);
    await turn()(id);
    const { letters: rows } = await listRunLetters(ctx.db, { id, states: [], limit: 10 });
    expect(new Map(rows.map((row) => [row.id, `${row.state} ${row.result}`]))).toEqual(
      new Map([
        [resolved?.id, "SKIPPED already_resolved"],
        [sent?.id, "SKIPPED already_redriven"],
        [open?.id, "SENT redriven"],
      ]),
    );
    expect(await sentJobs()).toHaveLength(2);
  });

  test("learns how each job ended, and shows what failed again", async () => {
    const [good, bad] = await letters(2);
    const id = await previewed();
    await start(id);
    await turn()(id);
    await resolveDeadLetter(ctx.sql, { jobKey: `${good?.jobKey}#redrive-1`, resolution: "redriven" });
    await park(bad?.subjectId ?? "", `${bad?.jobKey}#redrive-1`, "connection reset");
    const { letters: rows } = await listRunLetters(ctx.db, { id, states: [], limit: 10 });
    expect(new Map(rows.map((row) => [row.id, [row.state, row.error]]))).toEqual(
      new Map([
        [good?.id, ["RESOLVED", null]],
        [bad?.id, ["FAILED", "connection reset"]],
      ]),
    );
    // Another run's success does not rewrite what this one came to.
    const again = await previewed({ kind: "ids", ids: [bad?.id ?? ""] });
    await start(again);
    await turn()(again);
    await resolveDeadLetter(ctx.sql, { jobKey: `${bad?.jobKey}#redrive-2`, resolution: "redriven" });
    expect(await countsOf(id)).toMatchObject({ RESOLVED: 1, FAILED: 1 });
    expect(await countsOf(again)).toMatchObject({ RESOLVED: 1, FAILED: 0 });
  });

  test("sends no more in a second than its rate, whoever works on it", async () => {
    await letters(7);
    const id = await previewed();
    await start(id, 3);
    await Promise.all([turn()(id), turn()(id)]);
    const batches = await world.rows<{ at: Date; count: number }>(
      `SELECT worked_at AS at, count(*)::int AS count FROM work_run_item WHERE run_id = $1 GROUP BY 1 ORDER BY 1`,
      [id],
    );
    expect(batches.map(({ count }) => count)).toEqual([3, 3, 1]);
    for (const [index, { at }] of batches.entries())
      if (index > 0)
        expect(at.getTime() - (batches[index - 1]?.at.getTime() ?? 0)).toBeGreaterThanOrEqual(999);
    expect(await countsOf(id)).toMatchObject({ status: "FINISHED", SENT: 7 });
  });

  test("stands still while it is paused, goes on when it is resumed, and leaves the rest when it is stopped", async () => {
    await letters(4);
    const id = await previewed();
    await start(id, 1);
    // The worker's first wait is the moment at which an operator pauses.
    const pausing = { ...ctx, sleep: async () => void (await steer("pause")) };
    const steer = (how: "pause" | "resume" | "stop") =>
      steerRun(ctx, { kind: redriveRun.name, id, how, actor });
    expect(await turn(pausing)(id)).toEqual({ kind: "done" });
    expect(await countsOf(id)).toMatchObject({ status: "PAUSED", SENT: 1, WAITING: 3 });
    expect(await turn()(id)).toEqual({ kind: "done" });
    expect(await countsOf(id)).toMatchObject({ SENT: 1 });

    expect(await steer("resume")).toEqual({ status: "RUNNING" });
    expect(await steer("resume")).toEqual({ status: "RUNNING" });
    const stopping = { ...ctx, sleep: async () => void (await steer("stop")) };
    await world.rows("UPDATE work_run SET next_batch_at = now()");
    await turn(stopping)(id);
    expect(await countsOf(id)).toMatchObject({ status: "STOPPED", SENT: 2, STOPPED: 2, WAITING: 0 });
    expect(await steer("resume")).toEqual({ status: "STOPPED" });
    for (const action of ["started", "paused", "resumed", "stopped"])
      expect(await auditsOf(`work_run.${action}`, id)).toMatchObject([{ actorId: "op_1" }]);
    expect((await auditsOf("work_run.started", id))[0]?.detail).toMatchObject({
      reason: "SBX1 장애 복구",
      count: 4,
      itemsPerSecond: 1,
    });
  });

  test("is not left without a job when it is paused and resumed again before a worker has come", async () => {
    await letters(3);
    const id = await previewed();
    await start(id, 2);
    const steer = (how: "pause" | "resume") => steerRun(ctx, { kind: redriveRun.name, id, how, actor });
    /** What waits for a worker; those that were there find nothing to do and are over. */
    const openJobs = async () =>
      (
        await world.rows(
          "UPDATE outbox_message SET done_at = now() WHERE job_name = 'work-run' AND subject_id = $1 AND done_at IS NULL RETURNING id",
          [id],
        )
      ).length;
    await steer("pause");
    await openJobs();
    for (let again = 0; again < 3; again++) {
      await steer("resume");
      await steer("pause");
      expect(await turn()(id)).toEqual({ kind: "done" });
      expect(await openJobs()).toBe(1);
    }
    await steer("resume");
    expect(await openJobs()).toBe(1);
    expect(await turn()(id)).toEqual({ kind: "done" });
    expect(await countsOf(id)).toMatchObject({ status: "FINISHED" });
    expect(await sentJobs()).toHaveLength(3);
  });

  test("two workers at once send each letter once", async () => {
    await letters(30);
    const id = await previewed();
    await start(id, 10);
    const ends = await Promise.all(Array.from({ length: 6 }, () => turn()(id)));
    expect(ends.filter(({ kind }) => kind === "done")).toHaveLength(1);
    const jobs = await sentJobs();
    expect(jobs).toHaveLength(30);
    expect(new Set(jobs).size).toBe(30);
    expect(await world.rows(`SELECT id FROM dead_letter WHERE redrive_count <> 1`)).toEqual([]);
  });

  test("a worker that dies in the middle of a batch has sent nothing of it, and another goes on", async () => {
    await letters(4);
    const id = await previewed();
    await start(id, 2);
    let batches = 0;
    const dying = {
      ...redriveRun,
      async perform(...given: Parameters<typeof redriveRun.perform>) {
        const results = await redriveRun.perform(...given);
        // After its work and before its commit: the worst moment.
        if (++batches === 2) throw new Error("the worker is gone");
        return results;
      },
    };
    expect(await turn(ctx, dying)(id)).toMatchObject({ kind: "again", countsAsAttempt: false });
    expect(await countsOf(id)).toMatchObject({ status: "RUNNING", SENT: 2, WAITING: 2 });
    expect(await sentJobs()).toHaveLength(2);
    await turn()(id);
    expect(await countsOf(id)).toMatchObject({ status: "FINISHED", SENT: 4 });
    expect(new Set(await sentJobs()).size).toBe(4);
  });

  test("a worker that was taken for dead and comes back changes nothing", async () => {
    await letters(2);
    const id = await previewed();
    await start(id, 1);
    // While it sleeps between two batches its lease runs out and another worker takes the run.
    const late = {
      ...ctx,
      sleep: async () => {
        await world.rows(
          "UPDATE work_run SET lease_until = now() - interval '1 second', next_batch_at = now()",
        );
        expect(await turn()(id)).toEqual({ kind: "done" });
      },
    };
    expect(await turn(late)(id)).toEqual({ kind: "done" });
    expect(await sentJobs()).toHaveLength(2);
    expect(await countsOf(id)).toMatchObject({ status: "FINISHED", SENT: 2 });
  });

  test("pauses by itself after so many failures in a row, and not again for those once resumed", async () => {
    const made = await letters(5);
    const id = await previewed();
    await start(id, 1, 2);
    const failing = {
      ...ctx,
      sleep: async () => {
        await world.rows("UPDATE work_run SET next_batch_at = now()");
        for (const { subjectId, jobKey, id: letterId } of made)
          if ((await ctx.db.deadLetter.findUniqueOrThrow({ where: { id: letterId } })).status === "REDRIVEN")
            await park(subjectId, `${jobKey}#redrive-1`);
      },
    };
    await turn(failing)(id);
    expect(await countsOf(id)).toMatchObject({ status: "PAUSED", FAILED: 2, WAITING: 3 });
    expect(await readRedriveRun(ctx.db, id)).toMatchObject({ pausedBy: null });
    expect(await auditsOf("work_run.paused", id)).toMatchObject([{ actorId: "system" }]);
    await steerRun(ctx, { kind: redriveRun.name, id, how: "resume", actor });
    await turn(failing)(id);
    expect(await countsOf(id)).toMatchObject({ status: "PAUSED", FAILED: 4, WAITING: 1 });
  });

  test("says who ran it and why, and gives its result as a file that a spreadsheet cannot be harmed by", async () => {
    const [letter] = await letters(1);
    await world.rows("UPDATE dead_letter SET last_error = '=cmd()'");
    const id = await previewed();
    await start(id);
    await turn()(id);
    await park(letter?.subjectId ?? "", `${letter?.jobKey}#redrive-1`, '=HYPERLINK("http://evil")');
    const { runs } = await listRedriveRuns(ctx.db, { limit: 10 });
    expect(runs).toMatchObject([{ id, reason: "SBX1 장애 복구", startedBy: "op_1", counts: { FAILED: 1 } }]);
    const file = (await writeRedriveResult(ctx.db, id, "ko")) ?? "";
    expect(file.startsWith("\uFEFF")).toBe(true);
    const lines = file.slice(1).trimEnd().split("\r\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(letter?.id);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(await writeRedriveResult(ctx.db, "run_missing", "ko")).toBeUndefined();
  });
});
