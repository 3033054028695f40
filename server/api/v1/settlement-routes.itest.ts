import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mallRoutes } from "#server/api/v1/routes.ts";
import { systemActor } from "#server/core/actor.ts";
import { openApiListener } from "#server/http/api-listener.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { cancelPayment } from "#server/payments/cancel-payment.ts";
import type { Context } from "#server/platform/context.ts";
import type { Runtime } from "#server/platform/runtime.ts";
import { openBatch } from "#server/settlement/open-batch.ts";
import { settleMall } from "#server/settlement/settle-mall.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

// What a mall reads of its settlements over HTTP: its own, from the day they are added up, in pages that miss none.

const days = ["2026-11-16", "2026-11-17", "2026-11-18"] as const;
let world: TestWorld;
let server: Server;
let baseUrl: string;
let otherSettlement: string;

beforeAll(async () => {
  world = await openTestWorld({ redis: false });
  (globalThis as { paydeckRuntime?: unknown }).paydeckRuntime = {
    ...world.ctx,
    close: async () => undefined,
  } satisfies Runtime;
  server = createServer(openApiListener(world.ctx));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await world.rows("ALTER TABLE mall_contract DISABLE TRIGGER mall_contract_guard");
  await world.rows(
    `INSERT INTO mall_contract (id, mall_id, method, effective_from, fee_rate_e5, fee_rounding, is_fee_refundable, cycle, lag_business_days, created_by)
     VALUES ('ctr_1', $1, 'CARD', '2026-01-01', 3000, 'FLOOR_1', true, 'DAILY', 2, 'op_1')`,
    [world.mallId],
  );
  await world.rows("ALTER TABLE mall_contract ENABLE TRIGGER mall_contract_guard");
  for (const day of days) {
    const noon = at(day, "12:00:00");
    const keys: string[] = [];
    for (const amountMinor of [50_000n, 30_000n, 20_000n]) keys.push(await approve(noon, amountMinor));
    await cancelPayment(noon, {
      paymentId: keys[0] ?? "",
      amountMinor: 10_000n,
      reason: "반품",
      origin: "API",
      actor: { type: "mall", id: world.mallId },
      locale: "ko",
      traceId: "0".repeat(32),
    });
    const night = at(day, "23:59:59");
    const later = { ...night, now: () => new Date(night.now().getTime() + 3 * 3_600_000) };
    await openBatch(later, { businessDate: day, actor: systemActor, traceId: null });
    await settleMall(
      later,
      { businessDate: day, mallId: world.mallId, generation: 1 },
      { attempt: 1, messageId: 0n, traceId: null },
    );
  }
  await world.rows(
    "INSERT INTO mall (id, name, business_number) VALUES ('mall_OTHER', '오늘의식탁', '120-81-00002')",
  );
  otherSettlement = "stl_OTHER";
  await world.rows(
    `INSERT INTO settlement (id, business_date, mall_id, method, status, contract_id, calendar_version, payout_date, approval_minor, net_minor, payout_minor, hash, drafted_at)
      VALUES ($1, $2::date, 'mall_OTHER', 'CARD', 'DRAFT', 'ctr', 1, $2::date + 2, 1000, 1000, 1000, '\\x00', now())`,
    [otherSettlement, days[0]],
  );
  // Its lines are still being written.
  await world.rows(
    "INSERT INTO settlement (id, business_date, mall_id, method, status, calendar_version) VALUES ('stl_COLLECTED', '2026-11-19', $1, 'CARD', 'COLLECTED', 1)",
    [world.mallId],
  );
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await world.close();
});

const at = (day: string, time: string): Context => ({
  ...world.ctx,
  now: () => new Date(`${day}T${time}+09:00`),
});

async function approve(ctx: Context, amountMinor: bigint): Promise<string> {
  const reply = await approvePayment(ctx, anApproval(world, { amountMinor }));
  expect(reply.status).toBe(200);
  return (JSON.parse(reply.body) as { data: { paymentKey: string } }).data.paymentKey;
}

type Answer = { status: number; code: string; data: Record<string, unknown> };

async function get(path: string): Promise<Answer> {
  const response = await fetch(`${baseUrl}/api/v1${path}`, {
    headers: { authorization: `Bearer ${world.secretKey}` },
  });
  const body = (await response.json()) as { code: string; data: Record<string, unknown> };
  return { status: response.status, ...body };
}

