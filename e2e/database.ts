import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import pg from "pg";

/** The platform's database, as its owner: what is broken here goes past the platform, as a person with that right could. */
export async function onDatabase<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(): string {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const dataDir = dirname(process.env.PAYDECK_E2E_DEMO_JSON ?? ".data/demo.json");
  const read = (name: string) => JSON.parse(readFileSync(join(dataDir, name), "utf8"));
  const url = new URL("postgresql://127.0.0.1/paydeck");
  url.username = "paydeck";
  url.password = read("secrets.json").databasePassword;
  url.port = String(read("state.json").ports.postgres);
  return url.href;
}
