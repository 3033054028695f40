import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BulkSource } from "#server/bulk/bulk-cancel.schemas.ts";
import { bulkCancelChange } from "#server/bulk/bulk-cancel-change.ts";
import { listBulkRuns, readBulkRows, readBulkRun } from "#server/bulk/bulk-cancel-queries.ts";
import { runBulkCancelJob } from "#server/bulk/bulk-jobs.ts";
import { previewBulkCancel } from "#server/bulk/preview-bulk-cancel.ts";
import { previewOperatorBulkCancel } from "#server/bulk/preview-operator-bulk-cancel.ts";
import { readProposedBulk, readProposedRows } from "#server/bulk/proposed-bulk-queries.ts";
import { requestBulkCancel } from "#server/bulk/request-bulk-cancel.ts";
import { runBulkCancel } from "#server/bulk/run-bulk-cancel.ts";
import { startBulkCancel } from "#server/bulk/start-bulk-cancel.ts";
import { steerBulkCancel } from "#server/bulk/steer-bulk-cancel.ts";
import { carryOutChange } from "#server/change-requests/carry-out-change.ts";
import { readChange } from "#server/change-requests/change-request-queries.ts";
import { approveChange, rejectChange } from "#server/change-requests/decide-change.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import { readOwnCancels } from "#server/payments/operator-cancel-limit.ts";
import type { Context } from "#server/platform/context.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
const maker = { type: "operator", id: "op_MAKER", ipAddress: "10.0.0.1" } as const;
const checker: { id: string; ipAddress: string | null } = { id: "op_CHECKER", ipAddress: null };
const other = { id: "op_OTHER", ipAddress: null };
const traceId = randomUUID().replaceAll("-", "");
const attempt = { attempt: 1, messageId: 0n, traceId: null };

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  for (const { id, role } of [
    { id: maker.id, role: "OPERATOR" as const },
    { id: checker.id, role: "ADMIN" as const },
    { id: other.id, role: "ADMIN" as const },
  ])
    await world.ctx.db.operator.create({
      data: { id, email: `${id}@example.com`, name: id, role, passwordHash: "-" },
    });
});
afterAll(() => world.close());

async function pay(amountMinor = 400_000n): Promise<string> {
  const reply = await approvePayment(
    world.ctx,
    anApproval(world, { amountMinor, orderId: `T-${randomUUID()}` }),
  );
  return (JSON.parse(reply.body) as { data: { paymentKey: string } }).data.paymentKey;
}

async function commandOf(ids: readonly string[], requestKey: string = randomUUID()) {
  const source: BulkSource = { kind: "ids", ids: [...ids] };
  const preview = await previewBulkCancel(world.ctx, source);
  if (preview.kind !== "planned") throw new Error("the source cannot be read");
  const seen = { digest: preview.plan.digest, count: preview.plan.counts.CANCEL };
  return { source, reason: "공연 취소", seen, requestKey, actor: maker, role: "OPERATOR" as const, traceId };
}

/** Three payments of 1,200,000 together, frozen by a request of somebody whose limit is 500,000. */
async function aRequest() {
  const ids = [await pay(), await pay(), await pay()];
  const { requestId } = await requestBulkCancel(world.ctx, await commandOf(ids));
  const runId = (await readChange(world.ctx.db, requestId))?.subjectId ?? "";
  return { ids, requestId, runId };
}

const approve = (requestId: string, who = checker) =>
  approveChange(world.ctx, { requestId, version: 1, note: "", checker: who });
const executions = { BULK_CANCEL: bulkCancelChange };
const carryOut = (requestId: string, as: Context = world.ctx) =>
  carryOutChange(executions)(as, { requestId, version: 1 }, attempt);
const jobsOf = (runId: string) =>
  world.rows<{ key: string }>(
    "SELECT job_key AS key FROM outbox_message WHERE job_name = $1 AND subject_id = $2",
    [runBulkCancelJob.name, runId],
  );
const hasty = (): Context => ({ ...world.ctx, sleep: async () => undefined });
async function carryOn(runId: string): Promise<void> {
  while ((await runBulkCancel(hasty(), { runId, generation: 1 })).kind === "again");
}
const outcomesOf = async (runId: string) =>
  (await readBulkRows(world.ctx.reports, { runId, after: 0, limit: 500 })).map(({ outcome, code }) =>
    code ? `${outcome} ${code}` : outcome,
  );

