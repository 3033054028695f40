import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { carryOutChange } from "#server/change-requests/carry-out-change.ts";
import { carryOutChangeJob } from "#server/change-requests/change-jobs.ts";
import { approveChange } from "#server/change-requests/decide-change.ts";
import { businessDateOf } from "#server/core/business-date.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import { runMessage, type Workshop, work } from "#server/outbox/run-message.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import type { Context } from "#server/platform/context.ts";
import { addBusinessDays, addDays } from "#server/settlement/domain/business-calendar.ts";
import { koreanHolidays } from "#server/settlement/domain/korean-holidays.ts";
import { settleMall } from "#server/settlement/settle-mall.ts";
import {
  adjustmentChange,
  confirmationChange,
  payoutChange,
  withholdingChange,
} from "#server/settlement/settlement-changes.ts";
import { settleMallJob } from "#server/settlement/settlement-jobs.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { appRouter } from "#server/trpc/root.ts";

// What people decide about settlements, through the console's procedures, with its ledger.

let world: TestWorld;
/** Days ago, so that what is paid two business days later is due. */
const day = addDays(businessDateOf(new Date()), -12);
const korea = { version: 1, holidays: new Set(koreanHolidays.map(({ date }) => date)) };

beforeEach(async () => {
  world = await openTestWorld({ redis: false });
  for (const [id, role] of [
    ["op_MAKER", "SETTLEMENT"],
    ["op_CHECKER", "ADMIN"],
  ] as const)
    await world.ctx.db.operator.create({
      data: { id, email: `${id}@example.com`, name: id, role, passwordHash: "-" },
    });
  await world.rows(
    `INSERT INTO mall_contract (id, mall_id, method, effective_from, fee_rate_e5, fee_rounding, is_fee_refundable, cycle, lag_business_days, created_by)
     VALUES ('ctr_1', $1, 'CARD', '2024-01-01', 2200, 'FLOOR_1', true, 'DAILY', 2, 'op_1')`,
    [world.mallId],
  );
});
afterEach(() => world.close());

const as = (role: OperatorRole, id = "op_MAKER") =>
  appRouter.createCaller({
    context: world.ctx,
    operator: { id, email: `${id}@example.com`, name: id, role, sessionId: "ses_1" },
    traceId: "0".repeat(32),
    ipAddress: "10.0.0.1",
  }).settlement;
const maker = () => as("SETTLEMENT");

const on = (date: string): Context => ({ ...world.ctx, now: () => new Date(`${date}T12:00:00.000+09:00`) });

async function approve(amount: number, date = day): Promise<string> {
  const reply = await approvePayment(on(date), anApproval(world, { amountMinor: BigInt(amount) }));
  expect(reply.status).toBe(200);
  return (JSON.parse(reply.body) as { data: { paymentKey: string } }).data.paymentKey;
}

const workshop: Workshop = {
  registry: new Map(
    [
      work(settleMallJob, settleMall),
      work(
        carryOutChangeJob,
        carryOutChange({
          SETTLEMENT_CONFIRM: confirmationChange,
          SETTLEMENT_PAYOUT: payoutChange,
          WITHHOLD: withholdingChange,
          ADJUSTMENT: adjustmentChange,
        }),
      ),
    ].map((entry) => [entry.job.name, entry]),
  ),
  afterlife: { park: async () => undefined, resolve: async () => undefined },
};

async function workOn(): Promise<void> {
  const jobs = await world.rows<{ id: bigint }>(
    "SELECT id FROM outbox_message WHERE job_name IN ('settle-mall', 'carry-out-change') AND done_at IS NULL ORDER BY id",
  );
  await world.rows(
    "UPDATE outbox_message SET available_at = now() - interval '1 second', locked_until = NULL WHERE id = ANY($1)",
    [jobs.map(({ id }) => id)],
  );
  for (const { id } of jobs) await runMessage(world.ctx, workshop, id);
}

async function settle(businessDate = day): Promise<void> {
  await maker().run({ businessDate });
  await workOn();
}

