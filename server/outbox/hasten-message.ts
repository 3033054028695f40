import { hastenMessageOf } from "#server/outbox/outbox-repository.ts";
import type { Sql } from "#server/platform/db.ts";
import type { Job } from "#server/platform/job.ts";

/**
 * Makes a postponed job due now because a person asks for it. It costs the job none of its tries, so that asking often
 * gives nothing up early. `due`: it was due already, or a worker is at it; `none`: no such job is open.
 */
export function hastenMessage(
  sql: Sql,
  message: { job: Job; subjectId: string },
): Promise<"woken" | "due" | "none"> {
  return hastenMessageOf(sql, { jobName: message.job.name, subjectId: message.subjectId });
}
