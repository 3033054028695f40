import { recordAudit } from "#server/audit/record-audit.ts";
import type { BulkRunState } from "#server/bulk/bulk.values.ts";
import type { Steering } from "#server/bulk/bulk-cancel.schemas.ts";
import { loadRun, steerRun } from "#server/bulk/bulk-cancel-repository.ts";
import { runBulkCancelJob } from "#server/bulk/bulk-jobs.ts";
import { Refusal } from "#server/core/refusals.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Context } from "#server/platform/context.ts";

const steerings: Readonly<
  Record<Steering, { from: readonly BulkRunState[]; to: BulkRunState; said: string }>
> = {
  pause: { from: ["RUNNING"], to: "PAUSED", said: "bulk_cancel.paused" },
  resume: { from: ["PAUSED"], to: "RUNNING", said: "bulk_cancel.resumed" },
  stop: { from: ["RUNNING", "PAUSED"], to: "STOPPED", said: "bulk_cancel.stopped" },
};

/**
 * Pauses, resumes or stops a bulk cancel. Once it has answered, no row of a paused or stopped run is begun; rows under
 * way end as they would. A run that is past it already is left as it is. Audited. Throws `NOT_FOUND`.
 */
export async function steerBulkCancel(
  ctx: Pick<Context, "sql" | "now">,
  command: {
    runId: string;
    to: Steering;
    actor: { type: "operator"; id: string; ipAddress: string | null };
    traceId: string;
  },
): Promise<{ state: BulkRunState }> {
  const { runId, actor, traceId } = command;
  const { from, to, said } = steerings[command.to];
  const steered = await ctx.sql.transaction(async (sql) => {
    const run = await steerRun(sql, runId, { from, to, at: ctx.now() });
    if (!run) return undefined;
    if (to === "RUNNING") {
      const { generation } = run;
      await enqueue(sql, [
        outboxRow(
          runBulkCancelJob,
          `${runId}:${generation}`,
          { runId, generation },
          { subjectId: runId, traceId },
        ),
      ]);
    }
    await recordAudit(sql, {
      actor,
      action: said,
      target: { type: "bulk_cancel", id: runId },
      outcome: "success",
      ipAddress: actor.ipAddress,
    });
    return run;
  });
  const run = steered ?? (await loadRun(ctx.sql, runId));
  if (!run) throw new Refusal("NOT_FOUND");
  return { state: run.state };
}
