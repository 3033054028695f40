import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { carryOutChange } from "#server/change-requests/carry-out-change.ts";
import { carryOutChangeJob } from "#server/change-requests/change-jobs.ts";
import type { ChangeKind } from "#server/change-requests/change-kinds.values.ts";
import {
  countWaiting,
  listChanges,
  readChange,
  readPolicy,
} from "#server/change-requests/change-request-queries.ts";
import { approveChange, rejectChange } from "#server/change-requests/decide-change.ts";
import { withdrawChange } from "#server/change-requests/edit-change.ts";
import { expireChanges } from "#server/change-requests/expire-changes.ts";
import { limitChange } from "#server/change-requests/limit-change.ts";
import { limitOf } from "#server/change-requests/limit-of.ts";
import { requestLimitChange } from "#server/change-requests/request-limit-change.ts";
import { setLimit } from "#server/change-requests/set-limit.ts";
import type { OperatorRole, SignedInOperator } from "#server/operators/permissions.ts";
import { runMessage, type Workshop, work } from "#server/outbox/run-message.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelAsOperator } from "#server/payments/cancel-as-operator.ts";
import { cancelChange } from "#server/payments/cancel-change.ts";
import { previewOperatorCancel } from "#server/payments/preview-operator-cancel.ts";
import { editCancelRequest, requestCancel } from "#server/payments/request-cancel.ts";
import { joinTransaction } from "#server/platform/join-transaction.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  for (const { id, name, role } of Object.values(people))
    await world.ctx.db.operator.create({
      data: { id, email: `${id}@example.com`, name, role, passwordHash: "-" },
    });
});
afterAll(() => world.close());
beforeEach(() => world.rows("DELETE FROM approval_limit"));

const person = (id: string, name: string, role: OperatorRole) => ({ id, name, role, ipAddress: "10.0.0.1" });
const people = {
  maker: person("op_MAKER", "박준영", "OPERATOR"),
  other: person("op_OTHER", "김하늘", "OPERATOR"),
  checker: person("op_CHECKER", "정도현", "ADMIN"),
  second: person("op_SECOND", "이가람", "ADMIN"),
};
const { maker, checker, second } = people;
const signedIn = (who: (typeof people)[keyof typeof people]): SignedInOperator => ({
  ...who,
  email: `${who.id}@example.com`,
  sessionId: "ses_1",
});

async function aPayment(amountMinor: bigint): Promise<string> {
  const reply = await approvePayment(world.ctx, anApproval(world, { amountMinor }));
  expect(reply.status).toBe(200);
  return (JSON.parse(reply.body) as { data: { paymentKey: string } }).data.paymentKey;
}

const aWish = (paymentId: string, amountMinor: bigint, balanceMinor: bigint, operator = maker) => ({
  paymentId,
  amountMinor,
  currentCancelableMinor: balanceMinor,
  reason: "단체 예약 취소",
  operator,
  requestKey: randomUUID(),
  traceId: randomUUID().replaceAll("-", ""),
});

/** A pending request of the maker for the whole of a payment of 3,000,000. */
async function aRequest(): Promise<{ requestId: string; paymentId: string }> {
  const paymentId = await aPayment(3_000_000n);
  const { requestId } = await requestCancel(world.ctx, aWish(paymentId, 3_000_000n, 3_000_000n));
  return { requestId, paymentId };
}

const decision = (requestId: string, who = checker, version = 1) => ({
  requestId,
  version,
  note: "확인했어요",
  checker: who,
});

const statusOf = async (requestId: string) => (await readChange(world.ctx.db, requestId))?.status;
const eventsOf = async (requestId: string) =>
  (await readChange(world.ctx.db, requestId))?.events.map(({ kind }) => kind);
const cancelsOf = (paymentId: string) =>
  world.rows<{ id: string; status: string; amount: bigint }>(
    "SELECT id, status::text AS status, amount_minor AS amount FROM payment_cancel WHERE payment_id = $1",
    [paymentId],
  );

const carryOut = carryOutChange({ CANCEL: cancelChange, LIMIT_CHANGE: limitChange });
const workshop: Workshop = {
  registry: new Map([[carryOutChangeJob.name, work(carryOutChangeJob, carryOut)]]),
  afterlife: { park: async () => undefined, resolve: async () => undefined },
};

