import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type LocalServices, startLocalServices } from "#scripts/services/local-services.ts";
import { readyResponse } from "#server/api/health.ts";
import { endSession, readSession } from "#server/operators/sessions.ts";
import { approvePayment } from "#server/payments/approve-payment.ts";
import { renderMetrics } from "#server/platform/metrics.ts";
import { type Courtesy, openCourtesy, redisBudgetsMs } from "#server/platform/redis.ts";
import { anApproval } from "#server/testing/an-approval.ts";
import { openTestWorld, type TestWorld } from "#server/testing/test-context.ts";

// Reliability §2, rows 23 and 25: a Redis that is frozen, not dead. It is a process of its own, stopped by a signal.

let dataDir: string;
let services: LocalServices;
let world: TestWorld;
let redis: Courtesy;
let policies: string[];
/** Commands that were sent and waited for. */
let commands = 0;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "paydeck-frozen-"));
  world = await openTestWorld({ redis: false });
  services = await startLocalServices({
    dataDir,
    databaseUrl: world.databaseUrl,
    listener: { onNotice: () => undefined },
  });
});
afterAll(async () => {
  signal("SIGCONT");
  await redis?.close();
  await services.stop();
  await world.close();
  rmSync(dataDir, { recursive: true, force: true });
});

beforeEach(async () => {
  signal("SIGCONT");
  await redis?.close();
  policies = [];
  const opened = openCourtesy(services.redisUrl, {
    policyEveryMs: 100,
    onPolicy: (policy) => policies.push(policy),
  });
  redis = {
    ...opened,
    try: (command, budgetMs) =>
      opened.try((r) => {
        commands++;
        return command(r);
      }, budgetMs),
  };
  await expect.poll(() => redis.isUp()).toBe(true);
});

function signal(name: "SIGSTOP" | "SIGCONT"): void {
  const pid = services.processes[0]?.pid;
  if (pid === undefined) throw new Error("Redis runs");
  process.kill(pid, name);
}

async function approve(): Promise<{ status: number; tookMs: number; commands: number }> {
  const before = commands;
  const startedAtMs = performance.now();
  const { status } = await approvePayment({ ...world.ctx, redis }, anApproval(world));
  return { status, tookMs: performance.now() - startedAtMs, commands: commands - before };
}

test("what Redis may cost one request adds up to less than 300 ms", () => {
  const total = Object.values(redisBudgetsMs).reduce((sum, budgetMs) => sum + budgetMs, 0);
  expect(total).toBeLessThan(300);
});

test("approvals go on while Redis is frozen, each but the first few without asking it, and use it again afterwards", async () => {
  expect(await approve()).toMatchObject({ status: 200, commands: 1 });
  const calm = await approve();

  signal("SIGSTOP");
  const first: Awaited<ReturnType<typeof approve>>[] = [];
  while (redis.isUp()) first.push(await approve());
  // Five failures open the breaker; each approval pays for one command at most, within its budget.
  expect(first.length).toBeLessThanOrEqual(5);
  for (const each of first) {
    expect(each).toMatchObject({ status: 200, commands: 1 });
    // Without its budget a command would wait for as long as Redis is frozen.
    expect(each.tookMs).toBeLessThan(calm.tookMs + 300 + 5_000);
  }

  const after = await Promise.all(Array.from({ length: 50 }, approve));
  expect(after.every(({ status }) => status === 200)).toBe(true);
  expect(commands).toBe(2 + first.length);
  // Longer than the second after which Redis is tried again: that is nobody's request.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(redis.isUp()).toBe(false);
  expect(await approve()).toMatchObject({ status: 200, commands: 0 });

  signal("SIGCONT");
  await expect.poll(() => redis.isUp(), { timeout: 5_000 }).toBe(true);
  expect(await approve()).toMatchObject({ status: 200, commands: 1 });
  // Locks that were taken while nobody heard of it are let go.
  await expect.poll(() => redis.try((r) => r.keys("transaction:lock:*")), { timeout: 5_000 }).toEqual([]);
});

test("a session that ends while Redis is frozen is over at once, and stays over when Redis is back", async () => {
  const ctx = { ...world.ctx, redis };
  await world.rows(
    `INSERT INTO operator (id, email, name, role, password_hash) VALUES ('op_F', 'f@example.com', '한지민', 'VIEWER', '-')`,
  );
  await world.rows(
    `INSERT INTO operator_session (id, operator_id, expires_at) VALUES ('ses_F', 'op_F', now() + interval '1 hour')`,
  );
  // In the cache with the longest life it could have, as if written by an older version.
  expect(await readSession(ctx, "ses_F")).toMatchObject({ id: "op_F" });
  await expect.poll(() => redis.try((r) => r.persist("session:ses_F"))).toBe(1);
  expect(await readSession(ctx, "ses_F")).toMatchObject({ id: "op_F" });

  signal("SIGSTOP");
  await endSession(ctx, "ses_F", null);
  expect(await readSession(ctx, "ses_F")).toBeNull();
  signal("SIGCONT");
  await expect.poll(() => redis.isUp(), { timeout: 5_000 }).toBe(true);
  expect(await readSession(ctx, "ses_F")).toBeNull();
  await expect.poll(() => redis.try((r) => r.get("session:ses_F"))).toBe("ended");
});

test("a Redis that may evict what it was given is noticed and told", async () => {
  await expect.poll(() => redis.evictionPolicy()).toBe("noeviction");
  await redis.try((r) => r.config("SET", "maxmemory-policy", "allkeys-lru"));
  await expect.poll(() => policies, { timeout: 5_000 }).toEqual(["noeviction", "allkeys-lru"]);
  const answer = await readyResponse({ ...world.ctx, redis });
  expect(await answer.json()).toMatchObject({
    data: { redis: { up: true, detail: expect.stringContaining("allkeys-lru") } },
  });
  expect(await renderMetrics()).toContain("redis_policy_noeviction 0");
  await redis.try((r) => r.config("SET", "maxmemory-policy", "noeviction"));
  await expect.poll(() => redis.evictionPolicy(), { timeout: 5_000 }).toBe("noeviction");
});
