import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { businessDateOf } from "#server/core/business-date.ts";
import { parkDeadLetter } from "#server/dead-letters/park-dead-letter.ts";
import { redriveDeadLetters } from "#server/dead-letters/redrive-dead-letters.ts";
import { runMessage, type Workshop, work } from "#server/outbox/run-message.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import type { Context } from "#server/platform/context.ts";
import { fetchAgain } from "#server/reconciliation/fetch-again.ts";
import { importFile } from "#server/reconciliation/import-file.ts";
import { openDueDays } from "#server/reconciliation/open-due-days.ts";
import { reconcileDay } from "#server/reconciliation/reconcile-day.ts";
import { reconcileDayJob } from "#server/reconciliation/reconciliation-jobs.ts";
import { addDays } from "#server/settlement/domain/business-calendar.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { anSbx1File, inPieces } from "#server/testing/daily-files.ts";
import { SandboxVan } from "#server/testing/sandbox-van.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { openVans } from "#server/van/open-vans.ts";

// The nightly job against the sandbox VANs themselves, which know nothing of our database.

const vans: SandboxVan[] = [];
beforeAll(async () => {
  vans.push(await SandboxVan.start("SBX1"), await SandboxVan.start("SBX2"));
});
afterAll(async () => {
  for (const van of vans) await van.discard();
});

let world: TestWorld;
let ctx: Context;
/** What happens at the sandbox VANs happens now. */
const today = businessDateOf(new Date());

beforeEach(async () => {
  world = await openTestWorld({ redis: false });
  const [one, two] = vans;
  if (!one || !two) throw new Error("both VANs run");
  await world.rows(
    `INSERT INTO van (code, name, protocol, is_sandbox, connect_timeout_ms, approve_timeout_ms, cancel_timeout_ms, net_cancel_timeout_ms,
       inquiry_timeout_ms, lease_ms, net_cancel_delays_ms, net_cancel_deadline_ms, cancel_delays_ms, inquiry_delays_ms, processing_window_ms)
     SELECT 'SBX2', 'Sandbox 2', 'FIXED_LENGTH_TCP', is_sandbox, connect_timeout_ms, approve_timeout_ms, cancel_timeout_ms, net_cancel_timeout_ms,
       inquiry_timeout_ms, lease_ms, net_cancel_delays_ms, net_cancel_deadline_ms, cancel_delays_ms, inquiry_delays_ms, processing_window_ms FROM van WHERE code = 'SBX1'`,
  );
  await world.rows("UPDATE van SET approve_timeout_ms = 500");
  ctx = {
    ...world.ctx,
    env: {
      ...world.ctx.env,
      VAN_SBX1_CONTROL_URL: `http://127.0.0.1:${one.controlPort}`,
      VAN_SBX2_CONTROL_URL: `http://127.0.0.1:${two.controlPort}`,
    },
    vans: openVans(
      { VAN_SBX1_URL: one.url, VAN_SBX2_URL: two.url },
      { info: () => undefined, warn: () => undefined },
    ),
  };
});
afterEach(async () => {
  for (const van of ctx.vans.values()) await van.close();
  await world.close();
});

const night = (date: string, time = "03:00:00.000"): Context => ({
  ...ctx,
  now: () => new Date(`${addDays(date, 1)}T${time}+09:00`),
});

const workshop: Workshop = {
  registry: new Map([[reconcileDayJob.name, work(reconcileDayJob, reconcileDay)]]),
  afterlife: { park: parkDeadLetter, resolve: async () => undefined },
};
async function workOn(on: Context): Promise<void> {
  const jobs = await world.rows<{ id: bigint }>(
    "SELECT id FROM outbox_message WHERE job_name = 'reconcile-day' AND done_at IS NULL AND dead_at IS NULL ORDER BY id",
  );
  await world.rows(
    "UPDATE outbox_message SET available_at = date_trunc('milliseconds', now()), locked_until = NULL WHERE id = ANY($1)",
    [jobs.map(({ id }) => id)],
  );
  for (const { id } of jobs) await runMessage(on, workshop, id);
}

