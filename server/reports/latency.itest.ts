import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { realIds } from "#server/core/ids.ts";
import { type Db, openDb, openPool, type SqlPool } from "#server/platform/db.ts";
import { bucketOf } from "#server/reports/domain/latency-histogram.ts";
import { latencyQuerySchema } from "#server/reports/latency.schemas.ts";
import { readLatency } from "#server/reports/latency-queries.ts";
import { backfillLatency, rollUpLatency } from "#server/reports/roll-up-latency.ts";
import { createTestDatabase, type TestDatabase } from "#server/testing/test-database.ts";

let database: TestDatabase;
let sql: SqlPool;
let db: Db;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = openPool(database.url, { name: "test", connectionsMax: 4, connectTimeoutMs: 15_000 });
  db = openDb(database.url, 2, 15_000);
  await db.mall.create({ data: { id: "mall_1", name: "한빛서점", businessNumber: "1208800001" } });
});

afterAll(async () => {
  await sql.close();
  await db.$disconnect();
  await database.drop();
});

beforeEach(async () => {
  await db.payment.deleteMany();
  await db.latencyMinute.deleteMany();
});

const now = new Date("2026-11-19T05:32:40Z");
const contextAt = (at: Date) => ({ reports: sql, now: () => at });
const halfHour = latencyQuerySchema.parse({ range: { period: "30m" } });

type Answer = {
  status?: "DONE" | "ABORTED" | "UNKNOWN" | "NET_CANCELED" | "CANCELED";
  failureCode?: string;
  unknownReason?: string;
  approved?: boolean;
  vanCode?: string;
  vanDurationMs?: number | null;
  totalDurationMs?: number;
};

async function anAnswer(answeredAt: string, over: Answer = {}) {
  const at = new Date(answeredAt);
  return db.payment.create({
    data: {
      id: realIds.newId("payment"),
      mallId: "mall_1",
      orderId: realIds.newTraceNo(),
      orderName: "책",
      method: "CARD",
      amountMinor: 1_000n,
      vatMinor: 0n,
      canceledMinor: over.status === "CANCELED" ? 1_000n : 0n,
      status: over.status ?? "DONE",
      vanCode: over.vanCode ?? "SBX1",
      traceNo: realIds.newTraceNo(),
      leaseUntil: at,
      requestedAt: new Date(at.getTime() - 400),
      answeredAt: at,
      approvedAt: (over.approved ?? (over.status ?? "DONE") === "DONE") ? at : null,
      failureCode: over.failureCode ?? null,
      unknownReason: over.unknownReason ?? null,
      vanDurationMs: over.vanDurationMs === undefined ? 200 : over.vanDurationMs,
      totalDurationMs: over.totalDurationMs ?? null,
      traceId: "0".repeat(32),
    },
  });
}

const minutes = () =>
  db.latencyMinute.findMany({
    orderBy: [{ minute: "asc" }, { outcome: "asc" }, { bucket: "asc" }],
    select: { minute: true, vanCode: true, outcome: true, bucket: true, count: true },
  });

test("counts each answer once by how it ended then, whatever became of the payment later", async () => {
  await anAnswer("2026-11-19T05:30:05Z");
  await anAnswer("2026-11-19T05:30:59.999Z", { status: "CANCELED", approved: true });
  await anAnswer("2026-11-19T05:31:00Z", {
    status: "ABORTED",
    failureCode: "CARD_LIMIT_EXCEEDED",
    vanDurationMs: 350,
  });
  await anAnswer("2026-11-19T05:31:01Z", {
    status: "ABORTED",
    failureCode: "VAN_UNAVAILABLE",
    vanDurationMs: null,
    totalDurationMs: 12,
  });
  await anAnswer("2026-11-19T05:31:02Z", {
    status: "NET_CANCELED",
    unknownReason: "timeout",
    vanDurationMs: 4_000,
  });
  await anAnswer("2026-11-19T05:31:03Z", {
    status: "UNKNOWN",
    unknownReason: "lease_expired",
    vanDurationMs: null,
  });
  await rollUpLatency(contextAt(now));
  const at30 = new Date("2026-11-19T05:30:00Z");
  const at31 = new Date("2026-11-19T05:31:00Z");
  const expected = [
    { minute: at30, vanCode: "SBX1", outcome: "approved", bucket: bucketOf(200), count: 2 },
    { minute: at31, vanCode: "SBX1", outcome: "declined", bucket: bucketOf(350), count: 1 },
    { minute: at31, vanCode: "SBX1", outcome: "failed", bucket: bucketOf(12), count: 1 },
    { minute: at31, vanCode: "SBX1", outcome: "unknown", bucket: bucketOf(400), count: 1 },
    { minute: at31, vanCode: "SBX1", outcome: "unknown", bucket: bucketOf(4_000), count: 1 },
  ];
  expect(await minutes()).toEqual(expected);

  await rollUpLatency(contextAt(now));
  await Promise.all([
    rollUpLatency(contextAt(now)),
    rollUpLatency(contextAt(now)),
    backfillLatency(contextAt(now)),
  ]);
  expect(await minutes()).toEqual(expected);
});

