import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { carryOutChange } from "#server/change-requests/carry-out-change.ts";
import { approveChange } from "#server/change-requests/decide-change.ts";
import { limitChange } from "#server/change-requests/limit-change.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { type CancelAsOperator, cancelAsOperator } from "#server/payments/cancel-as-operator.ts";
import { cancelChange } from "#server/payments/cancel-change.ts";
import { recoverCancel } from "#server/payments/recover-cancel.ts";
import { requestCancelAsOperator } from "#server/payments/request-cancel-as-operator.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
const person = (id: string, name: string, role: OperatorRole) => ({ id, name, role, ipAddress: "10.0.0.1" });
const maker = person("op_MAKER", "박준영", "OPERATOR");
const checker = person("op_CHECKER", "정도현", "ADMIN");

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  for (const { id, name, role } of [maker, checker])
    await world.ctx.db.operator.create({
      data: { id, email: `${id}@example.com`, name, role, passwordHash: "-" },
    });
});
afterAll(() => world.close());

const attempt = { attempt: 1, messageId: 1n, traceId: null };

/** A payment of 500,000, and a press of the button that cancels 300,000 of it: the limit of the maker allows one of these. */
async function aPress() {
  const command = anApproval(world, { amountMinor: 500_000n });
  const reply = await approvePayment(world.ctx, command);
  expect(reply.status).toBe(200);
  const paymentId = (JSON.parse(reply.body) as { data: { paymentKey: string } }).data.paymentKey;
  const wish: CancelAsOperator = {
    paymentId,
    amountMinor: 300_000n,
    currentCancelableMinor: 500_000n,
    reason: "고객 요청",
    operator: maker,
    requestKey: randomUUID(),
    locale: "ko",
    traceId: randomUUID().replaceAll("-", ""),
  };
  return { wish, sentToVan: () => world.van.countOf("cancel", command.orderId) };
}

const cancelsOf = (paymentId: string) =>
  world.rows<{ id: string; status: string; amount: bigint }>(
    "SELECT id, status::text AS status, amount_minor AS amount FROM payment_cancel WHERE payment_id = $1",
    [paymentId],
  );

/** A VAN that answers the next cancel only when told to. */
function heldVan(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  world.van.next.cancel.push(() => promise);
  return resolve;
}

