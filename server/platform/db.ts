import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
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
  onError?: (error: Error) => void;
}>;

/** Opens a pool. BIGINT columns arrive as `bigint`, timestamps as `Date`. */
export function openPool(databaseUrl: string, options: PoolOptions): SqlPool {
  const { statementTimeoutMs = 5_000 } = options;
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: options.connectionsMax,
    application_name: `paydeck-${options.name}`,
    connectionTimeoutMillis: 1_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: statementTimeoutMs,
    // The server's own limit says nothing when the server is frozen or the network is cut.
    query_timeout: statementTimeoutMs + 1_000,
    keepAlive: true,
    lock_timeout: 2_000,
    idle_in_transaction_session_timeout: 10_000,
    options: "-c timezone=UTC",
    types: parsers,
  });
  // An idle connection that the server drops is replaced at its next use; without a listener it would end the process.
  pool.on("error", (error) => options.onError?.(error));
  return {
    async run<Row>(statement: Statement, values: readonly unknown[]) {
      const result = await pool.query({
        name: statement.name,
        text: statement.text,
        values: values as unknown[],
      });
      return result.rows as Row[];
    },
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query("BEGIN");
        const result = await work({
          async run<Row>(statement: Statement, values: readonly unknown[]) {
            const answer = await client.query({
              name: statement.name,
              text: statement.text,
              values: values as unknown[],
            });
            return answer.rows as Row[];
          },
        });
        await client.query("COMMIT");
        return result;
      } catch (error) {
        if (isReadTimeout(error)) broken = error;
        else
          await client.query("ROLLBACK").catch((rollbackError: Error) => {
            broken = rollbackError;
          });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

export type Db = PrismaClient;

/** Opens Prisma for the console's queries. */
export function openDb(databaseUrl: string, connectionsMax: number): Db {
  return new PrismaClient({
    adapter: new PrismaPg({
      connectionString: databaseUrl,
      max: connectionsMax,
      connectionTimeoutMillis: 2_000,
      application_name: "paydeck-console",
      statement_timeout: 15_000,
    }),
  });
}

/** SQLSTATE of a driver error, if it has one. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
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