/** Another person approves what was asked for; returns how it ended. */
async function second(requested: Promise<{ requestId: string }>): Promise<string> {
  const { requestId } = await requested;
  await approveChange(world.ctx, {
    requestId,
    version: 1,
    note: "확인했어요",
    checker: { id: "op_CHECKER", ipAddress: null },
  });
  await workOn();
  const [row] = await world.rows<{ end: string }>(
    "SELECT status || coalesce(' ' || refusal_code, '') AS end FROM change_request WHERE id = $1",
    [requestId],
  );
  return row?.end ?? "";
}

async function seen(businessDate = day) {
  const { settlements } = await maker().list({ businessFrom: businessDate, businessTo: businessDate });
  return settlements.map(({ id, hash }) => ({ id, hash: hash ?? "" }));
}

const balances = async () =>
  Object.fromEntries(
    (
      await world.rows<{ account: string; sum: bigint }>(
        "SELECT account, sum(amount_minor)::bigint AS sum FROM ledger_entry GROUP BY account HAVING sum(amount_minor) <> 0",
      )
    ).map(({ account, sum }) => [account, sum]),
  );

const statusOf = async (businessDate = day) =>
  (await maker().list({ businessFrom: businessDate, businessTo: businessDate })).settlements.map(
    ({ status }) => status,
  );

test("a draft is confirmed and paid out by two people, and the ledger moves with it to the last won", async () => {
  const payment = await approve(100_000);
  await approve(33_000);
  await cancelPayment(on(day), {
    paymentId: payment,
    amountMinor: 20_000n,
    reason: "반품",
    origin: "API",
    actor: { type: "mall", id: world.mallId },
    locale: "ko",
    traceId: "0".repeat(32),
  });
  await settle();
  // 2,200 + 726 - 440 of fees, 220 + 73 - 44 of VAT.
  const net = 113_000n - 2_486n - 249n;
  expect(await second(maker().confirm({ settlements: await seen(), reason: "확정" }))).toBe("DONE");
  expect(await statusOf()).toEqual(["CONFIRMED"]);
  expect(await balances()).toEqual({
    "van_receivable:SBX1": 113_000n,
    fee_revenue: -2_486n,
    fee_vat_payable: -249n,
    "settled_payable:mall_TEST": -net,
  });
  expect(await second(maker().payOut({ settlements: await seen(), reason: "지급" }))).toBe("DONE");
  expect(await statusOf()).toEqual(["PAID_OUT"]);
  expect(await balances()).toEqual({
    "van_receivable:SBX1": 113_000n,
    fee_revenue: -2_486n,
    fee_vat_payable: -249n,
    payout_bank: -net,
  });
  expect(await world.rows("SELECT type FROM event WHERE subject_id LIKE 'stl_%' ORDER BY id")).toEqual([
    { type: "settlement.confirmed" },
    { type: "settlement.paid_out" },
  ]);
  await expect(maker().recompute({ businessDate: day, reason: "x" })).rejects.toThrow(/changed meanwhile/);
});

test("what two people agreed to is what they saw: a draft that was computed anew meanwhile is not confirmed", async () => {
  await approve(10_000);
  await settle();
  const request = maker().confirm({ settlements: await seen(), reason: "확정" });
  await request;
  await approve(5_000);
  await maker().recompute({ businessDate: day, reason: "늦은 승인" });
  await workOn();
  expect(await second(request)).toBe("REFUSED CHANGED_MEANWHILE");
  expect(await statusOf()).toEqual(["DRAFT"]);
  await expect(
    maker().confirm({
      settlements: (await seen()).map(({ id }) => ({ id, hash: "0".repeat(64) })),
      reason: "x",
    }),
  ).rejects.toThrow(/changed meanwhile/);
});