/** Performs the jobs an approval has left, as a worker would. */
async function performJobs(requestId: string, on: Workshop = workshop): Promise<number> {
  const jobs = await world.rows<{ id: bigint }>(
    "SELECT id FROM outbox_message WHERE subject_id = $1 AND done_at IS NULL ORDER BY id",
    [requestId],
  );
  // A job that was put off is due now: tests do not wait. The column rounds to milliseconds; rounded up, it would lie ahead.
  await world.rows(
    "UPDATE outbox_message SET available_at = date_trunc('milliseconds', now()), locked_until = NULL WHERE id = ANY($1)",
    [jobs.map(({ id }) => id)],
  );
  for (const { id } of jobs) await runMessage(world.ctx, on, id);
  return jobs.length;
}

type Loosened = Readonly<{ kind: ChangeKind; role: OperatorRole; limitMax: bigint | null }>;
const askLimit = (wish: Loosened, who = checker) =>
  requestLimitChange(world.ctx, { ...wish, reason: "성수기", maker: who, traceId: "0".repeat(32) });

/** Lets a role do more alone, as two administrators do it. */
async function loosen(wish: Loosened): Promise<void> {
  const { requestId } = await askLimit(wish);
  await approveChange(world.ctx, decision(requestId, second));
  await performJobs(requestId);
  expect(await statusOf(requestId)).toBe("DONE");
}

const attempt = { attempt: 1, messageId: 1n, traceId: null };

describe("an operator's cancel", () => {
  test("is done alone up to the limit and refused above it, and nothing is begun then", async () => {
    const paymentId = await aPayment(500_001n);
    const wish = { ...aWish(paymentId, 500_001n, 500_001n), locale: "ko" as const };
    await expect(cancelAsOperator(world.ctx, wish)).rejects.toMatchObject({
      code: "APPROVAL_REQUIRED",
      facts: { limit: 500_000, measured: 500_001 },
    });
    expect(await cancelsOf(paymentId)).toEqual([]);
    expect(await cancelAsOperator(world.ctx, { ...wish, amountMinor: 500_000n })).toMatchObject({
      result: "succeeded",
    });
  });

  test("does not pass the limit in parts, nor side by side", async () => {
    const paymentId = await aPayment(3_000_000n);
    const part = (balanceMinor: bigint) => ({
      ...aWish(paymentId, 300_000n, balanceMinor),
      locale: "ko" as const,
    });
    const both = await Promise.allSettled([
      cancelAsOperator(world.ctx, part(3_000_000n)),
      cancelAsOperator(world.ctx, part(3_000_000n)),
    ]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(cancelAsOperator(world.ctx, part(2_700_000n))).rejects.toMatchObject({
      code: "APPROVAL_REQUIRED",
      facts: { measured: 600_000 },
    });
    expect(
      await previewOperatorCancel(world.ctx, { paymentId, amountMinor: 300_000n, operator: maker }),
    ).toMatchObject({ approval: { isNeeded: true, limitMinor: 500_000n, usedMinor: 300_000n } });
  });

  test("sees what the mall gets before and after, by the contract of the day of the approval (ST-3)", async () => {
    const paymentId = await aPayment(98_000n);
    const half = { paymentId, amountMinor: 48_000n, operator: maker };
    expect(await previewOperatorCancel(world.ctx, half)).toMatchObject({ settled: null });
    const agree = (id: string, inDays: number, rateE5: number) =>
      world.rows(
        `INSERT INTO mall_contract (id, mall_id, method, effective_from, fee_rate_e5, fee_rounding, is_fee_refundable, cycle, lag_business_days, created_by)
          SELECT $1, mall_id, 'CARD', (now() AT TIME ZONE 'Asia/Seoul')::date + $2::int, $3, 'FLOOR_1', true, 'DAILY', 2, 'op_1' FROM payment WHERE id = $4`,
        [id, inDays, rateE5, paymentId],
      );
    await agree("ctr_present", -9, 2_200);
    await agree("ctr_next", 1, 2_500);
    expect((await previewOperatorCancel(world.ctx, half)).settled).toEqual({
      now: { amountMinor: 98_000n, feeMinor: 2_156n, feeVatMinor: 216n, netMinor: 95_628n },
      change: { amountMinor: -48_000n, feeMinor: -1_056n, feeVatMinor: -106n, netMinor: -46_838n },
      after: { amountMinor: 50_000n, feeMinor: 1_100n, feeVatMinor: 110n, netMinor: 48_790n },
      isFeeRefundable: true,
    });
  });

  test("follows the limit that an administrator has set, from the next cancel on", async () => {
    const paymentId = await aPayment(20_000n);
    const wish = { ...aWish(paymentId, 20_000n, 20_000n), locale: "ko" as const };
    await setLimit(world.ctx, { kind: "CANCEL", role: "OPERATOR", limitMax: 10_000n, actor: checker });
    await expect(cancelAsOperator(world.ctx, wish)).rejects.toMatchObject({ code: "APPROVAL_REQUIRED" });
    await loosen({ kind: "CANCEL", role: "OPERATOR", limitMax: null });
    expect(await cancelAsOperator(world.ctx, wish)).toMatchObject({ result: "succeeded" });
  });
});

describe("a request", () => {
  test("is refused for what could not be done, and while one is open for the same payment", async () => {
    const { requestId, paymentId } = await aRequest();
    await expect(
      requestCancel(world.ctx, aWish(paymentId, 2_000_000n, 3_000_000n, people.other)),
    ).rejects.toMatchObject({ code: "CHANGE_REQUEST_OPEN", facts: { requestId } });
    await expect(requestCancel(world.ctx, aWish(paymentId, 1n, 2_999_999n))).rejects.toMatchObject({
      code: "CANCELABLE_AMOUNT_MISMATCH",
    });
    await expect(requestCancel(world.ctx, aWish("pay_NONE", 1n, 1n))).rejects.toMatchObject({
      code: "NOT_FOUND_PAYMENT",
    });
  });

  test("asked for twenty times at once is one request", async () => {
    const paymentId = await aPayment(3_000_000n);
    const asked = await Promise.allSettled(
      Array.from({ length: 20 }, () => requestCancel(world.ctx, aWish(paymentId, 3_000_000n, 3_000_000n))),
    );
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const refused = asked.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(["CHANGE_REQUEST_OPEN"]));
  });

  test("waits for others, is one's own in 'mine', and is counted for who may decide it", async () => {
    const before = await countWaiting(world.ctx.db, signedIn(checker));
    const { requestId } = await aRequest();
    const page = { cursor: null, limit: 50 } as const;
    const seen = async (view: "waiting" | "mine" | "closed", who: typeof maker) =>
      (await listChanges(world.ctx.db, { ...page, view, operator: signedIn(who) })).requests.map(
        ({ id }) => id,
      );
    expect(await seen("waiting", checker)).toContain(requestId);
    expect(await seen("mine", maker)).toContain(requestId);
    expect(await seen("mine", checker)).not.toContain(requestId);
    expect(await countWaiting(world.ctx.db, signedIn(checker))).toBe(before + 1);
    await rejectChange(world.ctx, decision(requestId));
    expect(await seen("waiting", checker)).not.toContain(requestId);
    expect(await seen("closed", checker)).toContain(requestId);
  });
});

