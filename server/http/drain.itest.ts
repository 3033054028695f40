import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiProcess } from "#server/testing/api-process.ts";
import { SandboxVan } from "#server/testing/sandbox-van.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

// Reliability §2, row 5: SIGTERM at 30 requests a second, with VANs that take three seconds to answer.

const everyMs = 1000 / 30;
let world: TestWorld;
let van: SandboxVan;
let api: ApiProcess;

beforeAll(async () => {
  world = await openTestWorld();
  van = await SandboxVan.start("SBX1", { latencyMs: 10 });
  const { PAYDECK_SECRET, PAYDECK_METRICS_TOKEN, NEXTAUTH_SECRET, REDIS_URL } = world.ctx.env;
  api = await ApiProcess.start({
    DATABASE_URL: world.databaseUrl,
    REDIS_URL,
    VAN_SBX1_URL: van.url,
    PAYDECK_SECRET,
    PAYDECK_METRICS_TOKEN,
    NEXTAUTH_SECRET,
    PAYDECK_DRAIN_DELAY_MS: "1000",
  });
});
afterAll(async () => {
  await api?.stop();
  await van?.discard();
  await world?.close();
});

type End = "answered" | "not connected" | "reset";

test("SIGTERM in the middle of 30 approvals a second resets no client and makes no payment unknown", async () => {
  const pool = new Pool(api.url, { connections: 200, pipelining: 1 });
  const ends: Record<End, number> = { answered: 0, "not connected": 0, reset: 0 };
  const statuses: Record<number, number> = {};
  const doneOrders: string[] = [];
  let underWay = 0;
  const resets: unknown[] = [];

  async function approve(n: number): Promise<void> {
    const orderId = `D-${randomUUID()}`;
    underWay++;
    try {
      const response = await pool.request({
        method: "POST",
        path: "/api/v1/payments",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${world.secretKey}`,
          "idempotency-key": randomUUID(),
          ...(n % 2 === 0 ? { "paydeck-test-code": "SLOW_3000" } : {}),
        },
        body: JSON.stringify({
          orderId,
          orderName: "책",
          amount: 10_000,
          method: "CARD",
          card: { number: "4330123412341234", expiryYear: "29", expiryMonth: "12" },
        }),
      });
      const body = (await response.body.json()) as { data: { status?: string } };
      ends.answered++;
      statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1;
      if (body.data.status === "DONE") doneOrders.push(orderId);
    } catch (error) {
      const isRefused = (error as { code?: string }).code === "ECONNREFUSED";
      ends[isRefused ? "not connected" : "reset"]++;
      if (!isRefused) resets.push(error);
    } finally {
      underWay--;
    }
  }

  const requests: Promise<void>[] = [];
  let isOver = false;
  const traffic = (async () => {
    for (let n = 0; !isOver; n++) {
      requests.push(approve(n));
      await sleep(everyMs);
    }
  })();
  await sleep(3_500);
  const underWayAtSignal = underWay;
  const exit = api.terminate();
  await sleep(300);

  const ready = await fetch(`${api.url}/api/health/ready`);
  expect(ready.status).toBe(503);
  expect(ready.headers.get("connection")).toBe("close");
  expect(await ready.json()).toMatchObject({ data: { ready: false, draining: true, sweep: "done" } });
  api.remind();

  expect(await exit).toBe(0);
  isOver = true;
  await traffic;
  await Promise.all(requests);
  await pool.close();

  expect(resets).toEqual([]);
  expect(ends.reset).toBe(0);
  // It bites: dozens were waiting for the VAN, and the door was closed before the traffic ended.
  expect(underWayAtSignal).toBeGreaterThan(20);
  expect(ends.answered).toBeGreaterThan(100);
  expect(ends["not connected"]).toBeGreaterThan(0);
  // A 503 is an answer that says nothing was done; all others were served.
  expect(Object.keys(statuses).filter((status) => status !== "200" && status !== "503")).toEqual([]);

  const rows = await world.rows<{ status: string; count: bigint }>(
    "SELECT status::text, count(*) FROM payment GROUP BY 1",
  );
  expect(rows).toEqual([{ status: "DONE", count: BigInt(statuses[200] ?? 0) }]);
  expect(doneOrders).toHaveLength(statuses[200] ?? 0);
});