test("a settlement says which requests about it are open, alone, with others or for its mall", async () => {
  const next = addDays(day, 1);
  await approve(10_000);
  await settle();
  await approve(20_000, next);
  await settle(next);
  const settlements = [...(await seen()), ...(await seen(next))];
  const [first = "", other = ""] = settlements.map(({ id }) => id);
  const openOf = async (...settlementIds: string[]) =>
    (await as("VIEWER").openRequests({ settlementIds })).map(
      ({ kind, settlementId, requestId, makerName }) => ({
        kind,
        settlementId,
        requestId,
        makerName,
      }),
    );
  expect(await openOf(first, other)).toEqual([]);

  const together = await maker().confirm({ settlements, reason: "확정" });
  const alone = await maker().withhold({ mallId: world.mallId, settlementId: first, reason: "분쟁" });
  const ofMall = await maker().withhold({ mallId: world.mallId, reason: "사기 의심" });
  const adjusted = await maker().adjust({
    mallId: world.mallId,
    method: "CARD",
    amountMinor: -500n,
    correctsId: other,
    reason: "수수료 정정",
  });
  const one = (kind: string, settlementId: string, { requestId }: { requestId: string }) => ({
    kind,
    settlementId,
    requestId,
    makerName: "op_MAKER",
  });
  expect(await openOf(first)).toEqual([
    one("SETTLEMENT_CONFIRM", first, together),
    one("WITHHOLD", first, alone),
    one("WITHHOLD", first, ofMall),
  ]);
  expect(await openOf(other)).toEqual([
    one("SETTLEMENT_CONFIRM", other, together),
    one("WITHHOLD", other, ofMall),
    one("ADJUSTMENT", other, adjusted),
  ]);

  expect(await second(Promise.resolve(together))).toBe("DONE");
  expect((await openOf(first)).map(({ kind }) => kind)).toEqual(["WITHHOLD", "WITHHOLD"]);
});

test("a request shows its settlements as they stand now, and which are not what its maker saw", async () => {
  const next = addDays(day, 1);
  await approve(10_000);
  await settle();
  await approve(20_000, next);
  await settle(next);
  const settlements = [...(await seen()), ...(await seen(next))];
  const { requestId } = await maker().confirm({ settlements, reason: "확정" });
  const asked = async (id = requestId) =>
    (await as("VIEWER").asked({ requestId: id })).map(({ businessDate, status, payoutMinor, isAsSeen }) => [
      businessDate,
      status,
      payoutMinor,
      isAsSeen,
    ]);
  expect(await asked()).toEqual([
    [day, "DRAFT", 9_758n, true],
    [next, "DRAFT", 19_516n, true],
  ]);

  await approve(5_000, next);
  await maker().recompute({ businessDate: next, reason: "늦은 승인" });
  await workOn();
  expect(await asked()).toEqual([
    [day, "DRAFT", 9_758n, true],
    [next, "DRAFT", 24_395n, false],
  ]);

  const adjusted = await maker().adjust({
    mallId: world.mallId,
    method: "CARD",
    amountMinor: -500n,
    reason: "수수료 정정",
  });
  expect(await asked(adjusted.requestId)).toEqual([]);
});

describe("a payout", () => {
  test("waits for its date, and for the release of what is withheld", async () => {
    const recent = addDays(businessDateOf(new Date()), -1);
    await approve(10_000);
    await settle();
    await approve(20_000, recent);
    await settle(recent);
    expect(await second(maker().confirm({ settlements: await seen(), reason: "확정" }))).toBe("DONE");
    expect(await second(maker().confirm({ settlements: await seen(recent), reason: "확정" }))).toBe("DONE");
    await expect(maker().payOut({ settlements: await seen(recent), reason: "지급" })).rejects.toThrow(
      /has not come/,
    );
    const [old] = await seen();
    expect(
      await second(maker().withhold({ mallId: world.mallId, settlementId: old?.id, reason: "분쟁" })),
    ).toBe("DONE");
    const { holds, isWithheld } = await maker().read({ settlementId: old?.id ?? "" });
    expect([isWithheld, holds]).toMatchObject([true, [{ isOfMall: false, reason: "분쟁" }]]);
    await expect(maker().payOut({ settlements: await seen(), reason: "지급" })).rejects.toThrow(/withheld/);
    const holdId = holds[0]?.id ?? "";
    expect(await second(maker().release({ holdId, reason: "해결" }))).toBe("DONE");
    await expect(maker().release({ holdId, reason: "해결" })).rejects.toThrow(/no such/);
    expect(await second(maker().payOut({ settlements: await seen(), reason: "지급" }))).toBe("DONE");
  });

  test("that was approved is still refused when the mall was withheld in between", async () => {
    await approve(10_000);
    await settle();
    expect(await second(maker().confirm({ settlements: await seen(), reason: "확정" }))).toBe("DONE");
    const payout = maker().payOut({ settlements: await seen(), reason: "지급" });
    await payout;
    expect(await second(maker().withhold({ mallId: world.mallId, reason: "사기 의심" }))).toBe("DONE");
    expect(await second(payout)).toBe("REFUSED SETTLEMENT_WITHHELD");
    expect(await balances()).not.toHaveProperty("payout_bank");
  });
});