describe("a decision", () => {
  test("is never the maker's own: the table itself refuses it", async () => {
    const { requestId } = await aRequest();
    await expect(
      world.rows(
        "UPDATE change_request SET status = 'APPROVED', decided_by = maker_id, decided_at = now() WHERE id = $1",
        [requestId],
      ),
    ).rejects.toMatchObject({ constraint: "change_request_checker_is_not_maker" });
    await expect(
      world.rows("UPDATE change_request SET maker_id = 'op_CHECKER' WHERE id = $1", [requestId]),
    ).rejects.toThrow("keeps its kind, subject and maker");
  });

  test("of one's own request is refused by that rule and written down", async () => {
    const paymentId = await aPayment(30_000_000n);
    const { requestId } = await requestCancel(world.ctx, aWish(paymentId, 30_000_000n, 30_000_000n, checker));
    await expect(approveChange(world.ctx, decision(requestId, checker))).rejects.toMatchObject({
      code: "OWN_CHANGE_REQUEST",
    });
    await expect(rejectChange(world.ctx, decision(requestId, checker))).rejects.toMatchObject({
      code: "OWN_CHANGE_REQUEST",
    });
    expect(await statusOf(requestId)).toBe("PENDING");
    expect(
      await world.rows(
        "SELECT actor_id, outcome FROM audit_log WHERE target_id = $1 AND action = 'change_request.own_decision'",
        [requestId],
      ),
    ).toEqual([
      { actor_id: checker.id, outcome: "refused" },
      { actor_id: checker.id, outcome: "refused" },
    ]);
    await approveChange(world.ctx, decision(requestId, second));
    expect(await statusOf(requestId)).toBe("APPROVED");
  });

  test("is one, of two who approve and two who reject at the same moment", async () => {
    for (let round = 0; round < 5; round++) {
      const { requestId, paymentId } = await aRequest();
      const decided = await Promise.allSettled([
        approveChange(world.ctx, decision(requestId, checker)),
        approveChange(world.ctx, decision(requestId, second)),
        rejectChange(world.ctx, decision(requestId, checker)),
        rejectChange(world.ctx, decision(requestId, second)),
      ]);
      expect(decided.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const one of decided)
        if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "CHANGE_REQUEST_DECIDED" });
      const isApproved = (await statusOf(requestId)) === "APPROVED";
      expect(await performJobs(requestId)).toBe(isApproved ? 1 : 0);
      expect(await cancelsOf(paymentId)).toHaveLength(isApproved ? 1 : 0);
    }
  });

  test("with a note rejects it, and nothing is done", async () => {
    const { requestId, paymentId } = await aRequest();
    await rejectChange(world.ctx, { ...decision(requestId), note: "금액을 다시 확인해 주세요" });
    expect(await readChange(world.ctx.db, requestId)).toMatchObject({
      status: "REJECTED",
      checkerName: checker.name,
      decisionNote: "금액을 다시 확인해 주세요",
    });
    expect(await performJobs(requestId)).toBe(0);
    expect(await cancelsOf(paymentId)).toEqual([]);
    // Somebody may ask again.
    await requestCancel(world.ctx, aWish(paymentId, 3_000_000n, 3_000_000n));
  });
});

