import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
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
import { dropDatabase } from "#server/platform/drop-database.ts";

/** The parts of Prisma's schema engine that migrations and the drift check need. */
export type SchemaEngine = Readonly<{
  applyMigrations(input: unknown): Promise<{ appliedMigrationNames: string[] }>;
  markMigrationRolledBack(input: { migrationName: string }): Promise<unknown>;
  diff(input: unknown): Promise<{ exitCode: number; stdout: string | null }>;
  free(): void;
}>;

type OpenEngine = Readonly<{
  engine: SchemaEngine;
  /** Frees the engine and closes its connections, which it does not do itself. */
  close: () => Promise<void>;
}>;

type EngineModule = {
  SchemaEngine: { new: (...args: unknown[]) => Promise<SchemaEngine> };
};

// Once per process: the glue keeps views of one instance's memory and cannot serve a second instance.
let engineModule: Promise<EngineModule> | undefined;

async function loadEngineModule(): Promise<EngineModule> {
  // Without it, the cause of a panic inside the engine would be lost.
  (globalThis as Record<string, unknown>).PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message: string) => {
      throw new Error(`schema engine: ${message}`);
    },
  };
  // The package's main module imports the .wasm file as a module, which Node does not do by default;
  // its glue and its binary are therefore loaded one by one.
  const gluePath = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const glueUrl = pathToFileURL(gluePath);
  const glue = await import(glueUrl.href);
  const binary = await WebAssembly.compile(await readFile(new URL("schema_engine_bg.wasm", glueUrl)));
  const { exports } = await WebAssembly.instantiate(binary, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(exports);
  (exports.__wbindgen_start as () => void)();
  return glue;
}

/**
 * Opens Prisma's schema engine (its WebAssembly build: the native one would have to be downloaded)
 * on a PostgreSQL database. `schemaFiles` are `[path, text]` pairs. Call `close()` when done.
 */
export async function openSchemaEngine(
  databaseUrl: string,
  schemaFiles: ReadonlyArray<readonly [path: string, text: string]>,
): Promise<OpenEngine> {
  engineModule ??= loadEngineModule();
  const { SchemaEngine } = await engineModule;
  const factory = new MigrationAdapterFactory(databaseUrl);
  const engine: SchemaEngine = await SchemaEngine.new(
    { datamodels: schemaFiles.map(([path, text]) => [path, text]) },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  return {
    engine,
    close: async () => {
      engine.free();
      await factory.close();
    },
  };
}

/**
 * Prisma's adapter for `pg`, made fit for migrations: scripts run whole, the shadow database is
 * another database than the real one and is dropped in the end, and `"char"` columns can be read.
 */
class MigrationAdapterFactory implements SqlMigrationAwareDriverAdapterFactory {
  readonly provider = "postgres";
  readonly adapterName = "@prisma/adapter-pg";
  readonly #config: pg.PoolConfig;
  readonly #pools = new Set<pg.Pool>();

  constructor(databaseUrl: string) {
    // Taken apart on purpose: in `pg` a connection string wins over `database`, and the shadow
    // database would be the real one.
    const { host, port, user, password, database, ssl } = new pg.Client(databaseUrl);
    this.#config = { host, port, user, password: password ?? undefined, database, ssl, max: 4 };
  }

  connect(): Promise<SqlDriverAdapter> {
    return openAdapter(this.#openPool(this.#config));
  }

  async connectToShadowDb(): Promise<SqlDriverAdapter> {
    const name = `paydeck_shadow_${crypto.randomUUID().replaceAll("-", "")}`;
    await onServer(this.#config, (client) => client.query(`create database ${name} template template0`));
    const pool = this.#openPool({ ...this.#config, database: name });
    const adapter = await openAdapter(pool);
    adapter.dispose = async () => {
      await this.#closePool(pool);
      await onServer(this.#config, (client) => dropDatabase(client, name));
    };
    return adapter;
  }

  async close(): Promise<void> {
    for (const pool of this.#pools) await this.#closePool(pool);
  }

  #openPool(config: pg.PoolConfig): pg.Pool {
    const pool = new pg.Pool(config);
    this.#pools.add(pool);
    return pool;
  }

  async #closePool(pool: pg.Pool): Promise<void> {
    if (this.#pools.delete(pool)) await pool.end();
  }
}

async function onServer(config: pg.PoolConfig, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await work(client);
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

async function openAdapter(pool: pg.Pool): Promise<SqlDriverAdapter> {
  const adapter = await new PrismaPg(pool).connect();
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
