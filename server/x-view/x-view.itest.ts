import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Prisma } from "#prisma/generated/client.ts";
import { realIds } from "#server/core/ids.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";
import { readFeed } from "#server/x-view/read-feed.ts";
import { feedInput, pickInput } from "#server/x-view/x-view.schemas.ts";
import { overlapMs, type XViewOutcome } from "#server/x-view/x-view.values.ts";
import { loadPicked, pointsSql, sumPicked } from "#server/x-view/x-view-queries.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  await world.rows(
    `INSERT INTO mall (id, name, business_number) VALUES ('mall_2', '모두의문구', '120-81-00002')`,
  );
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.ctx.db.paymentCancel.deleteMany();
  await world.ctx.db.payment.deleteMany();
});

const now = new Date("2026-11-19T05:32:40Z");
const at = (secondsAgo: number) => new Date(now.getTime() - secondsAgo * 1_000);
const feed = (input: Record<string, unknown> = {}, asked = now) =>
  readFeed({ reports: world.ctx.reports, now: () => asked }, feedInput.parse({ minutes: 15, ...input }));

type Given = {
  answeredAt: Date | null;
  durationMs?: number;
  outcome?: XViewOutcome | "inProgress";
  vanCode?: string;
  mallId?: string;
  requestedAt?: Date;
};

async function aPayment({
  answeredAt,
  durationMs = 200,
  outcome = "done",
  vanCode = "SBX1",
  mallId = world.mallId,
  requestedAt = new Date((answeredAt ?? now).getTime() - durationMs),
}: Given): Promise<string> {
  const facts = {
    done: { status: "DONE", approvedAt: answeredAt },
    declined: { status: "ABORTED", failureCode: "CARD_DECLINED" },
    failed: { status: "ABORTED", failureCode: "VAN_UNAVAILABLE" },
    netCanceled: { status: "NET_CANCELED", unknownReason: "timeout" },
    unknown: { status: "UNKNOWN", unknownReason: "timeout" },
    inProgress: { status: "IN_PROGRESS" },
  } as const;
  const { id } = await world.ctx.db.payment.create({
    data: {
      id: realIds.newId("payment"),
      orderId: realIds.newTraceNo(),
      orderName: "책",
      method: "CARD",
      amountMinor: 1_000n,
      vatMinor: 0n,
      traceNo: realIds.newTraceNo(),
      leaseUntil: now,
      traceId: "0".repeat(32),
      totalDurationMs: answeredAt ? durationMs : null,
      ...{ mallId, vanCode, requestedAt, answeredAt },
      ...facts[outcome],
    },
  });
  return id;
}

async function aCancel(
  paymentId: string,
  completedAt: Date | null,
  status: "SUCCEEDED" | "FAILED" | "UNKNOWN",
) {
  const { id } = await world.ctx.db.paymentCancel.create({
    data: {
      id: realIds.newId("cancel"),
      paymentId,
      mallId: world.mallId,
      status,
      origin: "API",
      actorId: "test",
      amountMinor: 1_000n,
      taxFreeMinor: 0n,
      vatMinor: 0n,
      balanceBeforeMinor: 1_000n,
      reason: "test",
      traceNo: realIds.newTraceNo(),
      leaseUntil: now,
      requestedAt: new Date((completedAt ?? now).getTime() - 700),
      completedAt,
      traceId: "0".repeat(32),
    },
  });
  return id;
}

describe("the feed", () => {
  test("holds what ended within the window, its first moment included", async () => {
    await aPayment({ answeredAt: new Date(at(900).getTime() - 1) });
    await aPayment({ answeredAt: at(900) });
    await aPayment({ answeredAt: at(0) });
    await aPayment({ answeredAt: null, outcome: "inProgress", requestedAt: at(2) });
    const reply = await feed();
    expect(reply).toMatchObject({
      nowMs: now.getTime(),
      fromMs: at(900).getTime(),
      count: 2,
      firstAtMs: at(900).getTime(),
      isCut: false,
      vans: ["SBX1"],
      malls: [world.mallId],
    });
  });

  test("an answer that is committed after a poll has passed its time comes with the next", async () => {
    await aPayment({ answeredAt: at(20) });
    const first = await feed();
    await aPayment({ answeredAt: at(overlapMs / 1_000 - 1) });
    const later = new Date(now.getTime() + 2_000);
    const second = await feed({ fromMs: first.nowMs - overlapMs }, later);
    expect(second).toMatchObject({ fromMs: first.nowMs - overlapMs, count: 1 });
    expect(second.firstAtMs).toBe(at(overlapMs / 1_000 - 1).getTime());
  });

  test("never looks back beyond its window, whatever is asked", async () => {
    await aPayment({ answeredAt: at(3_000) });
    expect(await feed({ minutes: 5, fromMs: 0 })).toMatchObject({
      count: 0,
      fromMs: at(300).getTime(),
      points: "",
    });
  });

  test("narrows by VAN, mall and operation", async () => {
    const paid = await aPayment({ answeredAt: at(60), vanCode: "SBX2" });
    await aPayment({ answeredAt: at(50), mallId: "mall_2" });
    await aCancel(paid, at(10), "SUCCEEDED");
    await aCancel(paid, at(9), "FAILED");
    await aCancel(paid, null, "UNKNOWN");
    const counts = await Promise.all(
      [
        {},
        { van: ["SBX2"] },
        { mall: ["mall_2"] },
        { van: ["SBX2"], mall: ["mall_2"] },
        { operation: ["approval"] },
        { operation: ["cancel"], van: ["SBX2"] },
        { operation: ["cancel"], van: ["SBX1"] },
      ].map(async (input) => (await feed(input)).count),
    );
    expect(counts).toEqual([4, 3, 1, 0, 2, 2, 0]);
  });

  test("counts running approvals by age, and only those", async () => {
    for (const seconds of [0, 0.999, 1, 2.9, 5, 8, 600])
      await aPayment({ answeredAt: null, outcome: "inProgress", requestedAt: at(seconds) });
    await aPayment({ answeredAt: null, outcome: "inProgress", requestedAt: at(5), vanCode: "SBX2" });
    await aPayment({ answeredAt: at(5) });
    expect((await feed()).inFlight).toEqual([2, 2, 2, 2]);
    expect((await feed({ van: ["SBX2"] })).inFlight).toEqual([0, 0, 1, 0]);
  });

  test("tells which of the unknown points are net-cancelled by now", async () => {
    const settled = at(600);
    await aPayment({ answeredAt: settled, outcome: "netCanceled", durationMs: 4_000 });
    await aPayment({ answeredAt: settled, outcome: "unknown", durationMs: 5_000 });
    await aPayment({ answeredAt: settled, outcome: "done" });
    const reply = await feed({
      fromMs: at(15).getTime(),
      unknownAtMs: [settled.getTime(), at(700).getTime()],
    });
    expect(reply.settled).toEqual([{ atMs: settled.getTime(), durationMs: 4_000 }]);
  });

  test("reads the window from the indexes on the end times", async () => {
    const query = pointsSql({ from: at(15) }, { van: [], mall: [], operation: [] });
    const plan = await world.ctx.db.$transaction(async (tx) => {
      await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
      return tx.$queryRaw<unknown>(Prisma.sql`EXPLAIN (FORMAT JSON) ${query}`);
    });
    const text = JSON.stringify(plan);
    expect(text).not.toMatch(/"Seq Scan","[^}]*"Relation Name":"payment/);
    expect(text).toContain("payment_answered_at_idx");
    expect(text).toContain("payment_cancel_completed_at_idx");
  });
});

