import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ChangeExecutions, carryOutChange } from "#server/change-requests/carry-out-change.ts";
import type { StoredPayload } from "#server/change-requests/change-payloads.ts";
import { readChange } from "#server/change-requests/change-request-queries.ts";
import { approveChange } from "#server/change-requests/decide-change.ts";
import { limitChange } from "#server/change-requests/limit-change.ts";
import { limitOf } from "#server/change-requests/limit-of.ts";
import { requestChange } from "#server/change-requests/request-change.ts";
import { requestLimitChange } from "#server/change-requests/request-limit-change.ts";
import { changeRole, disableOperator, enableOperator } from "#server/operators/change-operator.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import type { Context } from "#server/platform/context.ts";
import { joinTransaction } from "#server/platform/join-transaction.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

// Whoever loses the role or the account loses what they have asked for.

let world: TestWorld;
let count = 0;
let canceled: string[];

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  for (const id of [admin.id, other.id])
    await world.ctx.db.operator.create({
      data: { id, email: `${id}@example.com`, name: id, role: "ADMIN", passwordHash: "-" },
    });
});
afterAll(() => world.close());
beforeEach(async () => {
  canceled = [];
  await world.rows("DELETE FROM approval_limit");
});

const admin = { id: "op_ADMIN", ipAddress: "10.0.0.1" };
const other = { id: "op_OTHER", ipAddress: null };
const traceId = "0".repeat(32);
const attempt = { attempt: 1, messageId: 1n, traceId: null };

type Maker = Readonly<{ id: string; role: OperatorRole; ipAddress: null }>;
async function aMaker(role: OperatorRole): Promise<Maker> {
  const id = `op_${++count}`;
  await world.ctx.db.operator.create({
    data: { id, email: `${id}@example.com`, name: id, role, passwordHash: "-" },
  });
  return { id, role, ipAddress: null };
}

/** Asks for a cancel; which payment it is plays no part here. */
async function askCancel(maker: Maker, ctx: Pick<Context, "sql" | "ids"> = world.ctx): Promise<string> {
  const paymentId = `pay_${++count}`;
  const payload: StoredPayload<"CANCEL"> = {
    v: 1,
    paymentId,
    amountMinor: "3000000",
    taxFreeMinor: "0",
    balanceMinor: "3000000",
  };
  const { requestId } = await requestChange(ctx, {
    kind: "CANCEL",
    payload,
    subject: { id: paymentId, name: paymentId },
    measured: 3_000_000n,
    amountMinor: 3_000_000n,
    reason: "고객 요청",
    maker,
    traceId,
  });
  return requestId;
}

async function askLimit(maker: Maker): Promise<string> {
  await world.rows("DELETE FROM approval_limit");
  const wish = { kind: "CANCEL", role: "OPERATOR", limitMax: 2_000_000n } as const;
  const { requestId } = await requestLimitChange(world.ctx, { ...wish, reason: "성수기", maker, traceId });
  return requestId;
}

const approve = (requestId: string) =>
  approveChange(world.ctx, { requestId, version: 1, note: "", checker: other });
const executions: Partial<ChangeExecutions> = {
  CANCEL: {
    idKind: "cancel",
    async execute(_, { requestId }) {
      canceled.push(requestId);
      return { kind: "done", result: {} };
    },
  },
  LIMIT_CHANGE: limitChange,
};
const carryOut = (requestId: string) =>
  carryOutChange(executions)(world.ctx, { requestId, version: 1 }, attempt);
/** Begun, and its outcome is not known yet. */
const begin = (requestId: string) =>
  carryOutChange({ CANCEL: { idKind: "cancel", execute: async () => ({ kind: "pending" }) } })(
    world.ctx,
    { requestId, version: 1 },
    attempt,
  );
const statusOf = async (requestId: string) => (await readChange(world.ctx.db, requestId))?.status;
const lastEventOf = async (requestId: string) =>
  (await readChange(world.ctx.db, requestId))?.events.at(-1) ?? undefined;