describe("time", () => {
  const overdue = (requestId: string) =>
    world.rows(
      `UPDATE change_request SET version = version + 1, status = 'PENDING', expires_at = clock_timestamp() - interval '1 second' WHERE id = $1`,
      [requestId],
    );

  test("runs out by the clock of the database, whether or not anything has swept", async () => {
    const { requestId } = await aRequest();
    await overdue(requestId);
    await expect(approveChange(world.ctx, decision(requestId, checker, 2))).rejects.toMatchObject({
      code: "CHANGE_REQUEST_EXPIRED",
    });
    await expect(
      world.rows(
        "UPDATE change_request SET status = 'APPROVED', decided_by = 'op_CHECKER', decided_at = now() WHERE id = $1",
        [requestId],
      ),
    ).rejects.toThrow("has expired");
    await expect(
      editCancelRequest(world.ctx, {
        ...aWish((await readChange(world.ctx.db, requestId))?.subjectId ?? "", 1n, 3_000_000n),
        requestId,
        version: 2,
      }),
    ).rejects.toMatchObject({ code: "CHANGE_REQUEST_EXPIRED" });
  });

  test("ends what nobody decided, once, and leaves what still waits", async () => {
    const [late, waiting] = [await aRequest(), await aRequest()];
    await overdue(late.requestId);
    const swept = await Promise.all([expireChanges(world.ctx), expireChanges(world.ctx)]);
    expect(swept[0] + swept[1]).toBeGreaterThanOrEqual(1);
    expect(await statusOf(late.requestId)).toBe("EXPIRED");
    expect((await eventsOf(late.requestId))?.filter((kind) => kind === "EXPIRED")).toHaveLength(1);
    expect(await statusOf(waiting.requestId)).toBe("PENDING");
    await expect(
      world.rows("UPDATE change_request SET status = 'EXPIRED', finished_at = now() WHERE id = $1", [
        waiting.requestId,
      ]),
    ).rejects.toThrow("has not expired");
  });
});

