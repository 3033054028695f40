import { randomUUID } from "node:crypto";
import pg from "pg";
import { type Db, openDb, openPool, type SqlPool } from "#server/platform/db.ts";
import { dropDatabase } from "#server/platform/drop-database.ts";

const templateName = "paydeck_sim_template";

/**
 * Makes a template for simulated worlds from a migrated one. In it every unqualified `now()`, `clock_timestamp()` and
 * `random()` is ours, because a schema named before `pg_catalog` in the search path wins: the production SQL runs as it
 * is, under the clock of the simulation. A session that was not told the time fails.
 */
export async function prepareSimTemplate(templateUrl: string): Promise<void> {
  const url = new URL(templateUrl);
  const source = pg.escapeIdentifier(url.pathname.slice(1));
  await onDatabase(templateUrl, "postgres", async (client) => {
    await dropDatabase(client, templateName);
    await client.query(`CREATE DATABASE ${templateName} TEMPLATE ${source}`);
    await client.query(`ALTER DATABASE ${templateName} SET search_path = sim, public, pg_catalog`);
  });
  await onDatabase(templateUrl, templateName, async (client) => {
    await client.query(`
      CREATE SCHEMA sim;
      CREATE FUNCTION sim.now() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT current_setting('sim.now')::timestamptz $$;
      CREATE FUNCTION sim.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT current_setting('sim.now')::timestamptz $$;
      CREATE FUNCTION sim.random() RETURNS double precision LANGUAGE sql STABLE AS
        $$ SELECT abs(hashtext(current_setting('sim.now')))::double precision / 2147483648 $$;`);
    // A default was bound to the real clock when its table was made.
    const { rows } = await client.query<{ table: string; column: string }>(`
      SELECT quote_ident(table_name) AS table, quote_ident(column_name) AS column FROM information_schema.columns
      WHERE table_schema = 'public' AND column_default ~* 'current_timestamp|now\\(\\)|clock_timestamp' AND table_name <> '_prisma_migrations'`);
    for (const { table, column } of rows)
      await client.query(`ALTER TABLE public.${table} ALTER COLUMN ${column} SET DEFAULT sim.now()`);
    // Statistics that a clock of the server gathers would change plans, and with them the order of rows.
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    for (const { name } of tables)
      await client.query(`ALTER TABLE public.${name} SET (autovacuum_enabled = false)`);
  });
}

/** A database whose clock is the simulation's. One connection runs everything, so nothing ever waits for a lock. */
export type SimDatabase = Readonly<{
  sql: SqlPool;
  /** A Prisma client for the console's queries, opened when it is first needed. */
  prisma: () => Db;
  /** Lets the database know what time it is, before the next statement. */
  setTime(nowMs: number): Promise<void>;
  setPrismaTime(nowMs: number): Promise<void>;
  /** Rows of any query, for the referee. */
  rows<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}>;

/** Longer than the platform would wait: other tests may keep the machine busy, and no time passes in the simulation. */
const connectTimeoutMs = 60_000;

const setTimeStatement = { name: "sim-set-time", text: "SELECT set_config('sim.now', $1, false)" };

/** Opens a new world's database, a copy of the template. */
export async function openSimDatabase(templateUrl: string): Promise<SimDatabase> {
  const name = `sim_${randomUUID().replaceAll("-", "")}`;
  await onDatabase(templateUrl, "postgres", async (client) => {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${templateName}`);
    await client.query(`ALTER DATABASE ${name} SET search_path = sim, public, pg_catalog`);
  });
  const url = new URL(templateUrl);
  url.pathname = `/${name}`;
  const sql = openPool(url.href, {
    name: "sim",
    connectionsMax: 1,
    statementTimeoutMs: 60_000,
    connectTimeoutMs,
  });
  let db: Db | undefined;
  let toldMs = 0;
  let toldPrismaMs = 0;
  const prisma = () => {
    db ??= openDb(url.href, 1, connectTimeoutMs);
    return db;
  };
  return {
    sql,
    prisma,
    async setTime(nowMs) {
      if (toldMs === nowMs) return;
      toldMs = nowMs;
      await sql.run(setTimeStatement, [new Date(nowMs).toISOString()]);
    },
    async setPrismaTime(nowMs) {
      if (toldPrismaMs === nowMs) return;
      toldPrismaMs = nowMs;
      await prisma().$queryRaw`SELECT set_config('sim.now', ${new Date(nowMs).toISOString()}, false)`;
    },
    rows: (text, values = []) => sql.run({ name: "", text }, values),
    async close() {
      await db?.$disconnect();
      await sql.close();
      await onDatabase(templateUrl, "postgres", (client) => dropDatabase(client, name));
    },
  };
}

async function onDatabase(
  serverUrl: string,
  database: string,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
