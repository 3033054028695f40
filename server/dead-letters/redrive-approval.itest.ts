import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { carryOutChange } from "#server/change-requests/carry-out-change.ts";
import { readChange } from "#server/change-requests/change-request-queries.ts";
import { approveChange } from "#server/change-requests/decide-change.ts";
import { withdrawChange } from "#server/change-requests/edit-change.ts";
import { setLimit } from "#server/change-requests/set-limit.ts";
import { realIds } from "#server/core/ids.ts";
import { deadLetterFilterSchema } from "#server/dead-letters/dead-letter.schemas.ts";
import type { DeadLetterJob } from "#server/dead-letters/dead-letter.values.ts";
import { freezeRedrive } from "#server/dead-letters/freeze-redrive.ts";
import { parkDeadLetter } from "#server/dead-letters/park-dead-letter.ts";
import { redriveChange } from "#server/dead-letters/redrive-change.ts";
import { redriveRun } from "#server/dead-letters/redrive-run.ts";
import { readRedriveRun } from "#server/dead-letters/redrive-run-queries.ts";
import { requestRedrive } from "#server/dead-letters/request-redrive.ts";
import { startRedrive } from "#server/dead-letters/start-redrive.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { deleteUnstartedRuns } from "#server/work-runs/delete-unstarted-runs.ts";
import { steerRun } from "#server/work-runs/steer-run.ts";
import { workOnRun } from "#server/work-runs/work-on-run.ts";

let world: TestWorld;
const maker = { id: "op_MAKER", role: "OPERATOR", ipAddress: "10.0.0.1" } as const;
const checker = { id: "op_CHECKER", ipAddress: null };
const actor = { type: "operator", id: maker.id } as const;
const attempt = { attempt: 1, messageId: 1n, traceId: null };

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  for (const { id, role } of [maker, { id: checker.id, role: "ADMIN" as const }])
    await world.ctx.db.operator.create({
      data: { id, email: `${id}@example.com`, name: id, role, passwordHash: "-" },
    });
  await setLimit(world.ctx, { kind: "BULK_REDRIVE", role: "OPERATOR", limitMax: 2n, actor: checker });
});
afterAll(() => world.close());
beforeEach(() => world.rows("TRUNCATE dead_letter, outbox_message, work_run CASCADE"));

/** Letters whose work is done already, so that a re-drive closes them without asking a VAN: of cancels, which count towards the limit, and of net cancels, which do not. */
type Wanted = Readonly<{ cancels?: number; netCancels?: number }>;

async function letters({ cancels = 0, netCancels = 0 }: Wanted): Promise<void> {
  for (let index = 0; index < cancels; index++) {
    const cancelId = await aRefusedCancel();
    await park("recover-cancel", cancelId, { cancelId });
  }
  for (let index = 0; index < netCancels; index++) {
    const paymentId = await aPayment("NET_CANCELED");
    await park("net-cancel", paymentId, { paymentId });
  }
}

async function aPayment(status: "DONE" | "NET_CANCELED"): Promise<string> {
  const { id } = await world.ctx.db.payment.create({
    data: {
      id: realIds.newId("payment"),
      mallId: world.mallId,
      orderId: realIds.newTraceNo(),
      orderName: "책",
      method: "CARD",
      amountMinor: 64_500n,
      vatMinor: 0n,
      status,
      vanCode: "SBX1",
      traceNo: realIds.newTraceNo(),
      leaseUntil: new Date(),
      requestedAt: new Date(),
      traceId: "0".repeat(32),
    },
  });
  return id;
}

async function aRefusedCancel(): Promise<string> {
  const { id } = await world.ctx.db.paymentCancel.create({
    data: {
      id: realIds.newId("cancel"),
      paymentId: await aPayment("DONE"),
      mallId: world.mallId,
      status: "FAILED",
      origin: "API",
      actorId: "test",
      amountMinor: 64_500n,
      taxFreeMinor: 0n,
      vatMinor: 0n,
      balanceBeforeMinor: 64_500n,
      reason: "고객 요청",
      traceNo: realIds.newTraceNo(),
      leaseUntil: new Date(),
      requestedAt: new Date(),
      traceId: "0".repeat(32),
    },
  });
  return id;
}

