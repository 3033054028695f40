import { mkdirSync } from "node:fs";
import pg from "pg";
import { advisoryLocks } from "#server/platform/advisory-locks.ts";
import { openPool } from "#server/platform/db.ts";
import type { Env } from "#server/platform/env.ts";
import { backfillLatency } from "#server/reports/roll-up-latency.ts";
import { demoFileVans, readDemoFile, writeDemoFile } from "./demo-access.ts";
import { plantDemo } from "./plant-demo.ts";
import { renewAccess } from "./renew-access.ts";

export type Seeded = Readonly<
  { did: "planted"; payments: number } | { did: "renewed" | "refreshed" | "nothing" }
>;

/**
 * Seeds the demo into a migrated database: fills an empty one, and leaves one that has malls as it is. Always brings
 * the addresses in `demo.json` up to date, keeping its keys; a lost `demo.json` is replaced by one with new keys.
 */
export async function seedDemo(env: Env, now: Date = new Date()): Promise<Seeded> {
  mkdirSync(env.PAYDECK_DATA_DIR, { recursive: true });
  const client = new pg.Client({
    connectionString: env.DATABASE_URL,
    application_name: "paydeck-seed",
    options: "-c timezone=UTC",
  });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [advisoryLocks.demoSeed]);
    const { rows } = await client.query<{ seeded: boolean }>("SELECT EXISTS (SELECT 1 FROM mall) AS seeded");
    if (!rows[0]?.seeded) {
      const { demo, payments } = await plantDemo(client, env, now);
      writeDemoFile(env, demo);
      await fillLatency(env);
      return { did: "planted", payments };
    }
    const demo = readDemoFile(env);
    if (!demo) {
      const renewed = await renewAccess(client, env, now);
      if (renewed) writeDemoFile(env, renewed);
      return { did: renewed ? "renewed" : "nothing" };
    }
    const current = {
      ...demo,
      baseUrl: env.PAYDECK_BASE_URL,
      vans: demoFileVans(env),
      metricsToken: env.PAYDECK_METRICS_TOKEN,
    };
    if (JSON.stringify(current) === JSON.stringify(demo)) return { did: "nothing" };
    writeDemoFile(env, current);
    return { did: "refreshed" };
  } finally {
    await client.end();
  }
}

/** The minute histograms of the history, counted from its payments. */
async function fillLatency(env: Env): Promise<void> {
  const sql = openPool(env.DATABASE_URL, { name: "seed", connectionsMax: 1, statementTimeoutMs: 60_000 });
  try {
    await backfillLatency({ reports: sql, now: () => new Date() });
  } finally {
    await sql.close();
  }
}
