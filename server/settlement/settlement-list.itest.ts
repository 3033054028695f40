import { afterAll, beforeAll, expect, test } from "vitest";
import { addDays } from "#server/settlement/domain/business-calendar.ts";
import { explainPayout } from "#server/settlement/explain-payout.ts";
import { settlementListSchema, settlementSummarySchema } from "#server/settlement/settlement.schemas.ts";
import {
  listSettledMalls,
  listSettlements,
  nextPayoutStatement,
  payoutsDueStatement,
  readPayoutsDue,
  type SettlementRow,
  summarizeSettlements,
} from "#server/settlement/settlement-queries.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

// Lists and sums over settlements that are laid as they stand; how they come about is in settlement-batch.itest.ts.

const today = "2026-11-20";
let world: TestWorld;

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  await world.rows("INSERT INTO mall (id, name, business_number) VALUES ($1, '오늘의식탁', '120-81-00002')", [
    "mall_OTHER",
  ]);
  // Paid out long ago: far more than what waits.
  await world.rows(
    `INSERT INTO settlement (id, business_date, mall_id, method, status, contract_id, calendar_version, payout_date, approval_minor, net_minor, payout_minor, hash,
        drafted_at, confirm_maker, confirmed_by, confirmed_at, payout_maker, paid_out_by, paid_out_at)
      SELECT 'stl_old_' || n, $1::date - n, $2, 'CARD', 'PAID_OUT', 'ctr', 1, $1::date - n + 2, 1000, 1000, 1000, '\\x00', now(), 'a', 'b', now(), 'a', 'b', now()
      FROM generate_series(10, 3009) n`,
    [today, world.mallId],
  );
  await lay("due", { status: "CONFIRMED", payoutDate: today, payoutMinor: 70_000n });
  await lay("overdue", { payoutDate: addDays(today, -3), payoutMinor: 5_000n });
  await lay("tomorrow", { payoutDate: addDays(today, 1), payoutMinor: 20_000n });
  await lay("tomorrow_too", { payoutDate: addDays(today, 1), payoutMinor: 1_000n });
  await lay("later", { payoutDate: addDays(today, 3), payoutMinor: 9_000n });
  await world.rows(
    `INSERT INTO settlement (id, business_date, mall_id, method, status, contract_id, calendar_version, payout_date, approval_count, approval_minor, cancel_count,
        cancel_minor, fee_minor, fee_vat_minor, adjustment_minor, net_minor, carried_in_minor, payout_minor, carried_out_minor, hash, drafted_at)
      VALUES ('stl_less', '2026-11-11', $2, 'CARD', 'DRAFT', 'ctr', 1, $1::date, 1, 1000, 2, -3000, 20, 2, 0, -2022, -100, 0, -2122, '\\x00', now()),
        ('stl_more', '2026-11-12', $2, 'CARD', 'DRAFT', 'ctr', 1, $1::date, 3, 9000, 0, 0, 200, 20, -500, 8280, -2122, 6158, 0, '\\x00', now())`,
    [addDays(today, 4), world.mallId],
  );
  await lay("kept", { payoutDate: today, payoutMinor: 400n });
  await lay("of_kept_mall", { mallId: "mall_OTHER", payoutDate: today, payoutMinor: 300n });
  await hold("one", world.mallId, "stl_kept");
  await hold("mall", "mall_OTHER", null);
  await hold("over", world.mallId, "stl_due", true);
  await world.rows("VACUUM ANALYZE settlement");
});
afterAll(() => world.close());

let days = 0;
async function lay(
  name: string,
  settlement: { mallId?: string; status?: "DRAFT" | "CONFIRMED"; payoutDate: string; payoutMinor: bigint },
): Promise<void> {
  const { mallId = world.mallId, status = "DRAFT", payoutDate, payoutMinor } = settlement;
  const people = status === "CONFIRMED" ? ["a", "b", new Date()] : [null, null, null];
  days += 1;
  await world.rows(
    `INSERT INTO settlement (id, business_date, mall_id, method, status, contract_id, calendar_version, payout_date, approval_minor, fee_minor, fee_vat_minor,
        net_minor, payout_minor, hash, drafted_at, confirm_maker, confirmed_by, confirmed_at)
      VALUES ($1, $2::date, $3, 'CARD', $4::settlement_status, 'ctr', 1, $5::date, $6::bigint + 110, 100, 10, $6, $6, '\\x00', now(), $7, $8, $9)`,
    [`stl_${name}`, addDays(today, -days), mallId, status, payoutDate, payoutMinor, ...people],
  );
}

