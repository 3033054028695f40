import type { Ids } from "#server/core/ids.ts";
import type { Db, LoadingPool, SqlPool } from "#server/platform/db.ts";
import type { Env } from "#server/platform/env.ts";
import type { Keys } from "#server/platform/keys.ts";
import type { Log } from "#server/platform/log.ts";
import type { Courtesy } from "#server/platform/redis.ts";
import type { VanGateway } from "#server/van/van-gateway.ts";

/** The outside world, as far as a use case is concerned. Built once per process by `runtime.ts`; tests hand in their own. */
export type Context = Readonly<{
  env: Env;
  /** Money: approvals, cancels, recovery. Never shared with lists or exports. */
  sql: SqlPool;
  /** Charts, exports and checks of whole tables: a few connections, on which a statement may run for a minute. */
  reports: SqlPool;
  /** Work on whole days, the settlement of a mall or a VAN's file that is taken in by COPY: however large, it may take a quarter of an hour. */
  batches: LoadingPool;
  /** The console's lists and settings. */
  db: Db;
  redis: Courtesy;
  vans: ReadonlyMap<string, VanGateway>;
  keys: Keys;
  log: Log;
  now: () => Date;
  /** Milliseconds that only go forward, of an unknown beginning: for durations and deadlines. */
  monotonicMs: () => number;
  sleep: (ms: number) => Promise<void>;
  /** Chance in [0, 1): routing and jitter. */
  random: () => number;
  ids: Ids;
}>;
