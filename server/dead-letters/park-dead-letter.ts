import { insertLetter, parkAgain, readSubjectFacts } from "#server/dead-letters/dead-letter-repository.ts";
import { originalJobKey } from "#server/dead-letters/domain/job-key.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import type { ReasonClass } from "#server/platform/job.ts";
import { settleRunItems } from "#server/work-runs/settle-run-items.ts";

/** A message that is given up: what the outbox row holds of it. */
export type GivenUpMessage = Readonly<{
  jobName: string;
  jobKey: string;
  payload: unknown;
  subjectId: string;
  attempts: number;
  firstError: string;
  lastError: string;
  traceId: string | null;
}>;

/**
 * Keeps a job that exhausted its tries as a dead letter (NC-4), with all that an operator needs: payment, mall, VAN,
 * amount in minor units, the VAN's deadline and the newest exchange with it. Runs in the transaction that gives the
 * message up, so that none is lost between the two. A re-driven message finds its own letter again by the key before
 * `#` and parks it once more, and the run that sent it learns of it; a letter that was resolved meanwhile stays resolved, and a new one is written.
 */
export async function parkDeadLetter(
  ctx: Pick<Context, "ids">,
  sql: Sql,
  letter: { message: GivenUpMessage; reason: ReasonClass },
): Promise<void> {
  const { message, reason } = letter;
  const parked = { ...message, jobKey: originalJobKey(message.jobKey), reasonClass: reason };
  const facts = await readSubjectFacts(sql, message.jobName, message.payload);
  const id = await parkAgain(sql, parked, facts);
  if (id) return settleRunItems(sql, { subjectIds: [id], state: "FAILED", error: message.lastError });
  await insertLetter(sql, ctx.ids.newId("deadLetter"), parked, facts);
}