describe("an account that is shut", () => {
  test("ends what waits for a decision and what was approved, says why, and leaves what has begun", async () => {
    const maker = await aMaker("OPERATOR");
    const pending = await askCancel(maker);
    const approved = await askCancel(maker);
    const running = await askCancel(maker);
    await approve(approved);
    await approve(running);
    await begin(running);
    const others = await askCancel(await aMaker("OPERATOR"));

    await disableOperator(world.ctx, { operatorId: maker.id, reason: "부서 이동", actor: admin });
    for (const requestId of [pending, approved]) {
      expect(await statusOf(requestId)).toBe("WITHDRAWN");
      expect(await lastEventOf(requestId)).toMatchObject({ kind: "MAKER_DISABLED", actorId: admin.id });
    }
    expect(await statusOf(running)).toBe("RUNNING");
    expect(await statusOf(others)).toBe("PENDING");
    expect(
      await world.rows(
        `SELECT target_id AS id, actor_id AS by, detail->>'because' AS because, detail->'approvalVoided' AS voided
         FROM audit_log WHERE action = 'change_request.ended_with_maker' AND detail->>'maker' = $1 ORDER BY seq`,
        [maker.id],
      ),
    ).toEqual([
      { id: pending, by: admin.id, because: "MAKER_DISABLED", voided: false },
      { id: approved, by: admin.id, because: "MAKER_DISABLED", voided: true },
    ]);
    expect(
      await world.rows(
        "SELECT detail->'requestsEnded' AS ended FROM audit_log WHERE action = 'operator.disabled' AND target_id = $1",
        [maker.id],
      ),
    ).toEqual([{ ended: 2 }]);

    await expect(approve(pending)).rejects.toMatchObject({ code: "CHANGE_REQUEST_DECIDED" });
    await carryOut(approved);
    expect(canceled).toEqual([]);
    await carryOut(running);
    expect(canceled).toEqual([running]);

    // What has ended stays so when the account is opened again.
    await enableOperator(world.ctx, { operatorId: maker.id, actor: admin });
    await carryOut(approved);
    expect(await statusOf(approved)).toBe("WITHDRAWN");
  });

  test("does nothing more of what has begun in vain so far: it is refused", async () => {
    const maker = await aMaker("ADMIN");
    const requestId = await askLimit(maker);
    await approve(requestId);
    const inTrouble: Partial<ChangeExecutions> = {
      LIMIT_CHANGE: {
        idKind: "execution",
        async executeWithin() {
          throw new Error("trouble");
        },
      },
    };
    const job = { requestId, version: 1 };
    expect(await carryOutChange(inTrouble)(world.ctx, job, attempt)).toMatchObject({ kind: "again" });
    await disableOperator(world.ctx, { operatorId: maker.id, reason: "부서 이동", actor: admin });
    expect(await statusOf(requestId)).toBe("RUNNING");
    await carryOut(requestId);
    expect(await readChange(world.ctx.db, requestId)).toMatchObject({
      status: "REFUSED",
      refusalCode: "FORBIDDEN_SCOPE",
    });
    expect(await limitOf(world.ctx.sql, "OPERATOR", "CANCEL")).toBe(500_000n);
  });

  test("keeps its requests when it is not shut after all", async () => {
    const maker = await aMaker("ADMIN");
    const requestId = await askLimit(maker);
    await world.rows("UPDATE operator SET role = 'AUDITOR' WHERE role = 'ADMIN' AND id <> $1", [maker.id]);
    await expect(
      disableOperator(world.ctx, { operatorId: maker.id, reason: "부서 이동", actor: admin }),
    ).rejects.toMatchObject({
      code: "LAST_ADMIN",
    });
    await world.rows("UPDATE operator SET role = 'ADMIN' WHERE id = ANY($1)", [[admin.id, other.id]]);
    expect(await statusOf(requestId)).toBe("PENDING");
    expect((await lastEventOf(requestId))?.kind).toBe("REQUESTED");
    await disableOperator(world.ctx, { operatorId: maker.id, reason: "부서 이동", actor: admin });
    expect(await statusOf(requestId)).toBe("WITHDRAWN");
  });
});