describe("an edit", () => {
  test("makes a new version that is decided anew; who looked at the old one is told", async () => {
    const { requestId, paymentId } = await aRequest();
    expect(
      await editCancelRequest(world.ctx, {
        ...aWish(paymentId, 2_000_000n, 3_000_000n),
        requestId,
        version: 1,
      }),
    ).toEqual({ version: 2 });
    await expect(approveChange(world.ctx, decision(requestId))).rejects.toMatchObject({
      code: "CHANGE_REQUEST_EDITED",
    });
    await approveChange(world.ctx, decision(requestId, checker, 2));
    await performJobs(requestId);
    expect(await cancelsOf(paymentId)).toMatchObject([{ status: "SUCCEEDED", amount: 2_000_000n }]);
  });

  test("voids an approval that has not begun: its job does nothing", async () => {
    const { requestId, paymentId } = await aRequest();
    await approveChange(world.ctx, decision(requestId));
    await editCancelRequest(world.ctx, {
      ...aWish(paymentId, 2_500_000n, 3_000_000n),
      requestId,
      version: 1,
    });
    expect(await readChange(world.ctx.db, requestId)).toMatchObject({ status: "PENDING", decidedAt: null });
    expect(await performJobs(requestId)).toBe(1);
    expect(await cancelsOf(paymentId)).toEqual([]);
    expect(await eventsOf(requestId)).toEqual(["REQUESTED", "APPROVED", "VOIDED", "EDITED"]);
    await approveChange(world.ctx, decision(requestId, second, 2));
    await performJobs(requestId);
    expect(await cancelsOf(paymentId)).toMatchObject([{ amount: 2_500_000n }]);
  });

  test("is the maker's alone, and over once the execution has begun", async () => {
    const { requestId, paymentId } = await aRequest();
    const edit = { ...aWish(paymentId, 1_500_000n, 3_000_000n), requestId, version: 1 };
    await expect(editCancelRequest(world.ctx, { ...edit, operator: people.other })).rejects.toMatchObject({
      code: "FORBIDDEN_SCOPE",
    });
    await approveChange(world.ctx, decision(requestId));
    const begunOnly = carryOutChange({
      CANCEL: { idKind: "cancel", execute: async () => ({ kind: "pending" }) },
    });
    await begunOnly(world.ctx, { requestId, version: 1 }, attempt);
    await expect(editCancelRequest(world.ctx, edit)).rejects.toMatchObject({
      code: "CHANGE_REQUEST_DECIDED",
    });
    await expect(withdrawChange(world.ctx, { requestId, version: 1, maker })).rejects.toMatchObject({
      code: "CHANGE_REQUEST_DECIDED",
    });
    await expect(
      world.rows("UPDATE change_request SET status = 'WITHDRAWN', finished_at = now() WHERE id = $1", [
        requestId,
      ]),
    ).rejects.toThrow("may not move from RUNNING to WITHDRAWN");
    await expect(
      world.rows(
        "UPDATE change_request SET version = 2, status = 'PENDING', reason = 'x', decided_by = NULL, decided_at = NULL WHERE id = $1",
        [requestId],
      ),
    ).rejects.toThrow("may be edited only");
  });

  test("cannot slip a different amount under an approval", async () => {
    const { requestId } = await aRequest();
    await approveChange(world.ctx, decision(requestId));
    await expect(
      world.rows("UPDATE change_request SET amount_minor = 1 WHERE id = $1", [requestId]),
    ).rejects.toThrow("may be edited only");
  });
});

describe("a withdrawal", () => {
  test("is the maker's alone, also of an approval that has not begun, and keeps who gave it", async () => {
    const { requestId, paymentId } = await aRequest();
    await approveChange(world.ctx, decision(requestId));
    await expect(
      withdrawChange(world.ctx, { requestId, version: 1, maker: people.other }),
    ).rejects.toMatchObject({ code: "FORBIDDEN_SCOPE" });
    await withdrawChange(world.ctx, { requestId, version: 1, maker });
    expect(await performJobs(requestId)).toBe(1);
    expect(await cancelsOf(paymentId)).toEqual([]);
    expect(await readChange(world.ctx.db, requestId)).toMatchObject({
      status: "WITHDRAWN",
      checkerName: checker.name,
    });
    expect(await eventsOf(requestId)).toEqual(["REQUESTED", "APPROVED", "WITHDRAWN"]);
    expect(
      await world.rows(
        "SELECT actor_id AS by, detail->'approvalVoided' AS voided FROM audit_log WHERE target_id = $1 AND action = 'change_request.withdrawn'",
        [requestId],
      ),
    ).toEqual([{ by: maker.id, voided: true }]);
    await expect(withdrawChange(world.ctx, { requestId, version: 1, maker })).rejects.toMatchObject({
      code: "CHANGE_REQUEST_DECIDED",
    });
    // Somebody may ask again.
    await requestCancel(world.ctx, aWish(paymentId, 3_000_000n, 3_000_000n));
  });

  test("and a worker that takes the approval at the same moment: one of them, never both", async () => {
    for (let round = 0; round < 6; round++) {
      const { requestId, paymentId } = await aRequest();
      await approveChange(world.ctx, decision(requestId));
      const [withdrawn] = await Promise.allSettled([
        withdrawChange(world.ctx, { requestId, version: 1, maker }),
        carryOut(world.ctx, { requestId, version: 1 }, attempt),
      ]);
      const isWithdrawn = withdrawn.status === "fulfilled";
      expect(await statusOf(requestId)).toBe(isWithdrawn ? "WITHDRAWN" : "DONE");
      expect(await cancelsOf(paymentId)).toHaveLength(isWithdrawn ? 0 : 1);
    }
  });
});

