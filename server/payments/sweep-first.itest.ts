import { afterAll, beforeAll, expect, test } from "vitest";
import { readyResponse } from "#server/api/health.ts";
import { sweepFirst } from "#server/payments/sweep-first.ts";
import { openLifecycle } from "#server/platform/lifecycle.ts";
import { reportLiveness } from "#server/platform/liveness.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ redis: false });
});
afterAll(() => world.close());

const databaseAway = () => Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
const quick = () => ({ ...world.ctx, sleep: async () => undefined });

test("a process is ready only after the sweep, though all else is up", async () => {
  await reportLiveness(world.ctx.sql, { id: "w1", role: "worker", startedAt: new Date() });
  const lifecycle = openLifecycle();
  const before = await readyResponse({ ...world.ctx, lifecycle });
  expect(before.status).toBe(503);
  expect(await before.json()).toMatchObject({
    data: { ready: false, sweep: "running", draining: false, database: { up: true }, workers: { up: true } },
  });
  lifecycle.sweepDone();
  expect((await readyResponse({ ...world.ctx, lifecycle })).status).toBe(200);
  lifecycle.startDraining();
  const draining = await readyResponse({ ...world.ctx, lifecycle });
  expect(draining.status).toBe(503);
  expect(await draining.json()).toMatchObject({ data: { ready: false, draining: true } });
});

test("takes over what was abandoned, more than one pass holds", async () => {
  await world.rows(
    `INSERT INTO payment (id, mall_id, order_id, order_name, method, amount_minor, vat_minor, currency, status, van_code, trace_no,
       lease_until, requested_at, trace_id)
     SELECT 'pay_' || lpad(n::text, 26, '0'), $1, 'A-' || lpad(n::text, 6, '0'), '책', 'CARD', 1000, 91, 'KRW', 'IN_PROGRESS', 'SBX1',
       lpad(n::text, 12, '0'), now() - interval '1 minute', now() - interval '2 minutes', repeat('0', 32)
     FROM generate_series(1, 450) n`,
    [world.mallId],
  );
  await sweepFirst(world.ctx);
  expect(
    await world.rows("SELECT status::text, count(*) FROM payment WHERE order_id LIKE 'A-%' GROUP BY 1"),
  ).toEqual([{ status: "UNKNOWN", count: 450n }]);
  expect(
    await world.rows("SELECT count(*) FROM outbox_message WHERE job_name = 'net-cancel' AND done_at IS NULL"),
  ).toEqual([{ count: 450n }]);
});

test("waits for a database that is away, as long as it takes", async () => {
  let tries = 0;
  await sweepFirst(quick(), {
    sweep: async () => {
      tries++;
      if (tries <= 2_000) throw databaseAway();
      return 0;
    },
  });
  expect(tries).toBe(2_001);
});

test("gives up a sweep with a bug after three tries: the clock's sweeper goes on", async () => {
  let tries = 0;
  await sweepFirst(quick(), {
    sweep: async () => {
      tries++;
      throw new Error("a bug");
    },
  });
  expect(tries).toBe(3);
});

test("ends with its process", async () => {
  let tries = 0;
  await sweepFirst(quick(), {
    sweep: async () => {
      tries++;
      throw databaseAway();
    },
    isStopping: () => tries === 5,
  });
  expect(tries).toBe(5);
});
