import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { realIds } from "#server/core/ids.ts";
import { type Admission, openAdmission } from "#server/platform/admission.ts";
import type { Context } from "#server/platform/context.ts";
import { openDb, openPool } from "#server/platform/db.ts";
import { type Env, readEnv } from "#server/platform/env.ts";
import { deriveKeys } from "#server/platform/keys.ts";
import { type Lifecycle, openLifecycle } from "#server/platform/lifecycle.ts";
import { openLog } from "#server/platform/log.ts";
import { openCourtesy } from "#server/platform/redis.ts";
import { keepCircuitChange } from "#server/van/keep-circuit-change.ts";
import { openVans } from "#server/van/open-vans.ts";
import { startVanReports } from "#server/van/report-van-health.ts";
import type { OnCircuitChange } from "#server/van/van-guard.ts";

/** What a process is besides the world it works on: its door under load, its beginning and its end. */
export type Runtime = Context &
  Readonly<{ admission: Admission; lifecycle: Lifecycle; close(): Promise<void> }>;

/** A report may take a minute (reliability §4.2, 22), and waits for its turn longer than a payment does. */
const reportTimeoutMs = 60_000;
const reportConnectTimeoutMs = 10_000;
/** A day of the largest mall is one statement: at 20,000 lines a second this is more than ten million of them. */
const batchTimeoutMs = 15 * 60_000;
const batchConnectTimeoutMs = 60_000;

/**
 * Opens the real outside world for one process. The only place where real things are chosen. Each process has four
 * pools that never lend to each other: money (`sql`; in the worker its jobs), the console's lists (`db`), `reports` and `batches`.
 * `onCircuitChange` hears when the circuit of a VAN changes in this process.
 */
export function openRuntime(
  serviceName: string,
  env: Env = readEnv(),
  onCircuitChange?: OnCircuitChange,
): Runtime {
  const log = openLog(serviceName, env.LOG_LEVEL);
  const onError = (error: Error) => log.warn({ err: error }, "a database connection was lost");
  const sql = openPool(env.DATABASE_URL, {
    name: serviceName === "paydeck-worker" ? "worker" : "money",
    connectionsMax:
      serviceName === "paydeck-worker" ? env.PAYDECK_WORKER_CONNECTIONS : env.PAYDECK_MONEY_CONNECTIONS,
    onError,
  });
  const reports = openPool(env.DATABASE_URL, {
    name: "reports",
    connectionsMax: env.PAYDECK_REPORT_CONNECTIONS,
    statementTimeoutMs: reportTimeoutMs,
    connectTimeoutMs: reportConnectTimeoutMs,
    onError,
  });
  const batches = openPool(env.DATABASE_URL, {
    name: "batches",
    connectionsMax: env.PAYDECK_BATCH_CONNECTIONS,
    statementTimeoutMs: batchTimeoutMs,
    connectTimeoutMs: batchConnectTimeoutMs,
    onError,
  });
  const db = openDb(env.DATABASE_URL, env.PAYDECK_CONSOLE_CONNECTIONS);
  const redis = openCourtesy(env.REDIS_URL, {
    onChange: (up) => (up ? log.info("Redis answers") : log.warn("Redis is away; going on without it")),
    onPolicy: (policy) =>
      policy !== "noeviction" &&
      log.error(
        `Redis may evict what it was given (maxmemory-policy ${policy}): wake-ups and locks may vanish; set noeviction`,
      ),
  });
  const vanProcess = { id: randomUUID(), role: serviceName === "paydeck-worker" ? "worker" : "web" } as const;
  const vans = openVans(env, log, (van, from, to) => {
    const reason = vans.get(van)?.health().circuit.reason ?? null;
    keepCircuitChange({ sql, log }, vanProcess, { vanCode: van, from, to, reason, at: new Date() });
    onCircuitChange?.(van, from, to);
  });
  const stopVanReports = startVanReports({ sql, vans, log }, vanProcess);
  const admission = openAdmission({
    sql,
    reports,
    approvalsInFlightMax: env.PAYDECK_APPROVALS_IN_FLIGHT_MAX,
    random: Math.random,
  });
  return {
    env,
    sql,
    reports,
    batches,
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
    admission,
    lifecycle: openLifecycle(),
    async close() {
      admission.close();
      stopVanReports();
      await Promise.all([...vans.values()].map((van) => van.close()));
      await redis.close();
      await db.$disconnect();
      await batches.close();
      await reports.close();
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
