import type { Sql } from "#server/platform/db.ts";
import { deleteUnstarted } from "#server/work-runs/work-run-repository.ts";

/** Forgets previews that nobody started within a day, at most `limit` at a time; what was started is kept. Returns how many. */
export async function deleteUnstartedRuns(sql: Sql, limit: number): Promise<number> {
  return deleteUnstarted(sql, limit);
}
