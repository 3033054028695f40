import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { openSchemaEngine } from "#scripts/db/schema-engine.ts";
import { SetupError } from "#scripts/services/setup-error.ts";

const prismaDir = join(import.meta.dirname, "../../prisma");

// Any number will do as long as every copy of the platform uses the same one.
const migrationLock = 7_203_115_001;

const filters = { externalTables: [], externalEnums: [] };

/**
 * Applies the migrations in `prisma/migrations` that the database does not have yet and returns
 * their names. Safe to call from several processes at once: one migrates, the others wait.
 *
 * A migration runs as one implicit transaction, so one that failed or was killed half-way has left
 * nothing behind and is tried again. Refuses with a `SetupError` when a migration fails, or when the
 * database holds one that this version does not know.
 */
export async function migrate(databaseUrl: string, directory = prismaDir): Promise<string[]> {
  const migrations = readMigrations(directory);
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (error) {
    throw new SetupError(`The database of DATABASE_URL does not answer: ${reasonOf(error)}`);
  }
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    const history = await readHistory(client);
    const known = new Set(migrations.migrationDirectories.map(({ path }) => path));
    const stranger = history.find(({ name }) => !known.has(name));
    if (stranger !== undefined) {
      throw new SetupError(
        `The database already has migration ${stranger.name}, which this version does not know: start the newer version, or use another database.`,
      );
    }
    const applied = new Set(history.filter(({ state }) => state === "applied").map(({ name }) => name));
    // Nothing to do is the usual case; it must not cost the start of an engine.
    if ([...known].every((name) => applied.has(name))) return [];

    const { engine, close } = await openSchemaEngine(databaseUrl, readSchema(directory));
    try {
      for (const { name } of history.filter(({ state }) => state === "failed")) {
        await engine.markMigrationRolledBack({ migrationName: name });
      }
      return (await engine.applyMigrations({ migrationsList: migrations, filters })).appliedMigrationNames;
    } catch (error) {
      throw new SetupError(`The database could not be migrated: ${reasonOf(error)}`);
    } finally {
      await close();
    }
  } finally {
    await client.end();
  }
}

/**
 * Compares what the migrations build (in a shadow database, made and dropped on the server of
 * `databaseUrl`) with the Prisma schema, and returns the SQL that would make them equal: undefined
 * when they are. Triggers, functions, CHECKs and partial indexes are outside of what Prisma sees.
 */
export async function findDrift(databaseUrl: string, directory = prismaDir): Promise<string | undefined> {
  const schema = readSchema(directory);
  const { engine, close } = await openSchemaEngine(databaseUrl, schema);
  try {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: "migrations", ...readMigrations(directory) },
      to: { tag: "schemaDatamodel", files: schema.map(([path, content]) => ({ path, content })) },
      shadowDatabaseUrl: null,
      exitCode: true,
      script: true,
      filters,
    });
    return exitCode === 0 ? undefined : (stdout ?? "");
  } finally {
    await close();
  }
}

type AppliedMigration = { name: string; state: "applied" | "failed" };

async function readHistory(client: pg.Client): Promise<AppliedMigration[]> {
  const { rows: tables } = await client.query(
    "select to_regclass('_prisma_migrations') is not null as exists",
  );
  if (!tables[0]?.exists) return [];
  const { rows } = await client.query<AppliedMigration>(
    `select migration_name as name,
            case when bool_or(finished_at is not null) then 'applied' else 'failed' end as state
       from _prisma_migrations where rolled_back_at is null group by migration_name`,
  );
  return rows;
}

function readMigrations(directory: string) {
  const baseDir = join(directory, "migrations");
  const names = existsSync(baseDir)
    ? readdirSync(baseDir, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort()
    : [];
  return {
    baseDir,
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: names.map((path) => ({
      path,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok", value: readFileSync(join(baseDir, path, "migration.sql"), "utf8") },
      },
    })),
  };
}

/** The schema's files, `schema.prisma` and `models/*.prisma`, as `[path, text]`. */
function readSchema(directory: string): [path: string, text: string][] {
  const models = join(directory, "models");
  const paths = [
    join(directory, "schema.prisma"),
    ...(existsSync(models) ? readdirSync(models).map((name) => join(models, name)) : []),
  ].filter((path) => path.endsWith(".prisma"));
  return paths.map((path) => [path, readFileSync(path, "utf8")]);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