test("an adjustment is a line of the next settlement, and what was confirmed stays as it is", async () => {
  await approve(10_000);
  await settle();
  expect(await second(maker().confirm({ settlements: await seen(), reason: "확정" }))).toBe("DONE");
  const [confirmed] = await seen();
  const before = await maker().lines({ settlementId: confirmed?.id ?? "" });
  expect(
    await second(
      maker().adjust({
        mallId: world.mallId,
        method: "CARD",
        amountMinor: -1_500n,
        correctsId: confirmed?.id,
        reason: "수수료 정정",
      }),
    ),
  ).toBe("DONE");
  await world.rows("ALTER TABLE settlement_adjustment DISABLE TRIGGER USER");
  await world.rows("UPDATE settlement_adjustment SET made_on = $1::date", [addDays(day, 1)]);
  await approve(10_000, addDays(day, 1));
  await settle(addDays(day, 1));
  expect(await maker().lines({ settlementId: confirmed?.id ?? "" })).toEqual(before);
  const [next] = (await maker().list({ businessFrom: addDays(day, 1), businessTo: addDays(day, 1) }))
    .settlements;
  expect(next).toMatchObject({ adjustmentMinor: -1_500n, netMinor: 9_758n - 1_500n });
  expect(await second(maker().confirm({ settlements: await seen(addDays(day, 1)), reason: "확정" }))).toBe(
    "DONE",
  );
  expect(await balances()).toMatchObject({
    settlement_adjustment: -1_500n,
    "settled_payable:mall_TEST": -(9_758n * 2n - 1_500n),
  });
  const { lines } = await maker().lines({ settlementId: next?.id ?? "", kind: "ADJUSTMENT" });
  expect(
    await maker().explain({ settlementId: next?.id ?? "", lineNo: lines[0]?.lineNo ?? 0 }),
  ).toMatchObject({
    adjustment: { reason: "수수료 정정", makerId: "op_MAKER", checkerId: "op_CHECKER" },
    steps: [],
    isReproduced: true,
  });
});

test("a line explains itself: terms, each step with its numbers, the payment, and why it is paid on its day", async () => {
  const payment = await approve(64_601);
  await settle();
  const [one] = await seen();
  const explained = await maker().explain({ settlementId: one?.id ?? "", lineNo: 1 });
  expect(explained).toMatchObject({
    line: { kind: "APPROVAL", amountMinor: 64_601n, feeMinor: 1_421n, feeVatMinor: 142n, netMinor: 63_038n },
    terms: { feeRateE5: 2_200, feeRounding: "FLOOR_1", isFeeRefundable: true },
    contract: { id: "ctr_1", effectiveFrom: "2024-01-01" },
    payment: { id: payment, amountMinor: 64_601n },
    settlement: { calendarVersion: 1, payoutDate: addBusinessDays(korea, day, 2) },
    steps: [
      { name: "FEE", ofMinor: 64_601n, rateE5: 2_200, exact: "1421.222", resultMinor: 1_421n },
      { name: "FEE_VAT", ofMinor: 1_421n, exact: "142.1", resultMinor: 142n },
    ],
    isReproduced: true,
  });
  await expect(maker().explain({ settlementId: one?.id ?? "", lineNo: 9 })).rejects.toThrow(/no such/);
});

test("a new holiday moves payouts only once it is in force, and only those that were seen moving", async () => {
  const recent = addDays(businessDateOf(new Date()), -1);
  await approve(10_000, recent);
  await settle(recent);
  const payout = addBusinessDays(korea, recent, 2);
  const { version } = await maker().draftCalendar({
    add: [{ date: payout, name: "임시공휴일", kind: "TEMPORARY" }],
    note: "국무회의",
  });
  const preview = await maker().previewCalendar({ version });
  const moved = addBusinessDays({ version: 2, holidays: new Set([...korea.holidays, payout]) }, recent, 2);
  expect(preview.payouts).toMatchObject([{ before: payout, after: moved, payoutMinor: 9_758n }]);
  expect(preview.ahead[0]).toMatchObject({ mallCount: 1 });
  const paidOn = async () => (await maker().list({ dateType: "payoutDate" })).settlements[0]?.payoutDate;
  expect(await paidOn()).toBe(payout);
  await expect(maker().activateCalendar({ version, payoutsSeen: 0 })).rejects.toThrow(/Preview it again/);
  expect(await maker().activateCalendar({ version, payoutsSeen: 1 })).toEqual({ movedCount: 1 });
  expect(await paidOn()).toBe(moved);
  await expect(maker().activateCalendar({ version, payoutsSeen: 0 })).rejects.toThrow(/changed meanwhile/);
  expect((await maker().calendars()).map(({ status }) => status)).toEqual(["ACTIVE", "RETIRED"]);
  await expect(world.rows("DELETE FROM holiday WHERE version = $1", [version])).rejects.toThrow(
    "was in force",
  );
});

