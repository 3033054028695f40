import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemActor } from "#server/core/actor.ts";
import { requestExportSchema } from "#server/exports/export.schemas.ts";
import { readExport } from "#server/exports/export-queries.ts";
import { requestExport } from "#server/exports/request-export.ts";
import { runExport } from "#server/exports/run-export.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql, SqlPool } from "#server/platform/db.ts";
import { openBatch } from "#server/settlement/open-batch.ts";
import { settleMall } from "#server/settlement/settle-mall.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

// Reliability §2, 14: whatever reads or settles whole tables takes nothing from approvals. Each is stopped here in the middle
// of its longest transaction, in which it would hold whatever it holds.

let world: TestWorld;
let folder: string;
const day = "2026-11-17";
const attempt = { attempt: 1, messageId: 0n, traceId: null };

beforeEach(async () => {
  world = await openTestWorld({ redis: false });
  folder = await mkdtemp(join(tmpdir(), "paydeck-exports-"));
  await world.rows(
    `INSERT INTO mall_contract (id, mall_id, method, effective_from, fee_rate_e5, fee_rounding, is_fee_refundable, cycle, lag_business_days, created_by)
     VALUES ('ctr_1', $1, 'CARD', '2026-01-01', 2150, 'FLOOR_1', true, 'DAILY', 2, 'op_1')`,
    [world.mallId],
  );
});
afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const at = (date: string): Context => ({
  ...world.ctx,
  env: { ...world.ctx.env, PAYDECK_EXPORT_DIR: folder },
  now: () => new Date(`${date}T12:00:00.000+09:00`),
});

async function approve(amount: number, on: Context): Promise<string> {
  const reply = await approvePayment(on, anApproval(world, { amountMinor: BigInt(amount) }));
  expect(reply.status).toBe(200);
  return (JSON.parse(reply.body) as { data: { paymentKey: string } }).data.paymentKey;
}

const cancel = (paymentId: string, amount: number, on: Context) =>
  cancelPayment(on, {
    paymentId,
    amountMinor: BigInt(amount),
    reason: "반품",
    origin: "API",
    actor: { type: "mall", id: world.mallId },
    locale: "ko",
    traceId: "0".repeat(32),
  });

/** A pool whose transactions stand still behind a statement that begins so, until they are let go on. */
function stoppingBehind<Pool extends SqlPool>(pool: Pool, beginning: string) {
  const { promise: stands, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>();
  const through = (sql: Sql): Sql => ({
    async run(statement, values) {
      const rows = await sql.run(statement, values);
      if (statement.text.startsWith(beginning)) {
        arrive();
        await goOn;
      }
      return rows as never;
    },
  });
  const stopping: Pool = { ...pool, transaction: (work) => pool.transaction((sql) => work(through(sql))) };
  return { pool: stopping, stands, letGo };
}

/** Whoever waits for a lock at this moment. */
const waits = () =>
  world.rows(
    "SELECT pid FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
  );

test("approvals and cancels go on while an export reads, and it is of the moment that it began in", async () => {
  const ctx = at(day);
  const earlier = at("2026-11-16");
  const before = await approve(10_000, earlier);
  const { exportId } = await requestExport(ctx, {
    ...requestExportSchema.parse({
      source: { kind: "PAYMENTS", filter: { date: "all" } },
      format: "CSV",
      purpose: "OTHER",
      reason: "월 마감 자료를 회계팀에 전달",
      language: "ko",
      requestKey: randomUUID(),
    }),
    operator: { id: "op_ONE", role: "ADMIN", ipAddress: null },
    traceId: "0".repeat(32),
  });
  const { pool, stands, letGo } = stoppingBehind(world.ctx.reports, "FETCH");
  const running = runExport({ ...ctx, reports: pool }, { exportId }, attempt);
  await Promise.race([stands, running]);
  try {
    await approve(20_000, earlier);
    expect(await cancel(before, 4_000, ctx)).toMatchObject({ result: "succeeded" });
    expect(await waits()).toEqual([]);
  } finally {
    letGo();
  }
  expect(await running).toMatchObject({ kind: "done" });
  expect(await readExport(ctx.sql, exportId)).toMatchObject({ state: "DONE", rowsTotal: 1 });
});

test.each(["WITH entry", "WITH me"])(
  "approvals and cancels of a mall go on while it is settled (%s), and are settled once",
  async (beginning) => {
    const before = await approve(10_000, at(day));
    const next = at("2026-11-18");
    await openBatch(next, { businessDate: day, actor: systemActor, traceId: null });
    const { pool, stands, letGo } = stoppingBehind(world.ctx.batches, beginning);
    // It has no business with the connections that approvals are made on.
    const money: SqlPool = {
      run: () => Promise.reject(new Error("a settlement took a connection of approvals")),
      transaction: () => Promise.reject(new Error("a settlement took a connection of approvals")),
      close: async () => undefined,
    };
    const task = { businessDate: day, mallId: world.mallId, generation: 1 };
    const running = settleMall({ ...next, sql: money, batches: pool }, task, attempt);
    await Promise.race([stands, running]);
    let meanwhile: string;
    try {
      meanwhile = await approve(20_000, next);
      expect(await cancel(before, 4_000, next)).toMatchObject({ result: "succeeded" });
      expect(await waits()).toEqual([]);
    } finally {
      letGo();
    }
    expect(await running).toMatchObject({ kind: "done" });
    const after = at("2026-11-19");
    await openBatch(after, { businessDate: "2026-11-18", actor: systemActor, traceId: null });
    await settleMall(after, { ...task, businessDate: "2026-11-18" }, attempt);
    expect(
      await world.rows(
        `SELECT to_char(s.business_date, 'DD') AS day, l.payment_id AS payment, l.amount_minor AS amount FROM settlement_line l
         JOIN settlement s ON s.id = l.settlement_id ORDER BY s.business_date, l.amount_minor`,
      ),
    ).toEqual([
      { day: "17", payment: before, amount: 10_000n },
      { day: "18", payment: before, amount: -4_000n },
      { day: "18", payment: meanwhile, amount: 20_000n },
    ]);
  },
);

test("approvals do not wait when every connection for reports is taken and more is asked of them", async () => {
  const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>();
  const taken = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  const busy = taken.map(({ resolve }) =>
    world.ctx.reports.transaction(async (sql) => {
      await sql.run({ name: "", text: "SELECT count(*) FROM payment" }, []);
      resolve();
      await goOn;
    }),
  );
  await Promise.all(taken.map(({ promise }) => promise));
  let isReported = false;
  const waiting = world.ctx.reports.run({ name: "", text: "SELECT 1" }, []).then(() => {
    isReported = true;
  });
  const payments = await Promise.all(Array.from({ length: 10 }, () => approve(10_000, at(day))));
  expect(new Set(payments).size).toBe(10);
  expect(isReported).toBe(false);
  letGo();
  await Promise.all([...busy, waiting]);
});
