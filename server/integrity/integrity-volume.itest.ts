import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { seedDemo } from "#prisma/seed/seed-demo.ts";
import { verifyNow } from "#server/integrity/verify-integrity.ts";
import type { Context } from "#server/platform/context.ts";
import { openPool, type Sql, type SqlPool, type Statement } from "#server/platform/db.ts";
import { SandboxVan } from "#server/testing/sandbox-van.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { createTestDatabase, type TestDatabase } from "#server/testing/test-database.ts";
import { openSbx1 } from "#server/van/sbx1/sbx1-van.ts";
import { openSbx2 } from "#server/van/sbx2/sbx2-van.ts";
import type { VanGateway } from "#server/van/van-gateway.ts";

/** The demo with its thirty days of history and its two VANs, as `npm start` makes it. */
let world: TestWorld;
let database: TestDatabase;
let dataDir: string;
let vans: SandboxVan[];
let gateways: VanGateway[];
let sql: SqlPool;
let ctx: Context;
let payments: number;

beforeAll(async () => {
  [world, database] = await Promise.all([openTestWorld({ redis: false }), createTestDatabase()]);
  dataDir = mkdtempSync(join(tmpdir(), "paydeck-integrity-"));
  const seeded = await seedDemo({ ...world.ctx.env, DATABASE_URL: database.url, PAYDECK_DATA_DIR: dataDir });
  payments = seeded.did === "planted" ? seeded.payments : 0;
  const start = (code: "SBX1" | "SBX2") => SandboxVan.start(code, { dataDir: join(dataDir, "van") });
  vans = await Promise.all([start("SBX1"), start("SBX2")]);
  const ignore = () => undefined;
  gateways = [openSbx1(vans[0]?.url ?? "", ignore), openSbx2(vans[1]?.url ?? "", ignore, ignore)];
  sql = openPool(database.url, {
    name: "test",
    connectionsMax: 5,
    statementTimeoutMs: 60_000,
    connectTimeoutMs: 15_000,
  });
  ctx = { ...world.ctx, sql, reports: sql, vans: new Map(gateways.map((van) => [van.code, van])) };
  await vi.waitUntil(() => gateways.every((van) => van.health().reachable), { timeout: 10_000 });
}, 180_000);

afterAll(async () => {
  await Promise.all((gateways ?? []).map((van) => van.close()));
  await Promise.all((vans ?? []).map((van) => van.stop()));
  await sql?.close();
  await database?.drop();
  await world?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const rows = <Row>(text: string, values: readonly unknown[] = []) => sql.run<Row>({ name: "", text }, values);
const openFindings = () =>
  rows("SELECT invariant, part, subject_id, expected, found FROM integrity_finding WHERE cleared_at IS NULL");

type Ran = Readonly<{ statement: Statement; values: readonly unknown[] }>;

/** A pool that remembers what it was asked, so that each statement can be explained with the values it had. */
function remembering(pool: SqlPool, ran: Ran[]): SqlPool {
  const spy = (inner: Sql): Sql => ({
    run: (statement, values) => {
      ran.push({ statement, values });
      return inner.run(statement, values);
    },
  });
  return { ...pool, ...spy(pool), transaction: (work) => pool.transaction((inner) => work(spy(inner))) };
}

type Plan = Readonly<{ "Node Type": string; "Relation Name"?: string; Plans?: readonly Plan[] }>;

function scannedWhole(plan: Plan): string[] {
  const here = plan["Node Type"] === "Seq Scan" && plan["Relation Name"] ? [plan["Relation Name"]] : [];
  return [...here, ...(plan.Plans ?? []).flatMap(scannedWhole)];
}

/** Tables with a row or more for every payment. */
const large = ["payment", "payment_event", "ledger_entry", "event", "van_exchange", "idempotency_key"];

describe("over thirty days of seeded history", () => {
  test("a full run finds nothing, and the VANs agree with what they were asked about", async () => {
    expect(payments).toBeGreaterThan(30_000);
    expect(await verifyNow(ctx, "FULL")).toBe("finished");
    expect(await openFindings()).toEqual([]);
    const [run] = await rows<{ total: number; checked: number }>(
      "SELECT payments_total AS total, payments_checked AS checked FROM integrity_run WHERE kind = 'FULL'",
    );
    expect(run).toEqual({ total: payments, checked: payments });
    const checks = await rows<{ invariant: string; violations: number; parked: number; examined: number }>(
      "SELECT invariant, violations, parked, examined FROM integrity_check",
    );
    expect(checks.filter(({ violations }) => violations > 0)).toEqual([]);
    const of = (id: string) => checks.find(({ invariant }) => invariant === id);
    // The dead letters of the demo's unknown payments and cancels are a person's business, not lost.
    expect(of("I4")?.parked).toBeGreaterThan(5);
    expect(of("I1")?.examined).toBe(10);
    expect(of("I5")?.examined).toBe(payments);
  });

  test("an incremental run finds nothing either, and asks about others", async () => {
    const ran: Ran[] = [];
    expect(await verifyNow({ ...ctx, reports: remembering(sql, ran) }, "INCREMENTAL")).toBe("finished");
    expect(await openFindings()).toEqual([]);
    const [asked] = await rows<{ n: number }>(
      "SELECT count(DISTINCT payment_id)::int AS n FROM van_exchange WHERE operation = 'INQUIRY' AND started_at > now() - interval '10 minutes' AND outcome IN ('approved', 'net_canceled', 'not_found', 'canceled')",
    );
    expect(asked?.n).toBeGreaterThan(12);
  });

  test("an incremental run scans no large table, planned with its values or without", async () => {
    await rows("ANALYZE");
    const ran: Ran[] = [];
    await verifyNow({ ...ctx, reports: remembering(sql, ran) }, "INCREMENTAL");
    const byName = Map.groupBy(ran, ({ statement }) => statement.name);
    expect(byName.size).toBeGreaterThan(20);
    const wrong: string[] = [];
    for (const [name, uses] of byName) {
      // The largest of them: a step of a thousand payments.
      const [use] = uses.toSorted((a, b) => b.values.toString().length - a.values.toString().length);
      if (!use) continue;
      const explain = async (how: string, values: readonly unknown[]) => {
        const [answer] = await rows<{ "QUERY PLAN": readonly { Plan: Plan }[] }>(
          `EXPLAIN (FORMAT JSON${how}) ${use.statement.text}`,
          values,
        );
        const [first] = answer?.["QUERY PLAN"] ?? [];
        if (!first) throw new Error(`${name} has no plan`);
        for (const table of scannedWhole(first.Plan))
          if (large.includes(table)) wrong.push(`${name}${how} reads all of ${table}`);
      };
      await explain("", use.values);
      await explain(", GENERIC_PLAN", []);
    }
    expect(wrong).toEqual([]);
  });
});
