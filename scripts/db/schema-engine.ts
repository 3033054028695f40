import { readFile } from "node:fs/promises";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet,
} from "@prisma/driver-adapter-utils";
import pg from "pg";

/** The parts of Prisma's schema engine that migrations and the drift check need. */
export type SchemaEngine = Readonly<{
  applyMigrations(input: unknown): Promise<{ appliedMigrationNames: string[] }>;
  markMigrationRolledBack(input: { migrationName: string }): Promise<unknown>;
  diff(input: unknown): Promise<{ exitCode: number; stdout: string | null }>;
  free(): void;
}>;

/**
 * Opens Prisma's schema engine (its WebAssembly build: the native one would have to be downloaded)
 * on a PostgreSQL database. `schemaFiles` are `[path, text]` pairs. Call `free()` when done.
 */
export async function openSchemaEngine(
  databaseUrl: string,
  schemaFiles: ReadonlyArray<readonly [path: string, text: string]>,
): Promise<SchemaEngine> {
  // Without it, the cause of a panic inside the engine would be lost.
  (globalThis as Record<string, unknown>).PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message: string) => {
      throw new Error(`schema engine: ${message}`);
    },
  };
  // The package's main module imports the .wasm file as a module, which Node does not do by default;
  // its glue and its binary are therefore loaded one by one.
  const glueUrl = new URL(import.meta.resolve("@prisma/schema-engine-wasm/schema_engine_bg"));
  const glue = await import(glueUrl.href);
  const binary = await WebAssembly.compile(await readFile(new URL("schema_engine_bg.wasm", glueUrl)));
  const { exports } = await WebAssembly.instantiate(binary, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(exports);
  (exports.__wbindgen_start as () => void)();
  return glue.SchemaEngine.new(
    { datamodels: schemaFiles.map(([path, text]) => [path, text]) },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(new MigrationAdapterFactory(databaseUrl)),
  );
}

/**
 * Prisma's adapter for `pg`, made fit for migrations: scripts run whole, the shadow database is
 * another database than the real one and is dropped in the end, and `"char"` columns can be read.
 */
class MigrationAdapterFactory implements SqlMigrationAwareDriverAdapterFactory {
  readonly provider = "postgres";
  readonly adapterName = "@prisma/adapter-pg";
  readonly #config: pg.PoolConfig;

  constructor(databaseUrl: string) {
    // Taken apart on purpose: in `pg` a connection string wins over `database`, and the shadow
    // database would be the real one.
    const { host, port, user, password, database, ssl } = new pg.Client(databaseUrl);
    this.#config = { host, port, user, password: password ?? undefined, database, ssl, max: 4 };
  }

  connect(): Promise<SqlDriverAdapter> {
    return openAdapter(this.#config);
  }

  async connectToShadowDb(): Promise<SqlDriverAdapter> {
    const name = `paydeck_shadow_${crypto.randomUUID().replaceAll("-", "")}`;
    await onServer(this.#config, `create database ${name} template template0`);
    const adapter = await openAdapter({ ...this.#config, database: name });
    const closeConnections = adapter.dispose.bind(adapter);
    adapter.dispose = async () => {
      await closeConnections();
      await onServer(this.#config, `drop database if exists ${name} with (force)`);
    };
    return adapter;
  }
}

async function onServer(config: pg.PoolConfig, sql: string): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const charOid = 18;
const textOid = 25;

type AdapterInternals = {
  performIO(query: SqlQuery): Promise<{ fields: { dataTypeID: number }[] }>;
  onError(error: unknown): never;
};

async function openAdapter(config: pg.PoolConfig): Promise<SqlDriverAdapter> {
  const pool = new pg.Pool(config);
  const adapter = await new PrismaPg(pool, { disposeExternalPool: true }).connect();
  const internals = adapter as unknown as AdapterInternals;

  // The adapter cuts a script at every semicolon, which breaks functions, triggers and DO blocks.
  // As one simple query the whole script is also one implicit transaction.
  adapter.executeScript = async (script) => {
    try {
      await pool.query(script);
    } catch (error) {
      internals.onError(error);
    }
  };

  // The catalogue's "char" columns are unknown to the adapter: read them as text, label them as characters.
  const performIO = internals.performIO.bind(adapter);
  const charColumns = new WeakMap<SqlQuery, number[]>();
  internals.performIO = async (query) => {
    const result = await performIO(query);
    charColumns.set(
      query,
      result.fields.flatMap((field, index) => (field.dataTypeID === charOid ? [index] : [])),
    );
    for (const field of result.fields) if (field.dataTypeID === charOid) field.dataTypeID = textOid;
    return result;
  };
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query): Promise<SqlResultSet> => {
    const answer = await queryRaw(query);
    for (const index of charColumns.get(query) ?? []) answer.columnTypes[index] = ColumnTypeEnum.Character;
    return answer;
  };
  return adapter;
}
