import { randomUUID } from "node:crypto";
import pg from "pg";
import { dropDatabase } from "#server/platform/drop-database.ts";

export type TestDatabase = Readonly<{
  /** A connection string for the new database. */
  url: string;
  /** Ends every session on the database and removes it. */
  drop: () => Promise<void>;
}>;

/**
 * Creates an empty, migrated database for one test file, as a copy of the template that the test
 * run has prepared (`TEST_DATABASE_URL`). A copy takes some 30 ms, and files running side by side never
 * see each other's rows. Call `drop` in `afterAll`, after closing the pools that use it.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = templateUrl();
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await onServer(template, (client) =>
    client.query(`create database ${name} template ${pg.escapeIdentifier(template.pathname.slice(1))}`),
  );
  const url = new URL(template);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(template, (client) => dropDatabase(client, name)) };
}

/** The Redis of the test run; each vitest worker has a numbered database of its own, which tests may flush. */
export function testRedisUrl(): string {
  const address = process.env.REDIS_URL;
  if (!address)
    throw new Error("REDIS_URL is not set: run these tests through vitest's integration project.");
  const url = new URL(address);
  url.pathname = `/${1 + (Number(process.env.VITEST_POOL_ID ?? 1) % 15)}`;
  return url.href;
}

function templateUrl(): URL {
  const address = process.env.TEST_DATABASE_URL;
  if (!address)
    throw new Error("TEST_DATABASE_URL is not set: run these tests through vitest's integration project.");
  return new URL(address);
}

async function onServer(template: URL, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const maintenance = new URL(template);
  // A template can be copied only while nobody is connected to it.
  maintenance.pathname = "/postgres";
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