async function hold(
  name: string,
  mallId: string,
  settlementId: string | null,
  isReleased = false,
): Promise<void> {
  const release = isReleased ? ["확인 끝", "a", "b", new Date()] : [null, null, null, null];
  await world.rows(
    `INSERT INTO settlement_hold (id, mall_id, settlement_id, reason, maker_id, checker_id, set_at, release_reason, release_maker, release_checker, released_at)
      VALUES ($1, $2, $3, '확인 중', 'a', 'b', now(), $4, $5, $6, $7)`,
    [`hold_${name}`, mallId, settlementId, ...release],
  );
}

const list = async (search: unknown) =>
  (await listSettlements(world.ctx.reports, settlementListSchema.parse(search))).settlements;
const sum = (filter: unknown) =>
  summarizeSettlements(world.ctx.reports, settlementSummarySchema.parse(filter));
const names = (rows: readonly SettlementRow[]) => rows.map(({ id }) => id.slice(4));

test("what is due is what its list shows: not paid out, not kept back, by today", async () => {
  const due = await readPayoutsDue(world.ctx.reports, today);
  expect(due).toEqual({
    count: 2,
    payoutMinor: 75_000n,
    list: { state: ["DRAFT", "CONFIRMED"], payoutTo: today },
    next: { payoutDate: "2026-11-21", count: 2, payoutMinor: 21_000n },
  });
  const rows = await list({ ...due.list, dateType: "payoutDate" });
  expect(names(rows)).toEqual(["due", "overdue"]);
  expect(await sum(due.list)).toMatchObject({
    count: due.count,
    payoutMinor: due.payoutMinor,
    isComplete: true,
  });
});

test("nothing due and nothing ahead are zeros and none", async () => {
  expect(await readPayoutsDue(world.ctx.reports, "2026-11-01")).toMatchObject({ count: 0, payoutMinor: 0n });
  expect((await readPayoutsDue(world.ctx.reports, "2026-12-31")).next).toBeNull();
});

test("a settlement is in one state: kept back by itself or by its mall, and only while it is not paid out", async () => {
  const kept = await list({ state: ["WITHHELD"] });
  expect(names(kept).sort()).toEqual(["kept", "of_kept_mall"]);
  expect(kept.every(({ state, status }) => state === "WITHHELD" && status === "DRAFT")).toBe(true);
  expect(names(await list({ state: ["CONFIRMED"] }))).toEqual(["due"]);
  await hold("all", world.mallId, null);
  expect((await sum({ state: ["PAID_OUT"] })).count).toBe(3_000);
  expect((await sum({ state: ["WITHHELD"] })).count).toBe(9);
  await world.rows(
    "UPDATE settlement_hold SET release_reason = 'r', release_maker = 'a', release_checker = 'b', released_at = now() WHERE id = 'hold_all'",
  );
});

