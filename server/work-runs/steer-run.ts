import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Context } from "#server/platform/context.ts";
import { type RunStatus, type Steering, steerings } from "#server/work-runs/domain/run.ts";
import { workRunJob } from "#server/work-runs/work-run-job.ts";
import { lockRun, moveRun, stopItems } from "#server/work-runs/work-run-repository.ts";

/** What was done, for the audit. */
const actionOf: Readonly<Record<Steering, string>> = {
  pause: "work_run.paused",
  resume: "work_run.resumed",
  stop: "work_run.stopped",
  discard: "work_run.discarded",
};

/**
 * Pauses, resumes, stops or discards a run. It takes effect at the next batch, within a second; jobs that were sent go on.
 * Audited. Asked for in a state where it means nothing, it changes nothing: the answer is where the run stands.
 * Refuses with NOT_FOUND what is not there.
 */
export async function steerRun(
  ctx: Pick<Context, "sql">,
  { kind, id, how, actor }: { kind: string; id: string; how: Steering; actor: Actor },
): Promise<{ status: RunStatus }> {
  return ctx.sql.transaction(async (sql) => {
    const run = await lockRun(sql, id, kind);
    if (!run) throw new Refusal("NOT_FOUND");
    const { from, to } = steerings[how];
    if (!(from as readonly RunStatus[]).includes(run.status)) return { status: run.status };
    const { generation } = await moveRun(sql, id, to, actor.id);
    const leftCount = how === "stop" ? await stopItems(sql, id) : undefined;
    if (how === "resume")
      // A job of before may still be there, or be over without a turn; the lease lets only one act. Each resume has its own.
      await enqueue(sql, [
        outboxRow(
          workRunJob,
          `${id}:generation-${generation}`,
          { runId: id },
          { subjectId: id, traceId: run.traceId },
        ),
      ]);
    await recordAudit(sql, {
      actor,
      action: actionOf[how],
      target: { type: "work_run", id },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { kind, before: { status: run.status }, after: { status: to }, leftCount },
    });
    return { status: to };
  });
}