describe("carrying it out", () => {
  test("cancels in the maker's name through the same use case, and says so on the request", async () => {
    const { requestId, paymentId } = await aRequest();
    await approveChange(world.ctx, decision(requestId));
    await performJobs(requestId);
    const change = await readChange(world.ctx.db, requestId);
    expect(change).toMatchObject({ status: "DONE", result: { amountMinor: "3000000" } });
    expect(await cancelsOf(paymentId)).toEqual([
      { id: change?.executionId, status: "SUCCEEDED", amount: 3_000_000n },
    ]);
    expect(
      await world.rows(
        "SELECT actor_id, detail->>'changeRequest' AS request, detail->>'checker' AS checker FROM audit_log WHERE target_id = $1 AND action = 'payment.cancel'",
        [paymentId],
      ),
    ).toEqual([{ actor_id: maker.id, request: requestId, checker: checker.id }]);
    expect(await world.rows("SELECT audit_verify() AS broken")).toEqual([{ broken: null }]);
  });

  test("happens once, when the process dies before the cancel, after it, and before it is written down", async () => {
    const deaths = [
      // Begun, and dead before anything was asked of the VAN.
      async () => {
        throw new Error("died");
      },
      // The cancel was made, and dead before the request said so.
      async (...call: Parameters<typeof cancelChange.execute>) => {
        await cancelChange.execute(...call);
        throw new Error("died");
      },
    ];
    for (const execute of deaths) {
      const { requestId, paymentId } = await aRequest();
      await approveChange(world.ctx, decision(requestId));
      const dying = carryOutChange({ CANCEL: { idKind: "cancel", execute } });
      expect(await dying(world.ctx, { requestId, version: 1 }, attempt)).toMatchObject({ kind: "again" });
      expect(await statusOf(requestId)).toBe("RUNNING");
      await performJobs(requestId);
      await performJobs(requestId);
      expect(await statusOf(requestId)).toBe("DONE");
      expect(await cancelsOf(paymentId)).toHaveLength(1);
    }
  });

  test("happens once, when eight workers take it at the same moment", async () => {
    const { requestId, paymentId } = await aRequest();
    await approveChange(world.ctx, decision(requestId));
    await Promise.all(
      Array.from({ length: 8 }, () => carryOut(world.ctx, { requestId, version: 1 }, attempt)),
    );
    await performJobs(requestId);
    expect(await cancelsOf(paymentId)).toHaveLength(1);
    expect(await statusOf(requestId)).toBe("DONE");
    expect((await eventsOf(requestId))?.filter((kind) => kind === "STARTED")).toHaveLength(1);
    expect((await eventsOf(requestId))?.filter((kind) => kind === "DONE")).toHaveLength(1);
  });

  test("is refused with the code when the balance is not the one that was approved", async () => {
    const { requestId, paymentId } = await aRequest();
    await cancelAsOperator(world.ctx, {
      ...aWish(paymentId, 500_000n, 3_000_000n, checker),
      locale: "ko",
    });
    await approveChange(world.ctx, decision(requestId));
    await performJobs(requestId);
    expect(await readChange(world.ctx.db, requestId)).toMatchObject({
      status: "REFUSED",
      refusalCode: "CANCELABLE_AMOUNT_MISMATCH",
    });
    expect(await cancelsOf(paymentId)).toHaveLength(1);
  });

  test("waits while the outcome at the VAN is unknown, and cancels nothing a second time", async () => {
    const { requestId, paymentId } = await aRequest();
    await approveChange(world.ctx, decision(requestId));
    world.van.next.cancel.push("timeout");
    await performJobs(requestId);
    expect(await statusOf(requestId)).toBe("RUNNING");
    expect(await cancelsOf(paymentId)).toMatchObject([{ status: "UNKNOWN" }]);
    await performJobs(requestId);
    expect(await statusOf(requestId)).toBe("RUNNING");
    expect(await cancelsOf(paymentId)).toHaveLength(1);
  });

  test("counts no more against the maker's own limit on that payment", async () => {
    const paymentId = await aPayment(3_000_000n);
    const { requestId } = await requestCancel(world.ctx, aWish(paymentId, 2_000_000n, 3_000_000n));
    await approveChange(world.ctx, decision(requestId));
    await performJobs(requestId);
    expect(
      await cancelAsOperator(world.ctx, { ...aWish(paymentId, 500_000n, 1_000_000n), locale: "ko" }),
    ).toMatchObject({ result: "succeeded" });
  });
});