test("the sum is that of the list, however it is filtered, and the pages hold each row once", async () => {
  for (const filter of [
    {},
    { mall: ["mall_OTHER"] },
    { businessFrom: "2026-11-10", businessTo: "2026-11-18" },
    { payoutFrom: "2026-11-20", payoutTo: "2026-11-21", state: ["DRAFT"] },
  ]) {
    const seen: SettlementRow[] = [];
    for (let cursor: unknown = null; ; ) {
      const page = await listSettlements(
        world.ctx.reports,
        settlementListSchema.parse({ ...filter, dateType: "payoutDate", limit: 100, cursor }),
      );
      seen.push(...page.settlements);
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    const total = await sum(filter);
    expect(new Set(names(seen)).size).toBe(total.count);
    expect(seen.reduce((all, { payoutMinor }) => all + payoutMinor, 0n)).toBe(total.payoutMinor);
    for (const name of [
      "approvalMinor",
      "cancelMinor",
      "feeMinor",
      "feeVatMinor",
      "adjustmentMinor",
      "carriedInMinor",
      "carriedOutMinor",
    ] as const)
      expect([name, seen.reduce((all, row) => all + row[name], 0n)]).toEqual([name, total[name]]);
    for (const name of ["approvalCount", "cancelCount"] as const)
      expect([name, seen.reduce((all, row) => all + row[name], 0)]).toEqual([name, total[name]]);
    // Of sums as of rows: from what was sold to what is paid, nothing is left out.
    for (const one of [...seen, total])
      expect(
        one.approvalMinor +
          one.cancelMinor -
          one.feeMinor -
          one.feeVatMinor +
          one.adjustmentMinor +
          one.carriedInMinor -
          one.carriedOutMinor,
      ).toBe(one.payoutMinor);
    expect(seen.map(({ payoutDate }) => payoutDate)).toEqual(
      seen
        .map(({ payoutDate }) => payoutDate)
        .sort()
        .reverse(),
    );
  }
  expect((await listSettledMalls(world.ctx.reports)).map(({ name }) => name).sort()).toEqual([
    "오늘의식탁",
    "한빛서점",
  ]);
});

test("a payout date is explained by the contract's lag and cycle, and by the days on which banks are closed", async () => {
  await world.rows(
    `INSERT INTO mall_contract (id, mall_id, method, effective_from, fee_rate_e5, fee_rounding, is_fee_refundable, cycle, lag_business_days, payout_weekdays,
        holiday_policy, created_by)
      VALUES ('ctr_weekly', $1, 'CARD', '2024-01-01', 2200, 'FLOOR_1', true, 'WEEKLY', 2, '{5}', 'HOLIDAY_AFTER', 'op_1')`,
    [world.mallId],
  );
  await world.rows(
    `INSERT INTO settlement (id, business_date, mall_id, method, status, contract_id, calendar_version, payout_date, hash, drafted_at)
      VALUES ('stl_weekly', '2026-12-23', $1, 'CARD', 'DRAFT', 'ctr_weekly', 1, '2027-01-04', '\\x00', now())`,
    [world.mallId],
  );
  const explained = await explainPayout(world.ctx, "stl_weekly");
  expect(explained).toMatchObject({
    businessDate: "2026-12-23",
    payoutDate: "2027-01-04",
    calendarVersion: 1,
    contract: { effectiveFrom: "2024-01-01", cycle: "WEEKLY", lagBusinessDays: 2, payoutWeekdays: [5] },
    // Two business days later is not the 25th, nor in the weekend.
    lagEndsOn: "2026-12-28",
  });
  expect(explained.closedDays.map(({ date }) => date)).toEqual([
    "2026-12-25",
    "2026-12-26",
    "2026-12-27",
    "2027-01-01",
    "2027-01-02",
    "2027-01-03",
  ]);
  expect(explained.closedDays[1]?.why).toBe("WEEKEND");
  await expect(explainPayout(world.ctx, "stl_gone")).rejects.toMatchObject({ code: "NOT_FOUND" });
});

type Plan = Readonly<{
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows": number;
  Plans?: readonly Plan[];
}>;
const flat = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flat)];

test("what waits is read by its date, however much was paid out and is paid later", async () => {
  await world.rows(
    `INSERT INTO settlement (id, business_date, mall_id, method, status, contract_id, calendar_version, payout_date, hash, drafted_at)
      SELECT 'stl_ahead_' || n, $1::date + n, $2, 'CARD', 'DRAFT', 'ctr', 1, $1::date + n + 2, '\\x00', now() FROM generate_series(1, 2000) n ON CONFLICT DO NOTHING`,
    [today, world.mallId],
  );
  await world.rows("VACUUM ANALYZE settlement");
  for (const { name, text } of [payoutsDueStatement, nextPayoutStatement]) {
    const [explained] = await world.rows<{ "QUERY PLAN": [{ Plan: Plan }] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      [today],
    );
    const scans = flat(explained?.["QUERY PLAN"][0].Plan as Plan).filter(
      (node) =>
        node["Relation Name"] === "settlement" || node["Index Name"]?.startsWith("settlement_payable"),
    );
    expect(
      scans.map((scan) => scan["Index Name"] ?? "settlement_payable"),
      name,
    ).toEqual(scans.map(() => "settlement_payable"));
    expect(scans.length, name).toBeGreaterThan(0);
    for (const scan of scans) expect(scan["Actual Rows"], name).toBeLessThan(10);
  }
});