test("SQL and code put a duration into the same bucket", async () => {
  const durations = [1, 2, 3, 10, 50, 99, 100, 101, 999, 1_000, 5_000, 20_000, 59_999];
  for (const [index, vanDurationMs] of durations.entries())
    await anAnswer(`2026-11-19T05:${String(index + 10)}:00Z`, { vanDurationMs });
  await backfillLatency(contextAt(now));
  expect((await minutes()).map(({ bucket }) => bucket)).toEqual(durations.map(bucketOf));
});

test("catches up with what was answered while no worker ran", async () => {
  await anAnswer("2026-11-18T22:00:10Z");
  await rollUpLatency(contextAt(new Date("2026-11-18T22:01:00Z")));
  await anAnswer("2026-11-18T22:02:10Z");
  await anAnswer("2026-11-19T05:31:10Z");
  await rollUpLatency(contextAt(now));
  expect((await minutes()).map(({ minute }) => minute.toISOString().slice(0, 16))).toEqual([
    "2026-11-18T22:00",
    "2026-11-18T22:02",
    "2026-11-19T05:31",
  ]);
});

test("an answer that is committed late finds its minute", async () => {
  await anAnswer("2026-11-19T05:31:10Z");
  await rollUpLatency(contextAt(now));
  await anAnswer("2026-11-19T05:31:50Z");
  await rollUpLatency(contextAt(now));
  expect(await minutes()).toMatchObject([{ count: 2 }]);
});

test("reads a period by VAN and minute, with gaps as gaps and without the minute that runs", async () => {
  await anAnswer("2026-11-19T05:10:05Z", { vanDurationMs: 100 });
  await anAnswer("2026-11-19T05:10:15Z", { vanDurationMs: 1_000, vanCode: "SBX2" });
  await anAnswer("2026-11-19T05:10:25Z", {
    status: "ABORTED",
    failureCode: "CARD_DECLINED",
    vanDurationMs: 100,
  });
  await anAnswer("2026-11-19T05:32:10Z");
  await rollUpLatency(contextAt(now));

  const report = await readLatency(sql, halfHour, now);
  expect(report).toMatchObject({
    from: new Date("2026-11-19T05:02:00Z"),
    to: new Date("2026-11-19T05:32:00Z"),
    slotSeconds: 60,
    countedUntil: new Date("2026-11-19T05:32:00Z"),
  });
  expect(report.slots).toHaveLength(30);
  expect(report.total).toMatchObject({
    count: 3,
    counts: { approved: 2, declined: 1, unknown: 0, failed: 0 },
    approvalRate: 2 / 3,
  });
  const busy = report.slots.filter((slot) => slot.count > 0);
  expect(busy).toHaveLength(1);
  expect(busy[0]).toMatchObject({ at: new Date("2026-11-19T05:10:00Z"), seconds: 60, count: 3 });
  expect(Math.abs((busy[0]?.p99Ms ?? 0) - 1_000)).toBeLessThan(100);
  expect(report.slots[0]).toMatchObject({ count: 0, p50Ms: null, approvalRate: null });
  expect(report.groups.map(({ id, total }) => [id, total.count, total.approvalRate])).toEqual([
    ["SBX1", 2, 0.5],
    ["SBX2", 1, 1],
  ]);

  // The same payments told apart by mall, and by the mall's route to each VAN, the busiest first.
  const byMall = await readLatency(sql, { ...halfHour, by: "mall" }, now);
  expect(
    byMall.groups.map(({ id, mallName, vanCode, total }) => [id, mallName, vanCode, total.count]),
  ).toEqual([["mall_1", "한빛서점", null, 3]]);
  expect(byMall.slots).toEqual(report.slots);
  const byRoute = await readLatency(sql, { ...halfHour, by: "route" }, now);
  expect(byRoute.groups.map(({ mallId, vanCode, total }) => [mallId, vanCode, total.count])).toEqual([
    ["mall_1", "SBX1", 2],
    ["mall_1", "SBX2", 1],
  ]);
  expect(byRoute.groups[0]?.slots?.filter((slot) => slot.count > 0)).toMatchObject([{ count: 2 }]);
  expect([byRoute.groupsTotal, byRoute.total.p99Ms]).toEqual([2, report.total.p99Ms]);

  const onlySbx2 = await readLatency(sql, { ...halfHour, van: ["SBX2"] }, now);
  expect(onlySbx2.total.count).toBe(1);
  expect((await readLatency(sql, { ...halfHour, mall: ["mall_2"] }, now)).total).toMatchObject({
    count: 0,
    p95Ms: null,
  });
});

test("wide slots add up to the same totals, and the last one says how much of it has passed", async () => {
  for (const minute of ["05:00", "05:14", "05:29", "05:31"]) await anAnswer(`2026-11-19T${minute}:00Z`);
  await rollUpLatency(contextAt(now));
  const day = await readLatency(sql, latencyQuerySchema.parse({ range: { period: "24h" } }), now);
  expect(day.slotSeconds).toBe(900);
  expect(day.slots.reduce((sum, slot) => sum + slot.count, 0)).toBe(4);
  expect(day.slots.at(-1)).toMatchObject({ at: new Date("2026-11-19T05:30:00Z"), seconds: 120, count: 1 });
});
