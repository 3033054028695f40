import { setTimeout as sleep } from "node:timers/promises";
import { realIds } from "#server/core/ids.ts";
import type { Admission } from "#server/platform/admission.ts";
import type { Context } from "#server/platform/context.ts";
import { openDb, openPool, type Sql } from "#server/platform/db.ts";
import { readEnv } from "#server/platform/env.ts";
import { deriveKeys } from "#server/platform/keys.ts";
import { openLifecycle } from "#server/platform/lifecycle.ts";
import { openLog } from "#server/platform/log.ts";
import { type Courtesy, openCourtesy } from "#server/platform/redis.ts";
import type { Runtime } from "#server/platform/runtime.ts";
import { ScriptedVan } from "#server/testing/scripted-van.ts";
import { createTestDatabase, testRedisUrl } from "#server/testing/test-database.ts";

export type TestWorld = Readonly<{
  ctx: Context & Pick<Runtime, "admission" | "lifecycle">;
  van: ScriptedVan;
  mallId: string;
  /** A secret key of that mall. */
  secretKey: string;
  databaseUrl: string;
  /** Rows of any query: tests look at tables directly. */
  rows<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}>;

const noRedis: Courtesy = {
  try: async () => undefined,
  later: () => undefined,
  evictionPolicy: () => null,
  isUp: () => false,
  downSince: () => new Date(0),
  ping: async () => false,
  close: async () => undefined,
};

/** A door that is never closed. */
const openDoor: Admission = {
  turnsAway: () => false,
  beginApproval: () => () => undefined,
  close: () => undefined,
};

/** Longer than a payment would wait: what a test says must not depend on what else the machine does. */
const connectTimeoutMs = 15_000;

/** Everything a use case needs for one test file: a database of its own, Redis, one mall, and a scripted VAN named SBX1. */
export async function openTestWorld(options: { redis?: boolean } = {}): Promise<TestWorld> {
  const database = await createTestDatabase();
  const env = readEnv({
    ...process.env,
    DATABASE_URL: database.url,
    REDIS_URL: testRedisUrl(),
    PAYDECK_SECRET: "test-secret-of-at-least-thirty-two-characters",
    NEXTAUTH_SECRET: "test-secret-of-at-least-thirty-two-characters",
    PAYDECK_METRICS_TOKEN: "test-metrics-token",
    WEBHOOK_ALLOW_HOSTS: "127.0.0.1",
    LOG_LEVEL: "fatal",
  });
  const sql = openPool(database.url, { name: "test", connectionsMax: 20, connectTimeoutMs });
  const reports = openPool(database.url, { name: "test-reports", connectionsMax: 3, connectTimeoutMs });
  const db = openDb(database.url, 5, connectTimeoutMs);
  const keys = deriveKeys(env.PAYDECK_SECRET);
  const redis = options.redis === false ? noRedis : openCourtesy(env.REDIS_URL);
  const van = new ScriptedVan("SBX1");
  const mallId = "mall_TEST";
  const secretKey = `sk_test_${"a1B2c3D4".repeat(5)}`;
  const lifecycle = openLifecycle();
  lifecycle.sweepDone();
  await layGround(sql, mallId, keys.hashSecretKey(secretKey));
  return {
    ctx: {
      env,
      sql,
      reports,
      batches: reports,
      db,
      redis,
      vans: new Map([[van.code, van]]),
      keys,
      log: openLog("test", "fatal"),
      now: () => new Date(),
      monotonicMs: () => performance.now(),
      sleep: (ms) => sleep(ms),
      random: Math.random,
      ids: realIds,
      admission: openDoor,
      lifecycle,
    },
    van,
    mallId,
    secretKey,
    databaseUrl: database.url,
    rows: (text, values = []) => sql.run({ name: "", text }, values),
    async close() {
      await redis.close();
      await db.$disconnect();
      await reports.close();
      await sql.close();
      await database.drop();
    },
  };
}

async function layGround(sql: Sql, mallId: string, keyHash: Buffer): Promise<void> {
  const run = (text: string, values: unknown[] = []) => sql.run({ name: "", text }, values);
  await run(
    `INSERT INTO van (code, name, protocol, is_sandbox, connect_timeout_ms, approve_timeout_ms, cancel_timeout_ms, net_cancel_timeout_ms,
      inquiry_timeout_ms, lease_ms, net_cancel_delays_ms, net_cancel_deadline_ms, cancel_delays_ms, inquiry_delays_ms, processing_window_ms)
     VALUES ('SBX1', 'Sandbox 1', 'HTTP_JSON', true, 1000, 4000, 4000, 2000, 2000, 20000, '{10,20,30}', 3600000, '{10,20,30}', '{10,20}', 500)`,
  );
  await run(`INSERT INTO mall (id, name, business_number) VALUES ($1, '한빛서점', '120-81-00001')`, [mallId]);
  await run(
    `INSERT INTO api_key (id, mall_id, name, key_hash, prefix, last_four) VALUES ('key_TEST', $1, 'test', $2, 'sk_test', 'c3D4')`,
    [mallId, keyHash],
  );
  await run(`INSERT INTO mall_van_route (mall_id, van_code, weight) VALUES ($1, 'SBX1', 100)`, [mallId]);
}