describe("the limits", () => {
  test("are the kinds' own until an administrator says otherwise, which the log shows before and after", async () => {
    expect(await limitOf(world.ctx.sql, "OPERATOR", "CANCEL")).toBe(500_000n);
    expect(await limitOf(world.ctx.sql, "ADMIN", "CANCEL")).toBe(10_000_000n);
    expect(await limitOf(world.ctx.sql, "VIEWER", "CANCEL")).toBe(0n);
    expect(await limitOf(world.ctx.sql, "ADMIN", "KEY_CHANGE")).toBe(0n);
    expect(await limitOf(world.ctx.sql, "ADMIN", "CONTRACT_CHANGE")).toBe(0n);
    const change = { kind: "CANCEL", role: "OPERATOR", limitMax: 300_000n, actor: checker } as const;
    expect(await setLimit(world.ctx, change)).toEqual({ changed: true });
    expect(await setLimit(world.ctx, change)).toEqual({ changed: false });
    expect(await limitOf(world.ctx.sql, "OPERATOR", "CANCEL")).toBe(300_000n);
    expect(
      await world.rows(
        "SELECT actor_id, detail->'before' AS before, detail->'after' AS after FROM audit_log WHERE action = 'approval_limit.changed' ORDER BY seq DESC LIMIT 1",
      ),
    ).toEqual([{ actor_id: checker.id, before: { limit: "500000" }, after: { limit: "300000" } }]);
    expect((await readPolicy(world.ctx.db)).find(({ kind }) => kind === "CANCEL")).toMatchObject({
      isInUse: true,
      limits: [
        { role: "OPERATOR", limitMax: 300_000n, isDefault: false, updatedByName: checker.name },
        { role: "ADMIN", limitMax: 10_000_000n, isDefault: true },
      ],
    });
  });

  test("belong only to roles that act in the kind, and those on limits and on settlements are nobody's to set", async () => {
    for (const wish of [
      { kind: "CANCEL", role: "VIEWER", limitMax: null },
      { kind: "LIMIT_CHANGE", role: "ADMIN", limitMax: null },
      { kind: "SETTLEMENT_CONFIRM", role: "SETTLEMENT", limitMax: 1_000_000n },
      { kind: "SETTLEMENT_PAYOUT", role: "ADMIN", limitMax: null },
      { kind: "WITHHOLD", role: "SETTLEMENT", limitMax: 1_000_000n },
      { kind: "ADJUSTMENT", role: "ADMIN", limitMax: 1_000_000n },
    ] as const) {
      await expect(setLimit(world.ctx, { ...wish, actor: checker })).rejects.toMatchObject({
        code: "INVALID_REQUEST",
      });
      await expect(askLimit(wish)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    }
    expect(await limitOf(world.ctx.sql, "ADMIN", "LIMIT_CHANGE")).toBe(0n);
    expect((await readPolicy(world.ctx.db)).filter(({ isFixed }) => isFixed).map(({ kind }) => kind)).toEqual(
      ["SETTLEMENT_CONFIRM", "SETTLEMENT_PAYOUT", "WITHHOLD", "ADJUSTMENT", "LIMIT_CHANGE"],
    );
  });

  test("that were once set for a kind that is fixed count no more, neither shown nor held against", async () => {
    await world.rows(
      "INSERT INTO approval_limit (kind, role, limit_max, updated_by, updated_at) VALUES ('ADJUSTMENT', 'SETTLEMENT', 1000000, $1, now())",
      [checker.id],
    );
    expect(await limitOf(world.ctx.sql, "SETTLEMENT", "ADJUSTMENT")).toBe(0n);
    expect(
      (await readPolicy(world.ctx.db)).find(({ kind }) => kind === "ADJUSTMENT")?.limits[0],
    ).toMatchObject({
      role: "SETTLEMENT",
      limitMax: 0n,
      isDefault: true,
    });
  });

  test("are lowered alone at once, and raised or removed by nobody alone", async () => {
    const limit = { kind: "CANCEL", role: "OPERATOR", actor: checker } as const;
    for (const limitMax of [500_001n, null])
      await expect(setLimit(world.ctx, { ...limit, limitMax })).rejects.toMatchObject({
        code: "APPROVAL_REQUIRED",
      });
    expect(await limitOf(world.ctx.sql, "OPERATOR", "CANCEL")).toBe(500_000n);
    expect(await setLimit(world.ctx, { ...limit, limitMax: 500_000n })).toEqual({ changed: false });
    expect(await setLimit(world.ctx, { ...limit, limitMax: 0n })).toEqual({ changed: true });
    // What was lowered is not put back alone either, and what may be done alone needs nobody's approval.
    await expect(setLimit(world.ctx, { ...limit, limitMax: 500_000n })).rejects.toMatchObject({
      code: "APPROVAL_REQUIRED",
    });
    await expect(askLimit({ ...limit, limitMax: 0n })).rejects.toMatchObject({ code: "CHANGED_MEANWHILE" });
  });

  test("are not raised by two who lower them at the same moment, the later one to more than the first", async () => {
    const limit = { kind: "CANCEL", role: "OPERATOR", actor: checker } as const;
    const later = await world.ctx.sql.transaction(async (sql) => {
      await setLimit(joinTransaction(world.ctx, sql), { ...limit, limitMax: 0n });
      const lowering = Promise.allSettled([setLimit(world.ctx, { ...limit, limitMax: 400_000n })]);
      // Long enough to read what the first has not committed yet, if nothing held it.
      await new Promise((resolve) => setTimeout(resolve, 200));
      // In a list, or the transaction would wait for who waits for it.
      return [lowering];
    });
    expect(await later[0]).toMatchObject([{ status: "rejected", reason: { code: "APPROVAL_REQUIRED" } }]);
    expect(await limitOf(world.ctx.sql, "OPERATOR", "CANCEL")).toBe(0n);
  });

  test("are raised once another administrator approves, in the name of who asked", async () => {
    const wish = { kind: "CANCEL", role: "OPERATOR", limitMax: null } as const;
    const { requestId } = await askLimit(wish);
    const shown = async () =>
      (await readPolicy(world.ctx.db)).find(({ kind }) => kind === "CANCEL")?.limits[0];
    expect(await shown()).toMatchObject({
      limitMax: 500_000n,
      waiting: { requestId, limitMax: null, makerName: checker.name },
    });
    await expect(askLimit(wish, second)).rejects.toMatchObject({
      code: "CHANGE_REQUEST_OPEN",
      facts: { requestId },
    });
    await expect(approveChange(world.ctx, decision(requestId, checker))).rejects.toMatchObject({
      code: "OWN_CHANGE_REQUEST",
    });
    expect(await limitOf(world.ctx.sql, "OPERATOR", "CANCEL")).toBe(500_000n);
    await approveChange(world.ctx, decision(requestId, second));
    await Promise.all(
      Array.from({ length: 4 }, () => carryOut(world.ctx, { requestId, version: 1 }, attempt)),
    );
    expect(await statusOf(requestId)).toBe("DONE");
    expect(await shown()).toMatchObject({ limitMax: null, updatedByName: checker.name, waiting: null });
    expect(
      await world.rows(
        "SELECT actor_id AS by, detail->'after' AS after, detail->>'changeRequest' AS request, detail->>'checker' AS checker FROM audit_log WHERE action = 'approval_limit.changed' AND detail->>'changeRequest' IS NOT NULL ORDER BY seq DESC LIMIT 1",
      ),
    ).toEqual([{ by: checker.id, after: { limit: "unlimited" }, request: requestId, checker: second.id }]);
  });

  test("stay as they are when the request is rejected, withdrawn or overdue", async () => {
    const wish = { kind: "BULK_REDRIVE", role: "ADMIN", limitMax: 5_000n } as const;
    const rejected = await askLimit(wish);
    await rejectChange(world.ctx, decision(rejected.requestId, second));
    const withdrawn = await askLimit(wish);
    await withdrawChange(world.ctx, { requestId: withdrawn.requestId, version: 1, maker: checker });
    for (const { requestId } of [rejected, withdrawn])
      await carryOut(world.ctx, { requestId, version: 1 }, attempt);
    expect(await limitOf(world.ctx.sql, "ADMIN", "BULK_REDRIVE")).toBe(200n);
  });

  test("that somebody has lowered meanwhile stay low: what was approved was a step from the old one", async () => {
    const { requestId } = await askLimit({ kind: "CANCEL", role: "OPERATOR", limitMax: 2_000_000n });
    await setLimit(world.ctx, { kind: "CANCEL", role: "OPERATOR", limitMax: 10_000n, actor: second });
    await approveChange(world.ctx, decision(requestId, second));
    await performJobs(requestId);
    expect(await readChange(world.ctx.db, requestId)).toMatchObject({
      status: "REFUSED",
      refusalCode: "CHANGED_MEANWHILE",
    });
    expect(await limitOf(world.ctx.sql, "OPERATOR", "CANCEL")).toBe(10_000n);
  });

  test("end at the lower one, whether a lowering comes before an approved raise or after it", async () => {
    for (let round = 0; round < 6; round++) {
      await world.rows("DELETE FROM approval_limit");
      const { requestId } = await askLimit({ kind: "CANCEL", role: "OPERATOR", limitMax: 2_000_000n });
      await approveChange(world.ctx, decision(requestId, second));
      await Promise.all([
        carryOut(world.ctx, { requestId, version: 1 }, attempt),
        setLimit(world.ctx, { kind: "CANCEL", role: "OPERATOR", limitMax: 10_000n, actor: second }),
      ]);
      expect(await limitOf(world.ctx.sql, "OPERATOR", "CANCEL")).toBe(10_000n);
    }
  });
});