describe("a box", () => {
  const box = (over: Record<string, unknown> = {}) =>
    pickInput.parse({
      fromMs: at(100).getTime(),
      toMs: at(50).getTime(),
      minMs: 1_000,
      maxMs: null,
      ...over,
    });

  test("lists what lies in it, its edges included, the slowest first, page by page", async () => {
    await aPayment({ answeredAt: new Date(at(100).getTime() - 1), durationMs: 9_000 });
    await aPayment({ answeredAt: new Date(at(50).getTime() + 1), durationMs: 9_000 });
    await aPayment({ answeredAt: at(70), durationMs: 999 });
    const edges = [
      await aPayment({ answeredAt: at(100), durationMs: 1_000 }),
      await aPayment({ answeredAt: at(50), durationMs: 6_000, outcome: "unknown" }),
      await aPayment({ answeredAt: at(60), durationMs: 3_000, outcome: "declined" }),
      await aPayment({ answeredAt: at(61), durationMs: 3_000, outcome: "netCanceled", vanCode: "SBX2" }),
      await aPayment({ answeredAt: at(62), durationMs: 2_000, outcome: "failed" }),
    ];
    const seen: string[] = [];
    let cursor: { durationMs: number; id: string } | null = null;
    for (let page = 0; page < 5; page++) {
      const rows = await loadPicked(world.ctx.db, box({ limit: 2, cursor }));
      if (rows.length === 0) break;
      seen.push(...rows.map((row) => row.paymentKey));
      const last = rows.at(-1);
      cursor = last ? { durationMs: last.durationMs, id: last.id } : null;
    }
    expect(new Set(seen)).toEqual(new Set(edges));
    expect(seen).toHaveLength(5);

    const [slowest] = await loadPicked(world.ctx.db, box());
    expect(slowest).toMatchObject({
      paymentKey: edges[1],
      operation: "approval",
      outcome: "unknown",
      answeredAt: at(50),
      durationMs: 6_000,
      mallName: "한빛서점",
      vanCode: "SBX1",
      amountMinor: 1_000n,
    });
    expect(await sumPicked(world.ctx.db, box())).toEqual({
      count: 5,
      amountMinor: 5_000n,
      outcomes: { done: 1, declined: 1, failed: 1, netCanceled: 1, unknown: 1 },
      troubledVans: ["SBX1", "SBX2"],
      operations: { approval: 5 },
    });
  });

  test("narrows by the longest time and by outcome", async () => {
    await aPayment({ answeredAt: at(60), durationMs: 3_000 });
    await aPayment({ answeredAt: at(60), durationMs: 3_001, outcome: "unknown" });
    expect((await sumPicked(world.ctx.db, box({ maxMs: 3_000 }))).count).toBe(1);
    expect((await sumPicked(world.ctx.db, box({ outcome: ["unknown"] }))).outcomes).toEqual({ unknown: 1 });
    expect(await sumPicked(world.ctx.db, box({ minMs: 8_000 }))).toMatchObject({
      count: 0,
      operations: {},
    });
  });

  test("shows a cancel with its payment and the time from its request to its end", async () => {
    const paid = await aPayment({ answeredAt: at(90) });
    const cancel = await aCancel(paid, at(60), "SUCCEEDED");
    expect(await loadPicked(world.ctx.db, box({ minMs: 0, operation: ["cancel"] }))).toMatchObject([
      { id: cancel, paymentKey: paid, operation: "cancel", outcome: "done", durationMs: 700 },
    ]);
  });
});
