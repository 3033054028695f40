import { afterAll, beforeAll, expect, test } from "vitest";
import { liveResponse, metricsResponse, readyResponse } from "#server/api/health.ts";
import { reportLiveness } from "#server/platform/liveness.ts";
import { recordHttpRequest } from "#server/platform/metrics.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

test("is ready only while a worker lives, and says which part is not", async () => {
  const before = await readyResponse(world.ctx);
  expect(before.status).toBe(503);
  expect(await before.json()).toMatchObject({
    data: { ready: false, database: { up: true }, workers: { up: false } },
  });

  await reportLiveness(world.ctx.sql, { id: "w1", role: "worker", startedAt: new Date() });
  const after = await readyResponse(world.ctx);
  expect(after.status).toBe(200);
  expect(await after.json()).toMatchObject({
    data: { ready: true, workers: { up: true }, vans: { SBX1: { up: true } } },
  });

  await world.rows(`UPDATE process_heartbeat SET seen_at = now() - interval '1 minute'`);
  expect((await readyResponse(world.ctx)).status).toBe(503);
});

test("lives without asking anyone", async () => {
  const closed = liveResponse();
  expect(closed.status).toBe(200);
});

test("stays ready without Redis, and says that it is away", async () => {
  await reportLiveness(world.ctx.sql, { id: "w1", role: "worker", startedAt: new Date() });
  const ctx = { ...world.ctx, redis: { ...world.ctx.redis, ping: async () => false } };
  const answer = await readyResponse(ctx);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ data: { redis: { up: false } } });
});

test("shows metrics to who has the token and to nobody else", async () => {
  recordHttpRequest("POST", "/payments", 200, 0.05);
  expect((await metricsResponse(world.ctx, null)).status).toBe(401);
  expect((await metricsResponse(world.ctx, "Bearer wrong")).status).toBe(401);
  const answer = await metricsResponse(world.ctx, `Bearer ${world.ctx.env.PAYDECK_METRICS_TOKEN}`);
  expect(await answer.text()).toMatch(
    /http_server_request_duration_seconds_count\{method="POST",route="\/payments",status="200"\} \d+/,
  );
});
