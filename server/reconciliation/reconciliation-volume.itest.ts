import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "#server/core/actor.ts";
import { startOfBusinessDate } from "#server/core/business-date.ts";
import { type MeasuredPool, openPool } from "#server/platform/db.ts";
import { importFile } from "#server/reconciliation/import-file.ts";
import { addDays } from "#server/settlement/domain/business-calendar.ts";
import { aDepositFile, anSbx1File, type FileRow, inPieces } from "#server/testing/daily-files.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

// A busy day: a hundred thousand records of one VAN, next to another day of the same size.

let world: TestWorld;
/** With the time that a report has. */
let pool: MeasuredPool;
const day = "2026-11-17";
const size = 100_000;
const traceOf = (n: number) => `0V${String(n).padStart(18, "0")}`;
const amountOf = (n: number) => 1_000 + (n % 977) * 13;

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  pool = openPool(world.databaseUrl, { name: "test-loads", connectionsMax: 2, statementTimeoutMs: 60_000 });
  await pool.transaction(async (sql) => {
    // What guards single rows, and the console's search, are of no matter here and take a minute.
    for (const text of [
      "ALTER TABLE payment DISABLE TRIGGER USER",
      "ALTER TABLE ledger_entry DISABLE TRIGGER USER",
      "DROP INDEX payment_search",
      `INSERT INTO payment (id, mall_id, order_id, order_name, method, amount_minor, vat_minor, status, van_code, trace_no, lease_until, requested_at, approved_at, trace_id)
       SELECT 'pay_' || d || lpad(n::text, 18, '0'), 'mall_TEST', 'order-' || d || '-' || n, '책', 'CARD', 1000 + (n % 977) * 13, 0, 'DONE', 'SBX1',
         CASE d WHEN 0 THEN '0V' ELSE '0W' END || lpad(n::text, 18, '0'), now(), at, at, 't'
       FROM generate_series(0, 1) d, generate_series(1, ${size}) n, LATERAL (SELECT '${startOfBusinessDate(day).toISOString()}'::timestamptz - d * interval '1 day') t(at)`,
      `INSERT INTO ledger_entry (event_key, account, amount_minor, payment_id, business_date)
       SELECT 'pay:' || id || ':approve', account, sign * amount_minor, id, (approved_at AT TIME ZONE 'Asia/Seoul')::date
       FROM payment, (VALUES ('van_receivable:SBX1', 1), ('mall_payable:mall_TEST', -1)) s(account, sign)`,
    ])
      await sql.run({ name: "", text }, []);
  });
  await world.rows("ANALYZE");
}, 180_000);
afterAll(async () => {
  await pool.close();
  await world.close();
});

test("a hundred thousand records are imported and matched within seconds", async () => {
  const rows: FileRow[] = Array.from({ length: size }, (_, i) => ({
    kind: "A",
    traceNo: traceOf(i + 1),
    amount: amountOf(i + 1),
  }));
  // Some differ, and are looked for elsewhere: by index, or this would take minutes.
  for (let i = 0; i < size; i += 100) rows[i] = { kind: "A", traceNo: `0STRANGER${i}`, amount: 5_000 };
  const ctx = {
    ...world.ctx,
    reports: pool,
    batches: pool,
    now: () => new Date(`${addDays(day, 1)}T04:00:00.000+09:00`),
  };
  const load = async (kind: "VAN" | "DEPOSIT", bytes: Buffer) => {
    const begunMs = performance.now();
    const imported = await importFile(ctx, {
      vanCode: "SBX1",
      businessDate: day,
      kind,
      bytes: inPieces(bytes),
      actor: systemActor,
      traceId: null,
    });
    const tookMs = performance.now() - begunMs;
    process.stderr.write(
      `${kind}: ${Math.round(tookMs)} ms, ${Math.round((size / tookMs) * 1_000)} rows/s\n`,
    );
    expect(tookMs).toBeLessThan(30_000);
    return imported;
  };
  const expected = { recordCount: size + size / 100, matchedCount: size - size / 100 };
  expect((await load("VAN", anSbx1File(day, rows))).match).toEqual(expected);
  expect((await load("DEPOSIT", aDepositFile("SBX1", day, rows))).match).toEqual(expected);
  expect(
    await world.rows("SELECT class, count(*)::int AS n FROM recon_item GROUP BY class ORDER BY class"),
  ).toEqual([
    { class: "ONLY_OURS", n: size / 100 },
    { class: "ONLY_VAN", n: size / 100 },
  ]);
}, 120_000);