/** `data` of a success, which holds what the route's own schema says and nothing else. */
async function read(template: string, path: string): Promise<Record<string, unknown>> {
  const answer = await get(path);
  expect(answer).toMatchObject({ status: 200, code: "SUCCESS" });
  const route = mallRoutes.find((one) => one.method === "GET" && one.path === template);
  expect(route?.output.parse(answer.data)).toEqual(answer.data);
  return answer.data;
}

async function walk(
  template: string,
  path: string,
  name: string,
): Promise<Readonly<Record<string, unknown>>[]> {
  const rows: Record<string, unknown>[] = [];
  let cursor: unknown;
  do {
    const page = await read(template, `${path}${cursor ? `&cursor=${String(cursor)}` : ""}`);
    rows.push(...(page[name] as Record<string, unknown>[]));
    cursor = page.nextCursor;
  } while (cursor);
  return rows;
}

test("a mall reads its settlements by the day it sold or the day it is paid, each once", async () => {
  const sold = await walk(
    "/settlements",
    "/settlements?from=2026-11-01&to=2026-11-30&limit=1",
    "settlements",
  );
  expect(sold.map(({ soldDate }) => soldDate)).toEqual([...days].reverse());
  // 3 % of 100,000 won less that of the 10,000 given back, each by itself.
  expect(sold[2]).toMatchObject({
    soldDate: "2026-11-16",
    payoutDate: "2026-11-18",
    method: "CARD",
    status: "DRAFT",
    approvalCount: 3,
    approvalAmount: 100_000,
    cancelCount: 1,
    cancelAmount: -10_000,
    feeAmount: 2_700,
    feeVatAmount: 270,
    payoutAmount: 87_030,
    carriedOutAmount: 0,
  });
  const paid = await walk(
    "/settlements",
    "/settlements?dateType=payoutDate&from=2026-11-19&to=2026-11-20&limit=1",
    "settlements",
  );
  expect(paid.map(({ payoutDate }) => payoutDate)).toEqual(["2026-11-20", "2026-11-19"]);
});

test("the lines of a settlement add up to it", async () => {
  const [settlement] = await walk(
    "/settlements",
    "/settlements?from=2026-11-17&to=2026-11-17",
    "settlements",
  );
  const id = String(settlement?.settlementId);
  const lines = await walk("/settlements/{settlementId}/lines", `/settlements/${id}/lines?limit=3`, "lines");
  expect(lines).toHaveLength(4);
  expect(new Set(lines.map(({ lineNo }) => lineNo)).size).toBe(4);
  const total = (name: string) => lines.reduce((sum, line) => sum + Number(line[name]), 0);
  expect(total("netAmount")).toBe(settlement?.payoutAmount);
  expect(total("feeAmount")).toBe(settlement?.feeAmount);
  expect(lines.filter(({ kind }) => kind === "CANCEL")).toMatchObject([
    { amount: -10_000, date: "2026-11-17" },
  ]);
});

test.each([
  ["/settlements", "from"],
  ["/settlements?from=2026-11-01", "to"],
  ["/settlements?from=2026-02-30&to=2026-03-01", "from"],
  ["/settlements?from=2026-11-30&to=2026-11-01", "to"],
  ["/settlements?from=2025-11-01&to=2026-11-02", "from"],
  ["/settlements?from=2026-11-01&to=2026-11-30&dateType=requested", "dateType"],
  ["/settlements?from=2026-11-01&to=2026-11-30&limit=101", "limit"],
  ["/settlements?from=2026-11-01&to=2026-11-30&cursor=bm90IG91cnM", "cursor"],
  ["/settlements?from=2026-11-01&to=2026-11-30&mall=mall_OTHER", "mall"],
  ["/settlements/stl_OTHER/lines?cursor=bm90IG91cnM", "cursor"],
  ["/settlements/stl_OTHER/lines?limit=0", "limit"],
])("%s is refused for its %s", async (path, field) => {
  expect(await get(path)).toMatchObject({ status: 400, code: "INVALID_REQUEST", data: { field } });
});

test("a year is the most that one question covers", async () => {
  expect((await get("/settlements?from=2025-11-02&to=2026-11-02")).status).toBe(200);
});

test("another mall's settlement, one that is being collected and none at all are not there", async () => {
  const mine = await walk("/settlements", "/settlements?from=2026-01-01&to=2026-12-31", "settlements");
  expect(mine).toHaveLength(days.length);
  for (const id of [otherSettlement, "stl_COLLECTED", "stl_NONE", "..%2f..", "stl_' OR 1=1"])
    expect(await get(`/settlements/${encodeURIComponent(id)}/lines`)).toMatchObject({
      status: 404,
      code: "NOT_FOUND",
    });
});
