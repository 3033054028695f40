import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Context } from "#server/platform/context.ts";
import { workRunJob } from "#server/work-runs/work-run-job.ts";
import { insertRun } from "#server/work-runs/work-run-repository.ts";

/** A set to be frozen. `matchingCount` may be more than the ids when the set was cut at its limit. */
export type FreezeRun = Readonly<{
  kind: string;
  selection: unknown;
  subjectIds: readonly string[];
  matchingCount: number;
  requestedBy: string;
  traceId: string;
}>;

/**
 * Freezes a set of things and has its preview made in the background. What matches later is not in it, however long its
 * operator thinks; nothing happens to any of it before the run is started.
 */
export async function freezeRun(
  ctx: Pick<Context, "sql" | "ids" | "now">,
  run: FreezeRun,
): Promise<{ id: string }> {
  const id = ctx.ids.newId("workRun");
  await ctx.sql.transaction(async (sql) => {
    await insertRun(sql, { ...run, id, at: ctx.now() }, run.subjectIds);
    await enqueue(sql, [
      outboxRow(workRunJob, `${id}:preview`, { runId: id }, { subjectId: id, traceId: run.traceId }),
    ]);
  });
  return { id };
}
