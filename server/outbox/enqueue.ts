import { insertOutboxRows } from "#server/outbox/outbox-repository.ts";
import type { OutboxRow } from "#server/outbox/outbox-row.ts";
import type { Sql } from "#server/platform/db.ts";

/** Writes jobs inside the caller's transaction, so that they exist exactly when its change does. A job key that exists already is left as it is. */
export async function enqueue(sql: Sql, rows: readonly OutboxRow[]): Promise<void> {
  await insertOutboxRows(sql, rows);
}
