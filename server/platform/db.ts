import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { PrismaClient } from "#prisma/generated/client.ts";

/** A named prepared statement: planned once per connection, then only bound and run. */
export type Statement = Readonly<{ name: string; text: string }>;

/** Where SQL may run: a pool (one statement, one commit) or a transaction. */
export interface Sql {
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

/** A pool of connections with the deadlines of reliability §5.8. */
export interface SqlPool extends Sql {
  /** Runs `work` in one READ COMMITTED transaction. Nothing inside it may wait for the network. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A transaction that also takes rows by COPY. */
export interface LoadingSql extends Sql {
  /** Loads rows as COPY's text format says them; `into` is the table with its columns. They have to be at hand: nobody waits for a network here. */
  copyIn(into: string, rows: Readable): Promise<void>;
}

/** A pool for whole tables. */
export interface LoadingPool extends SqlPool {
  /** As `transaction`, with COPY. */
  load<T>(work: (sql: LoadingSql) => Promise<T>): Promise<T>;
}

/** Who waits for a pool at this moment. */
export type PoolPressure = Readonly<{
  connectionsMax: number;
  /** Callers without a connection. */
  waiting: number;
  /** How long the first of them has waited; 0 when nobody waits. */
  longestWaitMs: number;
}>;

/** A pool that says how crowded it is. */
export type MeasuredPool = LoadingPool & Readonly<{ pressure(): PoolPressure }>;

const bigintOid = 20;
const parsers = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === bigintOid && format !== "binary"
      ? (text: string) => BigInt(text)
      : format === "binary"
        ? pg.types.getTypeParser(oid, "binary")
        : pg.types.getTypeParser(oid, "text")) as typeof pg.types.getTypeParser,
};

export type PoolOptions = Readonly<{
  name: string;
  connectionsMax: number;
  statementTimeoutMs?: number;
  /** How long a caller waits for a connection, free or new, before it gives up. */
  connectTimeoutMs?: number;
  onError?: (error: Error) => void;
}>;

/** Whatever the server's own settings are: a commit that was answered is on its disk (reliability §5). */
const durable = "-c synchronous_commit=on -c default_transaction_isolation=read\\ committed";

/** Opens a pool. BIGINT columns arrive as `bigint`, timestamps as `Date`. */
export function openPool(databaseUrl: string, options: PoolOptions): MeasuredPool {
  const { statementTimeoutMs = 5_000, connectTimeoutMs = 1_000, onError = () => undefined } = options;
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: options.connectionsMax,
    application_name: `paydeck-${options.name}`,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 60_000,
    statement_timeout: statementTimeoutMs,
    // The server's own limit says nothing when the server is frozen or the network is cut.
    query_timeout: statementTimeoutMs + 1_000,
    keepAlive: true,
    lock_timeout: 2_000,
    idle_in_transaction_session_timeout: 10_000,
    options: `-c timezone=UTC ${durable}`,
    types: parsers,
  });
  // An idle connection that the server drops is replaced at its next use; without a listener it would end the process.
  pool.on("error", onError);

  /** Since when each caller waits for a connection, the first of them first. */
  const waiters = new Set<{ sinceMs: number }>();

  /** Lends a connection to `work`. One that was lost, or of which nobody knows what it still does, is not used again. */
  async function lend<T>(
    work: (client: pg.PoolClient, onLost: (error: Error) => void) => Promise<T>,
  ): Promise<T> {
    const waiter = { sinceMs: performance.now() };
    waiters.add(waiter);
    const client = await pool.connect().finally(() => waiters.delete(waiter));
    let broken: Error | undefined;
    // The pool listens to idle connections only: one that is lost in the middle of its work would end the process.
    const onLost = (error: Error) => {
      broken = error;
    };
    client.on("error", onLost);
    try {
      return await work(client, onLost);
    } catch (error) {
      if (isDatabaseUnavailable(error) && !isRefusedForNow(error)) broken ??= error as Error;
      throw error;
    } finally {
      client.off("error", onLost);
      client.release(broken);
    }
  }

  const load = <T>(work: (sql: LoadingSql) => Promise<T>): Promise<T> =>
    lend(async (client, onLost) => {
      await client.query("BEGIN");
      try {
        const result = await work({
          run: (statement, values) => runOn(client, statement, values),
          copyIn: (into, rows) => pipeline(rows, client.query(copyFrom(`COPY ${into} FROM STDIN`))),
        });
        await client.query("COMMIT");
        return result;
      } catch (error) {
        // On a connection that is lost, the server rolls back by itself.
        if (!isDatabaseUnavailable(error) || isRefusedForNow(error))
          await client.query("ROLLBACK").catch(onLost);
        throw error;
      }
    });

  return {
    run: (statement, values) => lend((client) => runOn(client, statement, values)),
    transaction: load,
    load,
    pressure() {
      const [first] = waiters;
      return {
        connectionsMax: options.connectionsMax,
        waiting: waiters.size,
        longestWaitMs: first ? performance.now() - first.sinceMs : 0,
      };
    },
    close: () => pool.end(),
  };
}

async function runOn<Row>(client: pg.PoolClient, { name, text }: Statement, values: readonly unknown[]) {
  const result = await client.query({ name, text, values: values as unknown[] });
  return result.rows as Row[];
}

/** The server said no for lack of time or by conflict; the connection it said it on is as good as before. */
function isRefusedForNow(error: unknown): boolean {
  return ["55P03", "40001", "40P01", "57014"].includes(sqlStateOf(error) ?? "");
}

export type Db = PrismaClient;

/** Opens Prisma for the console's queries. A caller waits `connectTimeoutMs` for a connection, free or new. */
export function openDb(databaseUrl: string, connectionsMax: number, connectTimeoutMs = 2_000): Db {
  return new PrismaClient({
    adapter: new PrismaPg({
      connectionString: databaseUrl,
      max: connectionsMax,
      connectionTimeoutMillis: connectTimeoutMs,
      application_name: "paydeck-console",
      statement_timeout: 15_000,
      options: durable,
    }),
  });
}

/** SQLSTATE of a driver error, if it has one. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** True when a statement of the console's client was stopped because its time was over. */
export function isQueryCanceled(error: unknown): boolean {
  const meta = (error as { meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } } } | null)
    ?.meta;
  return meta?.driverAdapterError?.cause?.originalCode === "57014";
}

/** The answer did not come in time: the connection is of no use any more, and what it was asked may have been done. */
function isReadTimeout(error: unknown): error is Error {
  return error instanceof Error && error.message === "Query read timeout";
}

/**
 * True when PostgreSQL could not be reached, is going down or refused for lack of time: the statement may be tried
 * again. After such an error of a write nobody knows whether it was committed, so the retry must be a compare-and-set.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state)
    return (
      state.startsWith("08") ||
      state.startsWith("57") ||
      state.startsWith("53") ||
      ["55P03", "40001", "40P01", "25P03"].includes(state)
    );
  const code = (error as { code?: string } | null)?.code ?? "";
  if (["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOENT"].includes(code)) return true;
  if (isReadTimeout(error)) return true;
  const message = error instanceof Error ? error.message : "";
  return /Connection terminated|timeout exceeded when trying to connect|Connection ended|Client has encountered a connection error/.test(
    message,
  );
}