describe("a cancel pressed twice with one key (IDM-3)", () => {
  test("while the first still runs is one cancel at the VAN, and both hear how it ended (IDM-6)", async () => {
    const { wish, sentToVan } = await aPress();
    const answerNow = heldVan();
    const first = cancelAsOperator(world.ctx, wish);
    await vi.waitUntil(() => sentToVan() === 1);
    const second = cancelAsOperator(world.ctx, wish);
    expect(await Promise.race([second, sleep(500, "waits")])).toBe("waits");
    answerNow();
    const [one, other] = await Promise.all([first, second]);
    expect(one).toMatchObject({ result: "succeeded", cancel: { amountMinor: 300_000n } });
    expect(other).toMatchObject({ result: "succeeded", cancel: { id: one.cancel.id, status: "SUCCEEDED" } });
    expect(other.payment).toMatchObject({ status: "PARTIAL_CANCELED", canceledMinor: 300_000n });
    expect(sentToVan()).toBe(1);
    expect(await cancelsOf(wish.paymentId)).toHaveLength(1);
  });

  test("twenty times at the same moment is one cancel", async () => {
    const { wish, sentToVan } = await aPress();
    const answers = await Promise.all(Array.from({ length: 20 }, () => cancelAsOperator(world.ctx, wish)));
    expect(new Set(answers.map(({ result, cancel }) => `${result} ${cancel.id}`)).size).toBe(1);
    expect(answers[0]?.result).toBe("succeeded");
    expect(sentToVan()).toBe(1);
    expect(await cancelsOf(wish.paymentId)).toHaveLength(1);
  });

  test("after it succeeded is answered with it, though its part has changed the balance and used the limit", async () => {
    const { wish, sentToVan } = await aPress();
    const first = await cancelAsOperator(world.ctx, wish);
    for (const currentCancelableMinor of [500_000n, 200_000n])
      expect(await cancelAsOperator(world.ctx, { ...wish, currentCancelableMinor })).toMatchObject({
        result: "succeeded",
        cancel: { id: first.cancel.id },
        payment: { canceledMinor: 300_000n },
      });
    expect(sentToVan()).toBe(1);
    expect(
      await world.rows("SELECT 1 FROM audit_log WHERE target_id = $1 AND action = 'payment.cancel'", [
        wish.paymentId,
      ]),
    ).toHaveLength(1);
  });

  test.each(["timeout", "timeout_but_done"] as const)(
    "after a %s stays unknown, and then says how recovery ended it (IDM-9)",
    async (step) => {
      const { wish, sentToVan } = await aPress();
      world.van.next.cancel.push(step);
      const first = await cancelAsOperator(world.ctx, wish);
      expect(first.result).toBe("unknown");
      expect(await cancelAsOperator(world.ctx, wish)).toMatchObject({
        result: "unknown",
        cancel: { id: first.cancel.id },
      });
      expect(sentToVan()).toBe(1);
      expect(await recoverCancel(world.ctx, { cancelId: first.cancel.id }, attempt)).toEqual({
        kind: "done",
      });
      expect(await cancelAsOperator(world.ctx, wish)).toMatchObject({
        result: "succeeded",
        cancel: { id: first.cancel.id },
        payment: { canceledMinor: 300_000n },
      });
      expect(await cancelsOf(wish.paymentId)).toHaveLength(1);
    },
  );

  test("whose first press is gone without an answer is unknown, and the wait has an end", async () => {
    const { wish, sentToVan } = await aPress();
    const answerNow = heldVan();
    const first = cancelAsOperator(world.ctx, wish);
    await vi.waitUntil(() => sentToVan() === 1);
    let atMs = 0;
    const hurried = {
      ...world.ctx,
      monotonicMs: () => atMs,
      sleep: async (ms: number) => {
        atMs += ms;
      },
    };
    expect(await cancelAsOperator(hurried, wish)).toMatchObject({
      result: "unknown",
      cancel: { status: "REQUESTED" },
    });
    expect(atMs).toBeLessThan(20_000);
    answerNow();
    expect(await first).toMatchObject({ result: "succeeded" });
    expect(sentToVan()).toBe(1);
  });

  test("is refused by the VAN once", async () => {
    const { wish, sentToVan } = await aPress();
    world.van.next.cancel.push("refused");
    const first = await cancelAsOperator(world.ctx, wish);
    expect(first).toMatchObject({ result: "failed", cancel: { failureCode: "VAN_ERROR" } });
    expect(await cancelAsOperator(world.ctx, wish)).toMatchObject({
      result: "failed",
      cancel: { id: first.cancel.id, failureCode: "VAN_ERROR" },
    });
    expect(sentToVan()).toBe(1);
  });

  test("may be begun anew when nothing was sent (IDM-10), or when it was refused before it began", async () => {
    const { wish } = await aPress();
    await expect(
      cancelAsOperator(world.ctx, { ...wish, currentCancelableMinor: 999_999n }),
    ).rejects.toMatchObject({ code: "CANCELABLE_AMOUNT_MISMATCH" });
    world.van.next.cancel.push("not_sent");
    expect(await cancelAsOperator(world.ctx, wish)).toMatchObject({ result: "failed" });
    expect(await cancelAsOperator(world.ctx, wish)).toMatchObject({ result: "succeeded" });
    expect(await cancelAsOperator(world.ctx, wish)).toMatchObject({
      payment: { canceledMinor: 300_000n },
    });
  });

  test("and another amount or reason is refused (IDM-4)", async () => {
    const { wish, sentToVan } = await aPress();
    await cancelAsOperator(world.ctx, wish);
    for (const other of [{ amountMinor: 100_000n }, { reason: "상품 품절" }, { taxFreeMinor: 1n }])
      await expect(
        cancelAsOperator(world.ctx, { ...wish, currentCancelableMinor: 200_000n, ...other }),
      ).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
    expect(sentToVan()).toBe(1);
  });

  test("is two cancels with two keys, or of two people", async () => {
    const { wish, sentToVan } = await aPress();
    const part = { ...wish, amountMinor: 150_000n };
    await cancelAsOperator(world.ctx, part);
    await cancelAsOperator(world.ctx, {
      ...part,
      currentCancelableMinor: 350_000n,
      requestKey: randomUUID(),
    });
    await cancelAsOperator(world.ctx, { ...part, currentCancelableMinor: 200_000n, operator: checker });
    expect(sentToVan()).toBe(3);
    expect(await cancelsOf(wish.paymentId)).toHaveLength(3);
  });
});