async function park(jobName: DeadLetterJob, subjectId: string, payload: unknown): Promise<void> {
  await world.ctx.sql.transaction((sql) =>
    parkDeadLetter({ ids: realIds }, sql, {
      reason: "VAN_TIMEOUT",
      message: {
        jobName,
        jobKey: `${jobName}:${subjectId}`,
        payload,
        subjectId,
        attempts: 6,
        firstError: "no answer",
        lastError: "no answer",
        traceId: null,
      },
    }),
  );
}

const turn = (runId: string) => workOnRun([redriveRun])(world.ctx, { runId }, attempt);
async function previewed(wanted: Wanted): Promise<string> {
  await letters(wanted);
  const filter = { ...deadLetterFilterSchema.parse({}) };
  const { id } = await freezeRedrive(world.ctx, {
    selection: { kind: "filter", filter },
    operatorId: maker.id,
    traceId: "t",
  });
  await turn(id);
  return id;
}

const wishOf = (id: string) => ({ id, reason: "SBX1 장애 복구", itemsPerSecond: 50, failuresToPause: null });
const request = (id: string) => requestRedrive(world.ctx, { ...wishOf(id), maker, traceId: "0".repeat(32) });
const carryOut = (requestId: string) =>
  carryOutChange({ BULK_REDRIVE: redriveChange })(world.ctx, { requestId, version: 1 }, attempt);
const statusOf = async (id: string) => (await readRedriveRun(world.ctx.db, id))?.status;
const startJobs = (id: string) =>
  world.rows("SELECT 1 FROM outbox_message WHERE job_key = $1", [`work-run:${id}:start`]);

test("alone up to the limit of the role, which counts what would be sent or closed; above it nothing is started", async () => {
  const within = await previewed({ cancels: 2 });
  expect(await startRedrive(world.ctx, { ...wishOf(within), actor, role: "OPERATOR" })).toEqual({
    waiting: 2,
  });
  await world.rows("TRUNCATE dead_letter, work_run CASCADE");
  const above = await previewed({ cancels: 3 });
  await expect(startRedrive(world.ctx, { ...wishOf(above), actor, role: "OPERATOR" })).rejects.toMatchObject({
    code: "APPROVAL_REQUIRED",
    facts: { limit: 2, measured: 3 },
  });
  expect(await statusOf(above)).toBe("READY");
  expect(await startJobs(above)).toEqual([]);
  expect(await startRedrive(world.ctx, { ...wishOf(above), actor, role: "ADMIN" })).toEqual({ waiting: 3 });
});

test("net cancels alone are started by one person, however many they are", async () => {
  const id = await previewed({ netCancels: 3 });
  expect(await startRedrive(world.ctx, { ...wishOf(id), actor, role: "OPERATOR" })).toEqual({ waiting: 3 });
  await turn(id);
  expect(await readRedriveRun(world.ctx.db, id)).toMatchObject({ status: "FINISHED", counts: { CLOSED: 3 } });
});

test("of a mixed set only the others count, to start it and to ask for it", async () => {
  const within = await previewed({ cancels: 2, netCancels: 3 });
  expect(await startRedrive(world.ctx, { ...wishOf(within), actor, role: "OPERATOR" })).toEqual({
    waiting: 5,
  });
  await world.rows("TRUNCATE dead_letter, work_run CASCADE");
  const above = await previewed({ cancels: 3, netCancels: 2 });
  await expect(startRedrive(world.ctx, { ...wishOf(above), actor, role: "OPERATOR" })).rejects.toMatchObject({
    code: "APPROVAL_REQUIRED",
    facts: { limit: 2, measured: 3 },
  });
  expect(await statusOf(above)).toBe("READY");
  expect(await startJobs(above)).toEqual([]);
  const { requestId, urgent } = await request(above);
  expect(await readChange(world.ctx.db, requestId)).toMatchObject({
    measured: 3n,
    limitMax: 2n,
    payload: { runId: above, count: 3 },
  });
  // What has a deadline is sent at once; the rest waits for the second person.
  expect(urgent?.count).toBe(2);
  const urgentId = urgent?.runId ?? "";
  expect(await startJobs(urgentId)).toHaveLength(1);
  expect(await startJobs(above)).toEqual([]);
  await turn(urgentId);
  expect(await readRedriveRun(world.ctx.db, urgentId)).toMatchObject({
    status: "FINISHED",
    itemCount: 2,
    startedBy: maker.id,
    counts: { CLOSED: 2 },
  });
  expect(await readRedriveRun(world.ctx.db, above)).toMatchObject({ status: "AWAITING", itemCount: 3 });
  await approveChange(world.ctx, { requestId, version: 1, note: "", checker });
  await carryOut(requestId);
  await turn(above);
  expect(await readRedriveRun(world.ctx.db, above)).toMatchObject({
    status: "FINISHED",
    counts: { CLOSED: 3 },
  });
});

