import { afterEach, beforeEach, expect, test } from "vitest";
import { anomaliesStatement, readAnomalies } from "#server/settlement/anomaly-queries.ts";
import { addDays } from "#server/settlement/domain/business-calendar.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

// What stands out among settlements that are laid as they stand; how they come about is in settlement-batch.itest.ts.

const day = "2026-11-19";
let world: TestWorld;

beforeEach(async () => {
  world = await openTestWorld({ redis: false });
});
afterEach(() => world.close());

/** The batches of some days up to `day`, each done, the last one as asked. */
async function batches(days: number, last: "DONE" | "OPEN" = "DONE"): Promise<void> {
  await world.rows(
    `INSERT INTO settlement_batch (business_date, from_date, previous_date, calendar_version, status, opened_at, finished_at, hash)
      SELECT d, d, CASE WHEN n > 0 THEN d - 1 END, 1, s, now(), CASE s WHEN 'DONE' THEN now() END, CASE s WHEN 'DONE' THEN '\\x00'::bytea END
      FROM generate_series(0, $2::int - 1) n, LATERAL (SELECT $1::date - $2::int + 1 + n AS d, CASE WHEN n = $2::int - 1 THEN $3 ELSE 'DONE' END AS s) b`,
    [day, days, last],
  );
}

/** Settlements of a mall, each `[days before the day, what it comes to]`; below zero it is carried over. */
async function lay(
  mallId: string,
  settlements: readonly (readonly [daysBefore: number, minor: bigint])[],
  method: "CARD" | "VOUCHER" = "CARD",
): Promise<void> {
  await world.rows(
    "INSERT INTO mall (id, name, business_number) VALUES ($1, '몰 ' || $1, '120-81-00009') ON CONFLICT DO NOTHING",
    [mallId],
  );
  for (const [daysBefore, minor] of settlements)
    await world.rows(
      `INSERT INTO settlement (id, business_date, mall_id, method, status, contract_id, calendar_version, payout_date, approval_count, approval_minor, cancel_count,
          cancel_minor, net_minor, payout_minor, carried_out_minor, hash, drafted_at)
        VALUES ($1, $2::date, $3, $4::payment_method, 'DRAFT', 'ctr', 1, $2::date + 2, 1, greatest($5::bigint, 0), 1, least($5::bigint, 0), $5::bigint,
          greatest($5::bigint, 0), least($5::bigint, 0), '\\x00', now())`,
      [`stl_${mallId}_${method}_${daysBefore}`, addDays(day, -daysBefore), mallId, method, minor],
    );
}

const every = (count: number, minor: bigint, from = 1) =>
  Array.from({ length: count }, (_, index) => [from + index, minor] as const);

/** What is found, as `mall:method kind`. */
const found = async () =>
  (await readAnomalies(world.ctx.reports))?.anomalies.map(
    ({ mallId, method, kind }) => `${mallId}:${method} ${kind}`,
  );

test("before any date is settled there is nothing to say", async () => {
  expect(await readAnomalies(world.ctx.reports)).toBeNull();
  await batches(1, "OPEN");
  expect(await readAnomalies(world.ctx.reports)).toBeNull();
});

test("settlements as they usually are leave it calm", async () => {
  await batches(29);
  await lay("A", [...every(28, 1_000n), [0, 1_200n]]);
  expect(await readAnomalies(world.ctx.reports)).toEqual({
    businessDate: day,
    fromDate: "2026-10-22",
    counts: { NEGATIVE: 0, MISSING: 0, DEVIATION: 0 },
    anomalies: [],
  });
});

