import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Context } from "#server/platform/context.ts";
import { previewAgeMaxMs } from "#server/work-runs/domain/run.ts";
import type { RunKind } from "#server/work-runs/run-kind.ts";
import type { StartRunWish } from "#server/work-runs/work-run.schemas.ts";
import { workRunJob } from "#server/work-runs/work-run-job.ts";
import { lockRun, markStarted } from "#server/work-runs/work-run-repository.ts";

/**
 * Starts a run whose preview was seen, with a reason and a rate. Audited. Refuses with NOT_FOUND what is not there, and
 * with STALE_SELECTION a run whose preview is not ready or older than half an hour, or which was started already.
 */
export async function startRun(
  ctx: Pick<Context, "sql" | "now">,
  kind: Pick<RunKind, "name" | "leftOutOutcome">,
  { actor, ...wish }: StartRunWish & { actor: Actor },
): Promise<{ waiting: number }> {
  return ctx.sql.transaction(async (sql) => {
    const run = await lockRun(sql, wish.id, kind.name);
    if (!run) throw new Refusal("NOT_FOUND");
    const ageMs = run.previewedAt ? ctx.now().getTime() - run.previewedAt.getTime() : null;
    if (run.status !== "READY" || ageMs === null || ageMs > previewAgeMaxMs)
      throw new Refusal("STALE_SELECTION", { status: run.status });
    const waiting = await markStarted(sql, {
      ...wish,
      startedBy: actor.id,
      ipAddress: actor.ipAddress ?? null,
      leftOutOutcome: kind.leftOutOutcome,
    });
    await enqueue(sql, [
      outboxRow(
        workRunJob,
        `${run.id}:start`,
        { runId: run.id },
        { subjectId: run.id, traceId: run.traceId },
      ),
    ]);
    await recordAudit(sql, {
      actor,
      action: "work_run.started",
      target: { type: "work_run", id: run.id },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: {
        kind: kind.name,
        reason: wish.reason,
        count: waiting,
        itemsPerSecond: wish.itemsPerSecond,
        failuresToPause: wish.failuresToPause,
      },
    });
    return { waiting };
  });
}
