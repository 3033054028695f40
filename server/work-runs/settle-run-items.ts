import type { Sql } from "#server/platform/db.ts";
import { settleItems } from "#server/work-runs/work-run-repository.ts";

/**
 * Reports how the job of something that a run has sent ended; does nothing for what no run has sent. Runs in the
 * transaction that ends the job, so that a run never shows as failed what has succeeded.
 */
export async function settleRunItems(
  sql: Sql,
  {
    subjectIds,
    state,
    error = null,
  }: { subjectIds: readonly string[]; state: "RESOLVED" | "FAILED"; error?: string | null },
): Promise<void> {
  if (subjectIds.length > 0) await settleItems(sql, subjectIds, state, error);
}