test("a set of net cancels alone is started, not asked for: nothing of it is sent by asking", async () => {
  const id = await previewed({ netCancels: 2 });
  await expect(request(id)).rejects.toMatchObject({ code: "STALE_SELECTION" });
  expect(await readRedriveRun(world.ctx.db, id)).toMatchObject({ status: "READY", itemCount: 2 });
  expect(await world.rows("SELECT 1 FROM work_run")).toHaveLength(1);
});

test("what the preview leaves to a person counts for nothing", async () => {
  await park("recover-cancel", "cxl_GONE", { cancelId: "cxl_GONE" });
  const id = await previewed({ cancels: 2 });
  expect(await startRedrive(world.ctx, { ...wishOf(id), actor, role: "OPERATOR" })).toEqual({ waiting: 2 });
});

test("a request freezes the run: it is neither started, discarded nor cleared away meanwhile", async () => {
  const id = await previewed({ cancels: 3 });
  const { requestId } = await request(id);
  expect(await readChange(world.ctx.db, requestId)).toMatchObject({
    kind: "BULK_REDRIVE",
    measured: 3n,
    limitMax: 2n,
    payload: { runId: id, count: 3 },
  });
  await expect(request(id)).rejects.toMatchObject({ code: "STALE_SELECTION" });
  await expect(startRedrive(world.ctx, { ...wishOf(id), actor, role: "ADMIN" })).rejects.toMatchObject({
    code: "STALE_SELECTION",
  });
  expect(await steerRun(world.ctx, { kind: redriveRun.name, id, how: "discard", actor })).toEqual({
    status: "AWAITING",
  });
  await world.rows("UPDATE work_run SET created_at = now() - interval '2 days'");
  await deleteUnstartedRuns(world.ctx.sql, 100);
  expect(await statusOf(id)).toBe("AWAITING");
  expect(await startJobs(id)).toEqual([]);
});

test("an approval starts it once, whichever of several workers is first, in the name of who asked", async () => {
  const id = await previewed({ cancels: 3 });
  const { requestId } = await request(id);
  await expect(
    approveChange(world.ctx, { requestId, version: 1, note: "", checker: maker }),
  ).rejects.toMatchObject({ code: "OWN_CHANGE_REQUEST" });
  await approveChange(world.ctx, { requestId, version: 1, note: "", checker });
  expect(await statusOf(id)).toBe("AWAITING");
  await Promise.all(Array.from({ length: 5 }, () => carryOut(requestId)));
  expect(await readChange(world.ctx.db, requestId)).toMatchObject({ status: "DONE", result: { runId: id } });
  expect(await startJobs(id)).toHaveLength(1);
  await turn(id);
  expect(await readRedriveRun(world.ctx.db, id)).toMatchObject({
    status: "FINISHED",
    startedBy: maker.id,
    counts: { CLOSED: 3 },
  });
  expect(
    await world.rows(
      "SELECT actor_id AS by, detail->>'changeRequest' AS request, detail->>'checker' AS checker FROM audit_log WHERE action = 'work_run.started' AND target_id = $1",
      [id],
    ),
  ).toEqual([{ by: maker.id, request: requestId, checker: checker.id }]);
});

test("sends nothing of what was settled between the preview and the approval, and nothing at all when it is withdrawn", async () => {
  const id = await previewed({ cancels: 3 });
  const { requestId } = await request(id);
  await world.rows(
    "UPDATE dead_letter SET status = 'RESOLVED', resolved_at = now(), resolution = 'x' WHERE id = (SELECT min(id) FROM dead_letter)",
  );
  await approveChange(world.ctx, { requestId, version: 1, note: "", checker });
  await carryOut(requestId);
  await turn(id);
  expect(await readRedriveRun(world.ctx.db, id)).toMatchObject({ counts: { CLOSED: 2, SKIPPED: 1 } });

  await world.rows("TRUNCATE dead_letter, outbox_message, work_run CASCADE");
  const other = await previewed({ cancels: 3 });
  const asked = await request(other);
  await withdrawChange(world.ctx, { requestId: asked.requestId, version: 1, maker });
  await carryOut(asked.requestId);
  expect(await startJobs(other)).toEqual([]);
});
