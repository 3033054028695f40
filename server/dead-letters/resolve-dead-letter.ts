import { resolveByJobKey } from "#server/dead-letters/dead-letter-repository.ts";
import { originalJobKey } from "#server/dead-letters/domain/job-key.ts";
import type { Sql } from "#server/platform/db.ts";
import { settleRunItems } from "#server/work-runs/settle-run-items.ts";

/**
 * Ends the open letter of a job that has succeeded after all; `resolution` says how, for the screen. Does nothing when
 * the job has no letter, so that every finished message may be reported. Returns whether a letter was ended.
 */
export async function resolveDeadLetter(
  sql: Sql,
  { jobKey, resolution }: { jobKey: string; resolution: string },
): Promise<boolean> {
  const ids = await resolveByJobKey(sql, originalJobKey(jobKey), resolution);
  await settleRunItems(sql, { subjectIds: ids, state: "RESOLVED" });
  return ids.length > 0;
}