test("a payout stands out beyond half of its mean, above and below, and exactly half of it does not", async () => {
  await batches(29);
  // The mean of 1,001, 1,000 and 1,000 is no whole won: the comparison is exact all the same.
  const before = [
    [1, 1_001n],
    [8, 1_000n],
    [28, 1_000n],
  ] as const;
  await lay("MORE", [...every(4, 1_000n), [0, 1_501n]]);
  await lay("HALF_MORE", [...every(4, 1_000n), [0, 1_500n]]);
  await lay("LESS", [...every(4, 1_000n), [0, 499n]]);
  await lay("HALF_LESS", [...every(4, 1_000n), [0, 500n]]);
  await lay("PART_UNDER", [...before, [0, 1_500n]]);
  await lay("PART_OVER", [...before, [0, 1_501n]]);
  await lay("FROM_NOTHING", [...every(3, 0n), [0, 1n]]);
  await lay("NOTHING", [...every(3, 0n), [0, 0n]]);
  expect((await found())?.sort()).toEqual([
    "FROM_NOTHING:CARD DEVIATION",
    "LESS:CARD DEVIATION",
    "MORE:CARD DEVIATION",
    "PART_OVER:CARD DEVIATION",
  ]);
  const report = await readAnomalies(world.ctx.reports);
  expect(report?.anomalies.find(({ mallId }) => mallId === "MORE")).toEqual({
    kind: "DEVIATION",
    settlementId: "stl_MORE_CARD_0",
    mallId: "MORE",
    mallName: "몰 MORE",
    method: "CARD",
    amountMinor: 1_501n,
    meanMinor: 1_000n,
    settledBefore: 4,
  });
});

test("a mean takes three settlements of the same mall and method within the 28 days before", async () => {
  await batches(40);
  await lay("TWO", [...every(2, 1_000n), [0, 9_000n]]);
  await lay("THREE", [...every(3, 1_000n), [0, 9_000n]]);
  await lay("TOO_OLD", [
    [1, 1_000n],
    [27, 1_000n],
    [29, 1_000n],
    [0, 9_000n],
  ]);
  await lay("OTHER_METHOD", [...every(2, 1_000n), [0, 9_000n]]);
  await lay("OTHER_METHOD", [...every(2, 1_000n), [0, 1_000n]], "VOUCHER");
  expect(await found()).toEqual(["THREE:CARD DEVIATION"]);
});

test("a total below zero stands out whatever was usual, and says what is carried over", async () => {
  await batches(29);
  await lay("NEW", [[0, -1n]]);
  await lay("KNOWN", [...every(28, 1_000n), [0, -500n]]);
  await lay("ZERO", [[0, 0n]]);
  const report = await readAnomalies(world.ctx.reports);
  expect(report?.counts).toEqual({ NEGATIVE: 2, MISSING: 0, DEVIATION: 0 });
  expect(report?.anomalies).toMatchObject([
    { kind: "NEGATIVE", mallId: "KNOWN", amountMinor: -500n, meanMinor: 1_000n, settledBefore: 28 },
    { kind: "NEGATIVE", mallId: "NEW", amountMinor: -1n, meanMinor: null, settledBefore: 0 },
  ]);
});

test("what came with more than half of the batches is missed, with half of them it is not", async () => {
  await batches(29);
  await lay("MOST", every(15, 1_000n));
  await lay("HALF", every(14, 1_000n));
  await lay("HERE", [...every(28, 1_000n), [0, 1_000n]]);
  await lay("ONE_METHOD", [...every(28, 1_000n), [0, 1_000n]]);
  await lay("ONE_METHOD", every(28, 500n), "VOUCHER");
  const report = await readAnomalies(world.ctx.reports);
  expect(report?.counts).toEqual({ NEGATIVE: 0, MISSING: 2, DEVIATION: 0 });
  expect(report?.anomalies).toEqual([
    {
      kind: "MISSING",
      settlementId: null,
      mallId: "MOST",
      mallName: "몰 MOST",
      method: "CARD",
      amountMinor: null,
      meanMinor: 1_000n,
      settledBefore: 15,
    },
    expect.objectContaining({ kind: "MISSING", mallId: "ONE_METHOD", method: "VOUCHER", meanMinor: 500n }),
  ]);
});

