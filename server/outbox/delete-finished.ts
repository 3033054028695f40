import { deleteFinishedMessages } from "#server/outbox/outbox-repository.ts";
import type { Sql } from "#server/platform/db.ts";

/** Deletes jobs finished more than a day ago, at most `limit`; returns how many. Dead ones stay. */
export function deleteFinished(sql: Sql, limit: number): Promise<number> {
  return deleteFinishedMessages(sql, limit);
}
