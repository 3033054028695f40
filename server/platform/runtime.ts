import { setTimeout as sleep } from "node:timers/promises";
import { realIds } from "#server/core/ids.ts";
import type { Context } from "#server/platform/context.ts";
import { openDb, openPool } from "#server/platform/db.ts";
import { type Env, readEnv } from "#server/platform/env.ts";
import { deriveKeys } from "#server/platform/keys.ts";
import { openLog } from "#server/platform/log.ts";
import { openCourtesy } from "#server/platform/redis.ts";
import { openVans } from "#server/van/open-vans.ts";

export type Runtime = Context & Readonly<{ close(): Promise<void> }>;

/** Opens the real outside world for one process. The only place where real things are chosen. */
export function openRuntime(serviceName: string, env: Env = readEnv()): Runtime {
  const log = openLog(serviceName, env.LOG_LEVEL);
  const sql = openPool(env.DATABASE_URL, {
    name: `${serviceName}-money`,
    connectionsMax: 10,
    onError: (error) => log.warn({ err: error }, "a database connection was lost"),
  });
  const db = openDb(env.DATABASE_URL, 5);
  const redis = openCourtesy(env.REDIS_URL, (up) =>
    up ? log.info("Redis answers") : log.warn("Redis is away; going on without it"),
  );
  const vans = openVans(env, log);
  return {
    env,
    sql,
    db,
    redis,
    vans,
    keys: deriveKeys(env.PAYDECK_SECRET),
    log,
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    sleep: (ms) => sleep(ms),
    random: Math.random,
    ids: realIds,
    async close() {
      await Promise.all([...vans.values()].map((van) => van.close()));
      await redis.close();
      await db.$disconnect();
      await sql.close();
    },
  };
}

const globalRuntime = globalThis as { paydeckRuntime?: Runtime };

/** The runtime of this process. Next bundles its routes apart from the server that hosts them, so both meet at `globalThis`. */
export function runtime(): Runtime {
  globalRuntime.paydeckRuntime ??= openRuntime("paydeck-web");
  return globalRuntime.paydeckRuntime;
}