describe("another role", () => {
  test("ends what that role may not ask for, and nothing else", async () => {
    const maker = await aMaker("ADMIN");
    const cancel = await askCancel(maker);
    const limit = await askLimit(maker);
    await approve(limit);
    await changeRole(world.ctx, {
      operatorId: maker.id,
      role: "OPERATOR",
      reason: "부서 이동",
      actor: admin,
    });
    expect(await statusOf(cancel)).toBe("PENDING");
    expect(await statusOf(limit)).toBe("WITHDRAWN");
    expect(await lastEventOf(limit)).toMatchObject({ kind: "MAKER_DEMOTED", actorId: admin.id });
    await carryOut(limit);
    expect(await limitOf(world.ctx.sql, "OPERATOR", "CANCEL")).toBe(500_000n);

    await changeRole(world.ctx, { operatorId: maker.id, role: "VIEWER", reason: "부서 이동", actor: admin });
    expect(await statusOf(cancel)).toBe("WITHDRAWN");
  });

  test("that may ask for the same ends nothing", async () => {
    const maker = await aMaker("OPERATOR");
    const requestId = await askCancel(maker);
    await changeRole(world.ctx, { operatorId: maker.id, role: "ADMIN", reason: "부서 이동", actor: admin });
    expect(await statusOf(requestId)).toBe("PENDING");
  });
});

describe("a request", () => {
  test("is not made by who is shut out, has another role by now, or is nobody", async () => {
    const shut = await aMaker("OPERATOR");
    await disableOperator(world.ctx, { operatorId: shut.id, reason: "부서 이동", actor: admin });
    const demoted = await aMaker("OPERATOR");
    await changeRole(world.ctx, {
      operatorId: demoted.id,
      role: "VIEWER",
      reason: "부서 이동",
      actor: admin,
    });
    for (const maker of [shut, demoted, { ...shut, id: "op_NONE" }])
      await expect(askCancel(maker)).rejects.toMatchObject({ code: "FORBIDDEN_SCOPE" });
    // Nor for a kind in which the role never acts, whatever the screen allowed.
    await expect(askLimit(await aMaker("OPERATOR"))).rejects.toMatchObject({ code: "FORBIDDEN_SCOPE" });
  });

  test("that is made while its maker is being shut out waits for that, and is refused", async () => {
    const maker = await aMaker("OPERATOR");
    const asked = await world.ctx.sql.transaction(async (sql) => {
      await disableOperator(joinTransaction(world.ctx, sql), {
        operatorId: maker.id,
        reason: "부서 이동",
        actor: admin,
      });
      const asking = Promise.allSettled([askCancel(maker)]);
      expect(await isStillWaiting(asking)).toBe(true);
      // In a list, or the transaction would wait for who waits for it.
      return [asking];
    });
    expect(await asked[0]).toMatchObject([{ status: "rejected", reason: { code: "FORBIDDEN_SCOPE" } }]);
  });

  test("that is being made when its maker is shut out is found and ended", async () => {
    const maker = await aMaker("OPERATOR");
    const { requestId, shutting } = await world.ctx.sql.transaction(async (sql) => {
      const id = await askCancel(maker, joinTransaction(world.ctx, sql));
      const disabling = disableOperator(world.ctx, {
        operatorId: maker.id,
        reason: "부서 이동",
        actor: admin,
      });
      expect(await isStillWaiting(disabling)).toBe(true);
      return { requestId: id, shutting: [disabling] };
    });
    expect(await shutting[0]).toEqual({ changed: true });
    expect(await statusOf(requestId)).toBe("WITHDRAWN");
  });

  test("that a worker takes while its maker is shut out is carried out or ended, never both", async () => {
    for (let round = 0; round < 6; round++) {
      const maker = await aMaker("OPERATOR");
      const requestId = await askCancel(maker);
      await approve(requestId);
      await Promise.all([
        disableOperator(world.ctx, { operatorId: maker.id, reason: "부서 이동", actor: admin }),
        carryOut(requestId),
      ]);
      const status = await statusOf(requestId);
      expect(["DONE", "WITHDRAWN"]).toContain(status);
      expect(canceled.includes(requestId)).toBe(status === "DONE");
    }
  });
});

/** True when something has not ended after a while in which it would have, if nothing held it. */
function isStillWaiting(work: Promise<unknown>): Promise<boolean> {
  return Promise.race([
    work.then(() => false),
    new Promise<true>((resolve) => setTimeout(() => resolve(true), 300)),
  ]);
}