describe("above the limit of one person", () => {
  test("a bulk cancel is refused, and its dry run says that another person is needed", async () => {
    const command = await commandOf([await pay(), await pay(), await pay()]);
    await expect(startBulkCancel(world.ctx, command)).rejects.toMatchObject({
      code: "APPROVAL_REQUIRED",
      facts: { limit: 500_000, measured: 1_200_000 },
    });
    const operator = { id: maker.id, role: "OPERATOR" as const };
    expect(await previewOperatorBulkCancel(world.ctx, { source: command.source, operator })).toMatchObject({
      approval: { isNeeded: true, limitMinor: 500_000n, usedMinor: 0n },
    });
    expect(
      await previewOperatorBulkCancel(world.ctx, {
        source: command.source,
        operator: { id: checker.id, role: "ADMIN" },
      }),
    ).toMatchObject({ approval: { isNeeded: false, limitMinor: 10_000_000n } });
  });

  test("a request freezes payments, amounts, number and sum, and begins nothing", async () => {
    const { requestId, runId, ids } = await aRequest();
    expect(await readChange(world.ctx.db, requestId)).toMatchObject({
      kind: "BULK_CANCEL",
      status: "PENDING",
      amountMinor: 1_200_000n,
      measured: 1_200_000n,
      limitMax: 500_000n,
      payload: { runId, count: 3, amountMinor: "1200000" },
    });
    expect(await readProposedBulk(world.ctx.reports, runId)).toMatchObject({
      isBegun: false,
      rowsPlanned: 3,
      plannedMinor: 1_200_000n,
      changed: { count: 0 },
    });
    const rows = await readProposedRows(world.ctx.reports, { runId, after: 0, limit: 10 });
    expect(
      rows.map(({ paymentId, amountMinor, isChanged }) => ({ paymentId, amountMinor, isChanged })),
    ).toEqual(ids.map((paymentId) => ({ paymentId, amountMinor: 400_000n, isChanged: false })));
    expect(await jobsOf(runId)).toEqual([]);
    // It is no bulk cancel yet: in no list, not to be steered.
    expect(await readBulkRun(world.ctx.reports, runId)).toBeUndefined();
    expect((await listBulkRuns(world.ctx.reports, { limit: 50 })).runs.map(({ id }) => id)).not.toContain(
      runId,
    );
    expect(await steerBulkCancel(world.ctx, { runId, to: "resume", actor: maker, traceId })).toEqual({
      state: "PROPOSED",
    });
    await expect(
      world.rows("UPDATE bulk_cancel_row SET amount_minor = 1 WHERE run_id = $1 AND row_no = 1", [runId]),
    ).rejects.toThrow("keeps its payment and amounts");
    await expect(
      world.rows("UPDATE bulk_cancel_run SET state = 'RUNNING' WHERE id = $1", [runId]),
    ).rejects.toMatchObject({ constraint: "bulk_cancel_run_approved" });
    await expect(
      world.rows("UPDATE bulk_cancel_run SET state = 'RUNNING', approved_by = requested_by WHERE id = $1", [
        runId,
      ]),
    ).rejects.toMatchObject({ constraint: "bulk_cancel_run_approved" });
  });

  test("asked for many times with one key is one request; what changed since the dry run is refused", async () => {
    const ids = [await pay(), await pay(), await pay()];
    const command = await commandOf(ids);
    const made = await Promise.all(Array.from({ length: 8 }, () => requestBulkCancel(world.ctx, command)));
    expect(new Set(made.map(({ requestId }) => requestId)).size).toBe(1);
    await expect(startBulkCancel(world.ctx, command)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    await cancelPayment(world.ctx, {
      paymentId: ids[0] ?? "",
      origin: "CONSOLE",
      actor: maker,
      reason: "r",
      locale: "ko",
      traceId,
    });
    await expect(
      requestBulkCancel(world.ctx, { ...command, requestKey: randomUUID() }),
    ).rejects.toMatchObject({ code: "STALE_SELECTION" });
  });
});

describe("an approved request", () => {
  test("begins its run once, however many workers take it, with one job; the cancels are the maker's and name the checker", async () => {
    const { requestId, runId, ids } = await aRequest();
    await approve(requestId);
    expect(await jobsOf(runId)).toEqual([]);
    await Promise.all(Array.from({ length: 6 }, () => carryOut(requestId)));
    expect(await jobsOf(runId)).toHaveLength(1);
    expect(await readChange(world.ctx.db, requestId)).toMatchObject({ status: "DONE", result: { runId } });
    expect((await readChange(world.ctx.db, requestId))?.events.map(({ kind }) => kind)).toEqual([
      "REQUESTED",
      "APPROVED",
      "STARTED",
      "DONE",
    ]);
    await carryOn(runId);
    expect(await outcomesOf(runId)).toEqual(["DONE", "DONE", "DONE"]);
    expect(
      await world.rows(
        "SELECT DISTINCT actor_id, detail->>'changeRequest' AS request, detail->>'checker' AS checker FROM audit_log WHERE target_id = ANY($1) AND action = 'payment.cancel'",
        [ids],
      ),
    ).toEqual([{ actor_id: maker.id, request: requestId, checker: checker.id }]);
    // A second person stood for these: they use up nothing of the maker's own limit.
    expect(await readOwnCancels(world.ctx.sql, { paymentIds: ids, operatorId: maker.id })).toBe(0n);
  });

  test("is carried out by another worker when one dies between the approval and the start", async () => {
    const { requestId, runId } = await aRequest();
    await approve(requestId);
    // Dies in the commit that would have begun it.
    const dying = carryOutChange({
      BULK_CANCEL: {
        idKind: "execution",
        executeWithin: async (...call) => {
          if ("executeWithin" in bulkCancelChange) await bulkCancelChange.executeWithin(...call);
          throw new Error("died");
        },
      },
    });
    expect(await dying(world.ctx, { requestId, version: 1 }, attempt)).toMatchObject({ kind: "again" });
    expect(await jobsOf(runId)).toEqual([]);
    expect(await readProposedBulk(world.ctx.reports, runId)).toMatchObject({ isBegun: false });
    expect(await carryOut(requestId)).toEqual({ kind: "done" });
    expect(await carryOut(requestId)).toEqual({ kind: "done" });
    expect(await jobsOf(runId)).toHaveLength(1);
    await carryOn(runId);
    expect(await outcomesOf(runId)).toEqual(["DONE", "DONE", "DONE"]);
  });

  test("cancels nothing of a payment whose balance has changed, and its row says so", async () => {
    const { requestId, runId, ids } = await aRequest();
    await cancelPayment(world.ctx, {
      paymentId: ids[1] ?? "",
      amountMinor: 1_000n,
      origin: "CONSOLE",
      actor: { type: "operator", id: other.id },
      reason: "r",
      locale: "ko",
      traceId,
    });
    expect(await readProposedBulk(world.ctx.reports, runId)).toMatchObject({
      changed: { count: 1, amountMinor: 400_000n },
    });
    const [first] = await readProposedRows(world.ctx.reports, { runId, after: 0, limit: 1 });
    expect(first).toMatchObject({ paymentId: ids[1], isChanged: true, balanceMinor: 399_000n });
    await approve(requestId);
    await carryOut(requestId);
    await carryOn(runId);
    expect(await outcomesOf(runId)).toEqual(["DONE", "REFUSED CANCELABLE_AMOUNT_MISMATCH", "DONE"]);
  });
});

test("two who decide at once decide once; its maker is refused, and a rejected one never begins", async () => {
  const { requestId, runId } = await aRequest();
  await expect(approve(requestId, maker)).rejects.toMatchObject({ code: "OWN_CHANGE_REQUEST" });
  const decision = { requestId, version: 1, note: "금액을 확인해 주세요" };
  const decided = await Promise.allSettled([
    rejectChange(world.ctx, { ...decision, checker }),
    rejectChange(world.ctx, { ...decision, checker: other }),
  ]);
  expect(decided.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await carryOut(requestId)).toEqual({ kind: "done" });
  expect(await jobsOf(runId)).toEqual([]);
  expect(await readProposedBulk(world.ctx.reports, runId)).toMatchObject({ isBegun: false });
});

test("a dry run adds up what it does to settlements, in one read, and counts payments without a contract", async () => {
  const ids = [await pay(98_000n), await pay(400_000n), await pay(33_333n)];
  await cancelPayment(world.ctx, {
    paymentId: ids[0] ?? "",
    mallId: world.mallId,
    amountMinor: 48_000n,
    reason: "부분",
    origin: "CONSOLE",
    actor: { type: "operator", id: other.id },
    locale: "ko",
    traceId,
  });
  const operator = { id: maker.id, role: "OPERATOR" as const };
  const read: string[] = [];
  const reports: Context["reports"] = {
    ...world.ctx.reports,
    run: (statement, values) => {
      read.push(statement.name);
      return world.ctx.reports.run(statement, values);
    },
  };
  const settlementOf = async () => {
    const source: BulkSource = { kind: "ids", ids };
    const seen = await previewOperatorBulkCancel({ ...world.ctx, reports }, { source, operator });
    return seen.kind === "planned" ? seen.settlement : undefined;
  };
  expect(await settlementOf()).toMatchObject({ change: { netMinor: 0n }, withoutTerms: 3 });
  expect(read.filter((name) => name === "settlement-fee-terms")).toHaveLength(1);
  await world.rows(
    `INSERT INTO mall_contract (id, mall_id, method, effective_from, fee_rate_e5, fee_rounding, is_fee_refundable, cycle, lag_business_days, created_by)
      VALUES ('ctr_bulk', $1, 'CARD', (now() AT TIME ZONE 'Asia/Seoul')::date - 9, 2200, 'FLOOR_1', true, 'DAILY', 2, 'op_1')`,
    [world.mallId],
  );
  // Of 50,000, 400,000 and 33,333 at 2.2 %: 1,100 + 8,800 + 733 of fee, and a tenth of each as VAT.
  expect(await settlementOf()).toEqual({
    change: { amountMinor: -483_333n, feeMinor: -10_633n, feeVatMinor: -1_063n, netMinor: -471_637n },
    withoutTerms: 0,
  });
});
