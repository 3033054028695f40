import { assert } from "#server/core/assert.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";

/**
 * The same world inside a transaction that is open: use cases that make a transaction of their own make it within this
 * one, so that what they do and what the caller writes are one commit or none.
 */
export function joinTransaction<C extends Pick<Context, "sql">>(ctx: C, sql: Sql): C {
  return {
    ...ctx,
    sql: {
      run: (statement, values) => sql.run(statement, values),
      transaction: (work) => work(sql),
      close: async () => assert(false, "a transaction is closed by whoever opened it"),
    },
  };
}