describe("a request for approval sent twice with one key", () => {
  const carryOut = carryOutChange({ CANCEL: cancelChange, LIMIT_CHANGE: limitChange });
  const requestsOf = (paymentId: string) =>
    world.rows("SELECT id FROM change_request WHERE subject_id = $1", [paymentId]);

  test("is one request, while it waits and when it is carried out", async () => {
    const { wish, sentToVan } = await aPress();
    const first = await requestCancelAsOperator(world.ctx, wish);
    expect(await requestCancelAsOperator(world.ctx, wish)).toEqual(first);
    const { requestId } = first;
    await approveChange(world.ctx, { requestId, version: 1, note: "확인했어요", checker });
    await carryOut(world.ctx, { requestId, version: 1 }, attempt);
    expect(await cancelsOf(wish.paymentId)).toMatchObject([{ status: "SUCCEEDED", amount: 300_000n }]);
    for (const currentCancelableMinor of [500_000n, 200_000n])
      expect(await requestCancelAsOperator(world.ctx, { ...wish, currentCancelableMinor })).toEqual(first);
    expect(await requestsOf(wish.paymentId)).toHaveLength(1);
    expect(sentToVan()).toBe(1);
  });

  test("twenty times at the same moment is one request, returned to all", async () => {
    const { wish } = await aPress();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => requestCancelAsOperator(world.ctx, wish)),
    );
    expect(new Set(answers.map(({ requestId }) => requestId)).size).toBe(1);
    expect(await requestsOf(wish.paymentId)).toHaveLength(1);
  });

  test("is refused with another amount, and with the key of a cancel, either way (IDM-4)", async () => {
    const reused = { code: "IDEMPOTENCY_KEY_REUSED" };
    const asked = await aPress();
    await requestCancelAsOperator(world.ctx, asked.wish);
    await expect(
      requestCancelAsOperator(world.ctx, { ...asked.wish, amountMinor: 1n }),
    ).rejects.toMatchObject(reused);
    await expect(cancelAsOperator(world.ctx, asked.wish)).rejects.toMatchObject(reused);
    expect(asked.sentToVan()).toBe(0);

    const canceled = await aPress();
    await cancelAsOperator(world.ctx, canceled.wish);
    await expect(
      requestCancelAsOperator(world.ctx, { ...canceled.wish, currentCancelableMinor: 200_000n }),
    ).rejects.toMatchObject(reused);
    expect(await requestsOf(canceled.wish.paymentId)).toEqual([]);
  });

  test("leaves the key free when it was refused", async () => {
    const { wish } = await aPress();
    await expect(
      requestCancelAsOperator(world.ctx, { ...wish, currentCancelableMinor: 999_999n }),
    ).rejects.toMatchObject({ code: "CANCELABLE_AMOUNT_MISMATCH" });
    const { requestId } = await requestCancelAsOperator(world.ctx, wish);
    expect(await requestsOf(wish.paymentId)).toEqual([{ id: requestId }]);
  });
});
