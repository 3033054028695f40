import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setLimit } from "#server/change-requests/set-limit.ts";
import { businessDateOf } from "#server/core/business-date.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import { previewCancelChange } from "#server/payments/preview-cancel-change.ts";
import { editCancelRequest, requestCancel } from "#server/payments/request-cancel.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
const maker = { id: "op_MAKER", role: "OPERATOR", ipAddress: null } as const;
const traceId = randomUUID().replaceAll("-", "");

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  await world.ctx.db.operator.create({
    data: { ...operatorOf(maker), email: "maker@example.com", name: "박준영", passwordHash: "-" },
  });
  await world.rows(
    `INSERT INTO mall_contract (id, mall_id, method, effective_from, fee_rate_e5, fee_rounding, is_fee_refundable, cycle, lag_business_days, created_by)
      VALUES ('ctr_1', $1, 'CARD', (now() AT TIME ZONE 'Asia/Seoul')::date - 9, 2200, 'FLOOR_1', true, 'DAILY', 2, 'op_1')`,
    [world.mallId],
  );
});
afterAll(() => world.close());

const operatorOf = ({ id, role }: typeof maker) => ({ id, role });

async function aPayment(): Promise<string> {
  const reply = await approvePayment(world.ctx, anApproval(world, { amountMinor: 3_000_000n }));
  return (JSON.parse(reply.body) as { data: { paymentKey: string } }).data.paymentKey;
}

const wishOf = (paymentId: string, amountMinor: bigint, currentCancelableMinor: bigint) => ({
  paymentId,
  amountMinor,
  currentCancelableMinor,
  reason: "단체 예약 취소",
  operator: maker,
  traceId,
});

test("whoever approves a cancel sees the facts its maker saw, computed anew, and what the maker saw", async () => {
  const paymentId = await aPayment();
  const { requestId } = await requestCancel(world.ctx, wishOf(paymentId, 2_000_000n, 3_000_000n));
  const { preview, seen } = await previewCancelChange(world.ctx, { requestId });
  const { limitMinor } = preview.approval;
  expect(preview).toMatchObject({
    now: { balanceMinor: 3_000_000n },
    change: { balanceMinor: 2_000_000n },
    acquisition: { isAcquired: false },
    settlement: { kind: "remainder", date: businessDateOf(world.ctx.now()) },
    settled: { change: { feeMinor: -44_000n, feeVatMinor: -4_400n, netMinor: -1_951_600n } },
    approval: { isNeeded: true },
  });
  expect(seen).toEqual({
    isAcquired: false,
    settlement: preview.settlement,
    until: preview.cancelable.until?.toISOString(),
    settled: { feeMinor: -44_000n, feeVatMinor: -4_400n, netMinor: -1_951_600n },
    balanceMinor: 3_000_000n,
    limitMinor,
  });

  // Two days later it is acquired, the mall has cancelled a part, and the limit is another: what was seen stays.
  const later = new Date(world.ctx.now().getTime() + 2 * 24 * 60 * 60 * 1000);
  await cancelPayment(world.ctx, {
    paymentId,
    mallId: world.mallId,
    amountMinor: 400_000n,
    reason: "부분",
    origin: "API",
    actor: { type: "mall", id: world.mallId },
    locale: "ko",
    traceId,
  });
  const actor = { id: "op_ADMIN", ipAddress: null };
  await setLimit(world.ctx, { kind: "CANCEL", role: "OPERATOR", limitMax: 10_000n, actor });
  const then = await previewCancelChange({ ...world.ctx, now: () => later }, { requestId });
  expect(then.seen).toEqual(seen);
  expect(then.preview).toMatchObject({
    now: { balanceMinor: 2_600_000n },
    change: { balanceMinor: 2_000_000n },
    acquisition: { isAcquired: true },
    settlement: { kind: "deduction", date: businessDateOf(later) },
    settled: { after: { amountMinor: 600_000n } },
    approval: { limitMinor: 10_000n },
  });

  // An edit is seen anew.
  await editCancelRequest(world.ctx, { ...wishOf(paymentId, 2_600_000n, 2_600_000n), requestId, version: 1 });
  expect(await previewCancelChange(world.ctx, { requestId })).toMatchObject({
    preview: { statusAfter: "CANCELED" },
    seen: { balanceMinor: 2_600_000n, limitMinor: 10_000n, settled: { netMinor: -2_537_080n } },
  });
});

test("a request that was made before this was kept has nothing to compare, and others have no such preview", async () => {
  const paymentId = await aPayment();
  const { requestId } = await requestCancel(world.ctx, wishOf(paymentId, 3_000_000n, 3_000_000n));
  const { id } = await world.ctx.db.changeRequest.create({
    data: {
      ...(await world.ctx.db.changeRequest.findUniqueOrThrow({ where: { id: requestId } })),
      id: requestId.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      subjectId: await aPayment(),
      payload: { v: 1, paymentId, amountMinor: "3000000", taxFreeMinor: "0", balanceMinor: "3000000" },
      result: undefined,
    },
  });
  expect(await previewCancelChange(world.ctx, { requestId: id })).toMatchObject({
    seen: null,
    preview: { statusAfter: "CANCELED" },
  });
  await expect(
    previewCancelChange(world.ctx, { requestId: "chg_01M8CNW2T3DYGATECC8D3D5R7C" }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
});
