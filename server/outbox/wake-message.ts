import { wakeMessageOfKey } from "#server/outbox/outbox-repository.ts";
import type { Sql } from "#server/platform/db.ts";
import type { Job } from "#server/platform/job.ts";

/** Makes a postponed job due now, because what it waited for has happened. A job that runs, is done or is dead stays as it is. */
export async function wakeMessage(
  sql: Sql,
  message: { job: Job; jobKey: string; subjectId: string },
): Promise<void> {
  await wakeMessageOfKey(sql, {
    jobKey: `${message.job.name}:${message.jobKey}`,
    subjectId: message.subjectId,
  });
}
