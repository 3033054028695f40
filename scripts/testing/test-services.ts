import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { migrate } from "#scripts/db/migrate.ts";
import { startLocalServices } from "#scripts/services/local-services.ts";

/**
 * Vitest's global set-up of the integration project: a PostgreSQL and a Redis for the whole run,
 * with a migrated database that test files copy (`#server/testing/test-database.ts`). Uses the
 * servers named by `TEST_DATABASE_URL` and `REDIS_URL` when both are set, and starts its own otherwise.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  if (process.env.TEST_DATABASE_URL && process.env.REDIS_URL) return async () => undefined;
  const dataDir = await mkdtemp(join(tmpdir(), "paydeck-test-"));
  const services = await startTestServices(dataDir);
  process.env.TEST_DATABASE_URL = services.templateUrl;
  process.env.REDIS_URL = services.redisUrl;
  return async () => {
    await services.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

/**
 * Starts a PostgreSQL and a Redis in `dataDir` and creates the migrated template database. Nothing
 * in them outlives the run, so they are allowed to forget a commit when the machine crashes.
 */
export async function startTestServices(
  dataDir: string,
): Promise<{ templateUrl: string; redisUrl: string; stop: () => Promise<void> }> {
  const services = await startLocalServices({
    dataDir,
    durable: false,
    listener: { onNotice: (name, text) => console.error(`${name} ${text}`) },
  });
  try {
    const client = new pg.Client({ connectionString: services.databaseUrl });
    await client.connect();
    await client.query("create database paydeck_template");
    await client.end();
    const url = new URL(services.databaseUrl);
    url.pathname = "/paydeck_template";
    await migrate(url.href);
    return { templateUrl: url.href, redisUrl: services.redisUrl, stop: services.stop };
  } catch (error) {
    await services.stop();
    throw error;
  }
}