test("on a young platform it takes three settlements to be missed, and most of the batches that there were", async () => {
  await batches(6);
  await lay("TWO", every(2, 1_000n));
  await lay("THREE", every(3, 1_000n));
  expect(await found()).toEqual(["THREE:CARD MISSING"]);
});

test("while a batch is being computed, the one before it is told of, and nothing of the new one is missed", async () => {
  await batches(29, "OPEN");
  await lay("A", [...every(27, 1_000n, 2), [1, 5_000n]]);
  const report = await readAnomalies(world.ctx.reports);
  expect(report?.businessDate).toBe("2026-11-18");
  expect(report?.anomalies.map(({ kind, settlementId }) => [kind, settlementId])).toEqual([
    ["DEVIATION", "stl_A_CARD_1"],
  ]);
});

test("fifty are listed, the worst kind and the farthest first, and all are counted", async () => {
  await batches(29);
  await lay("MISSED", every(20, 1_000n));
  await lay("BELOW", [[0, -7n]]);
  await world.rows(
    `INSERT INTO mall (id, name, business_number) SELECT 'M' || lpad(n::text, 3, '0'), 'm', '0' FROM generate_series(1, 60) n`,
  );
  await world.rows(
    `INSERT INTO settlement (id, business_date, mall_id, method, status, contract_id, calendar_version, payout_date, approval_minor, net_minor, payout_minor, hash, drafted_at)
      SELECT 'stl_' || m.id || '_' || d, $1::date - d, m.id, 'CARD', 'DRAFT', 'ctr', 1, $1::date, a, a, a, '\\x00', now()
      FROM mall m, generate_series(0, 4) d, LATERAL (SELECT CASE d WHEN 0 THEN 2000 + substr(m.id, 2)::int ELSE 1000 END AS a) x WHERE m.id LIKE 'M0%'`,
    [day],
  );
  const report = await readAnomalies(world.ctx.reports);
  expect(report?.counts).toEqual({ NEGATIVE: 1, MISSING: 1, DEVIATION: 60 });
  expect(report?.anomalies).toHaveLength(50);
  expect(report?.anomalies.slice(0, 4).map(({ mallId }) => mallId)).toEqual([
    "BELOW",
    "MISSED",
    "M060",
    "M059",
  ]);
});

type Plan = Readonly<{
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  Plans?: readonly Plan[];
}>;
const flat = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flat)];

test("it reads the settlements of the days that it compares, however many there were before", async () => {
  await batches(1_000);
  await world.rows(
    `INSERT INTO mall (id, name, business_number) SELECT 'M' || n, 'm', '0' FROM generate_series(1, 20) n`,
  );
  await world.rows(
    `INSERT INTO settlement (id, business_date, mall_id, method, status, contract_id, calendar_version, payout_date, approval_minor, net_minor, payout_minor, hash, drafted_at)
      SELECT 'stl_' || m.id || '_' || d, $1::date - d, m.id, 'CARD', 'DRAFT', 'ctr', 1, $1::date, 1000, 1000, 1000, '\\x00', now()
      FROM mall m, generate_series(0, 999) d WHERE m.id LIKE 'M%'`,
    [day],
  );
  await world.rows("VACUUM ANALYZE settlement, settlement_batch");
  const [explained] = await world.rows<{ "QUERY PLAN": [{ Plan: Plan }] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${anomaliesStatement.text}`,
  );
  const nodes = flat(explained?.["QUERY PLAN"][0].Plan as Plan);
  const reads = nodes.filter((node) => node["Relation Name"] === "settlement");
  expect(reads).toHaveLength(2);
  for (const read of reads) {
    expect(read["Node Type"]).not.toBe("Seq Scan");
    expect(read["Actual Rows"] * read["Actual Loops"]).toBeLessThanOrEqual(20 * 28);
  }
  expect(nodes.flatMap((node) => node["Index Name"] ?? [])).toContain("settlement_business_date_id_idx");
});