async function approve(vanCode: "SBX1" | "SBX2", amount: number, testCode?: string): Promise<string> {
  await approvePayment(
    ctx,
    anApproval(world, {
      amountMinor: BigInt(amount),
      routes: [{ vanCode, weight: 100 }],
      ...(testCode ? { testCode } : {}),
    }),
  );
  const [row] = await world.rows<{ id: string }>("SELECT id FROM payment ORDER BY id DESC LIMIT 1");
  return row?.id ?? "";
}
const days = () =>
  world.rows<Record<string, unknown>>(
    `SELECT van_code AS van, record_count AS records, matched_count AS matched, ours_count AS ours, deposit_count AS paid FROM recon_day
     WHERE business_date = $1::date ORDER BY 1`,
    [today],
  );
const items = () =>
  world.rows<Record<string, unknown>>(
    "SELECT van_code AS van, class || '/' || reason AS what, ours_minor IS NULL AS strange FROM recon_item ORDER BY id",
  );

describe("the nightly job", () => {
  test("opens each day of each VAN once, from 03:00 on, and catches up with a week", async () => {
    await openDueDays(night(today, "02:59:59.999"));
    const opened = () =>
      world.rows<{ n: number; latest: string }>(
        "SELECT count(*)::int AS n, to_char(max(business_date), 'YYYY-MM-DD') AS latest FROM recon_day",
      );
    expect(await opened()).toEqual([{ n: 12, latest: addDays(today, -1) }]);
    await Promise.all([openDueDays(night(today)), openDueDays(night(today))]);
    expect(await opened()).toEqual([{ n: 14, latest: today }]);
    expect(await world.rows("SELECT 1 FROM outbox_message WHERE job_name = 'reconcile-day'")).toHaveLength(
      14,
    );
    // A VAN whose files are uploaded has no job.
    await world.rows("DELETE FROM recon_day");
    await openDueDays({ ...night(today), env: world.ctx.env });
    expect(await opened()).toEqual([{ n: 0, latest: null }]);
  });

  test("fetches both files of both VANs and matches them, and finds what a VAN approved late", async () => {
    const one = await approve("SBX1", 10_000);
    await cancelPayment(ctx, {
      paymentId: one,
      amountMinor: 4_000n,
      reason: "반품",
      origin: "API",
      actor: { type: "mall", id: world.mallId },
      locale: "ko",
      traceId: "0".repeat(32),
    });
    await approve("SBX2", 7_000);
    // Net-cancelled before the VAN booked it; SBX2 remembers no net cancel of what it never had.
    const late = await approve("SBX2", 9_000, "LATE_APPROVAL_2500");
    expect(await world.rows("SELECT status::text AS status FROM payment WHERE id = $1", [late])).not.toEqual([
      { status: "DONE" },
    ]);
    await world.rows(
      "UPDATE payment SET status = 'NET_CANCELED', version = version + 1 WHERE id = $1 AND status = 'UNKNOWN'",
      [late],
    );
    const [, two] = vans;
    const [{ orderId } = { orderId: "" }] = await world.rows<{ orderId: string }>(
      'SELECT order_id AS "orderId" FROM payment WHERE id = $1',
      [late],
    );
    await expect
      .poll(() => two?.story(orderId), { timeout: 10_000 })
      .toEqual(["NET_CANCEL:NOT_FOUND", "APPROVE:APPROVED"]);
    await openDueDays(night(today));
    await workOn(night(today));
    expect(await days()).toEqual([
      { van: "SBX1", records: 2, matched: 2, ours: 2, paid: 2 },
      { van: "SBX2", records: 2, matched: 1, ours: 1, paid: 2 },
    ]);
    expect(await items()).toEqual([{ van: "SBX2", what: "ONLY_VAN/LATE_APPROVAL", strange: true }]);
    expect(await world.rows("SELECT payment_id AS payment, source FROM van_orphan")).toEqual([
      { payment: late, source: "van_file" },
    ]);
    expect(await world.rows("SELECT 1 FROM outbox_message WHERE job_name = 'reverse-orphan'")).toHaveLength(
      1,
    );
    // Run again, as after a crash between the work and its end: the files are known.
    await world.rows("UPDATE outbox_message SET done_at = NULL WHERE job_name = 'reconcile-day'");
    await workOn(night(today));
    expect(await world.rows("SELECT 1 FROM recon_file WHERE business_date = $1::date", [today])).toHaveLength(
      4,
    );
    expect(await world.rows("SELECT 1 FROM van_orphan")).toHaveLength(1);
  });

  test("fetches the other file of a day that an upload opened, and leaves alone what a person put there", async () => {
    await approve("SBX1", 10_000);
    const on = night(today, "02:00:00.000");
    await importFile(on, {
      vanCode: "SBX1",
      businessDate: today,
      kind: "VAN",
      bytes: inPieces(anSbx1File(today, [])),
      actor: { type: "operator", id: "op_1" },
      traceId: null,
    });
    await openDueDays(night(today));
    const jobs = () =>
      world.rows("SELECT 1 FROM outbox_message WHERE job_name = 'reconcile-day' AND subject_id = $1", [
        `SBX1:${today}`,
      ]);
    expect(await jobs()).toHaveLength(1);
    await openDueDays(night(today));
    expect(await jobs()).toHaveLength(1);
    await workOn(night(today));
    const filesOfToday = () =>
      world.rows<{ kind: string; by: string | null }>(
        `SELECT kind, imported_by AS by FROM recon_file WHERE van_code = 'SBX1' AND business_date = $1::date AND replaced_at IS NULL ORDER BY kind`,
        [today],
      );
    expect(await filesOfToday()).toEqual([
      { kind: "DEPOSIT", by: null },
      { kind: "VAN", by: "op_1" },
    ]);
    // Nothing is missing: no clock asks for it again, but a person may, and then what the VAN has counts.
    await world.rows("DELETE FROM outbox_message WHERE job_name = 'reconcile-day'");
    await openDueDays(night(today));
    expect(await jobs()).toEqual([]);
    await fetchAgain(night(today), {
      vanCode: "SBX1",
      businessDate: today,
      actor: { type: "operator", id: "op_1" },
      traceId: "0".repeat(32),
    });
    await workOn(night(today));
    expect(await filesOfToday()).toEqual([
      { kind: "DEPOSIT", by: null },
      { kind: "VAN", by: null },
    ]);
  });

  test("tries again when a VAN is silent, and is a dead letter in the end", async () => {
    const silent = {
      ...ctx.env,
      VAN_SBX1_CONTROL_URL: "http://127.0.0.1:1",
      VAN_SBX2_CONTROL_URL: undefined,
    };
    const on = { ...night(today), env: silent };
    await openDueDays(on);
    await world.rows(
      "DELETE FROM outbox_message WHERE job_name = 'reconcile-day' AND payload->>'businessDate' <> $1",
      [today],
    );
    for (let turn = 0; turn <= reconcileDayJob.delaysMs.length; turn++) {
      expect(await world.rows("SELECT 1 FROM dead_letter")).toEqual([]);
      await workOn(on);
    }
    const letters = await world.rows<{ id: string }>(
      "SELECT id, job_name AS job, reason_class AS reason, subject_id AS subject, van_code AS van FROM dead_letter",
    );
    expect(letters).toMatchObject([
      { job: "reconcile-day", reason: "VAN_UNREACHABLE", subject: `SBX1:${today}`, van: "SBX1" },
    ]);
    expect(await world.rows("SELECT 1 FROM recon_file")).toEqual([]);

    // Once the VAN answers again the letter is worked on again, as any other is.
    const command = {
      reason: "VAN이 다시 답함",
      actor: { type: "operator", id: "op_1" } as const,
      traceId: "0".repeat(32),
      gapMs: 0,
    };
    const results = await ctx.reports.transaction((sql) =>
      redriveDeadLetters(sql, [letters[0]?.id ?? ""], command),
    );
    expect(results.map(({ result }) => result)).toEqual(["redriven"]);
    await workOn(night(today));
    expect(await world.rows("SELECT kind FROM recon_file ORDER BY 1")).toEqual([
      { kind: "DEPOSIT" },
      { kind: "VAN" },
    ]);
  });
});