test("the fund report holds what lies outside against what is owed, until it is paid out", async () => {
  await approve(100_000);
  await settle();
  const report = () => maker().funds({ from: day, to: day });
  expect(await report()).toMatchObject([{ obligationMinor: 97_580n, heldMinor: null, shortfallMinor: null }]);
  await maker().reportFund({ businessDate: day, heldMinor: 50_000n, note: "신탁" });
  expect(await report()).toMatchObject([
    {
      requiredPercent: 60,
      requiredMinor: 58_548n,
      heldMinor: 50_000n,
      ratioE4: 5_124,
      shortfallMinor: 8_548n,
    },
  ]);
  expect(await second(maker().confirm({ settlements: await seen(), reason: "확정" }))).toBe("DONE");
  expect(await second(maker().payOut({ settlements: await seen(), reason: "지급" }))).toBe("DONE");
  // It was owed at the end of that day, whatever was paid later.
  expect(await report()).toMatchObject([{ obligationMinor: 97_580n }]);
});

test("a batch tells how far it is, pages follow one another, and bad input is refused", async () => {
  await Promise.all([approve(1_000), approve(2_000), approve(3_000)]);
  await maker().run({ businessDate: day });
  expect(await maker().batch({ businessDate: day })).toMatchObject({
    status: "OPEN",
    mallsTotal: 1,
    mallsDone: 0,
  });
  await workOn();
  expect(await maker().batch({ businessDate: day })).toMatchObject({
    status: "DONE",
    mallsDone: 1,
    linesWritten: 3,
    statusCounts: { DRAFT: 1 },
  });
  const [one] = await seen();
  const first = await maker().lines({ settlementId: one?.id ?? "", limit: 2 });
  expect(first.nextCursor).toBe(2);
  const rest = await maker().lines({ settlementId: one?.id ?? "", limit: 2, cursor: first.nextCursor });
  expect([first.lines.length, rest.lines.length, rest.nextCursor]).toEqual([2, 1, null]);
  expect((await maker().batches({})).batches).toHaveLength(1);
  expect((await maker().pending({ businessDate: day })).pending).toEqual([]);
  await expect(maker().run({ businessDate: "2026-02-30" })).rejects.toThrow();
  await expect(maker().read({ settlementId: "stl_NONE" })).rejects.toThrow(/no such/);
});

test("a viewer reads everything and decides nothing; an operator neither", async () => {
  await approve(1_000);
  await settle();
  const settlements = await seen();
  const who = { mallId: world.mallId, reason: "x" };
  expect((await as("VIEWER").list({})).settlements).toHaveLength(1);
  for (const role of ["VIEWER", "OPERATOR", "AUDITOR"] as const) {
    const they = as(role);
    for (const refused of [
      they.run({ businessDate: day }),
      they.recompute({ businessDate: day, reason: "x" }),
      they.confirm({ settlements, reason: "x" }),
      they.payOut({ settlements, reason: "x" }),
      they.withhold(who),
      they.release({ holdId: "hold_1", reason: "x" }),
      they.adjust({ ...who, method: "CARD", amountMinor: 1n }),
      they.draftCalendar({ add: [{ date: "2027-01-04", name: "x", kind: "TEMPORARY" }] }),
      they.previewCalendar({ version: 1 }),
      they.activateCalendar({ version: 1, payoutsSeen: 0 }),
      they.reportFund({ businessDate: day, heldMinor: 1n }),
    ])
      await expect(refused).rejects.toThrow(/not permitted/);
  }
});
