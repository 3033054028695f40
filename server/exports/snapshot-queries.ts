import type { Sql } from "#server/platform/db.ts";

/** How many rows come at once: enough to cost little apiece, few enough to be nothing in memory. */
const fetchRows = 1_000;

/**
 * Makes a transaction see one moment only, from its first read on, and reads a statement in it piece by piece. Call it
 * first in a transaction; `begin` before `next`.
 */
export async function openSnapshot(
  sql: Sql,
  rows: Readonly<{ text: string; values: readonly unknown[] }>,
): Promise<Readonly<{ begin(): Promise<void>; next(): Promise<unknown[]> }>> {
  const say = (text: string, values: readonly unknown[] = []) => sql.run<unknown>({ name: "", text }, values);
  await say("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  // All of it is read, so the plan is to be the best for all of it.
  await say("SET LOCAL cursor_tuple_fraction = 1");
  return {
    async begin() {
      await say(`DECLARE exported_rows NO SCROLL CURSOR FOR ${rows.text}`, rows.values);
    },
    next: () => say(`FETCH ${fetchRows} FROM exported_rows`),
  };
}
