import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Sql } from "#server/platform/db.ts";
import type { RunKind } from "#server/work-runs/run-kind.ts";
import type { StartRunWish } from "#server/work-runs/work-run.schemas.ts";
import { workRunJob } from "#server/work-runs/work-run-job.ts";
import { type HeldRun, markStarted } from "#server/work-runs/work-run-repository.ts";

/** Begins a locked run: its start, its job and its audit are one commit. Returns how many things wait for their turn. */
export async function beginRun(
  sql: Sql,
  kind: Pick<RunKind, "name" | "leftOutOutcome">,
  run: Pick<HeldRun, "id" | "traceId">,
  {
    actor,
    approval,
    ...wish
  }: Omit<StartRunWish, "id"> & {
    actor: Actor;
    approval?: Readonly<{ requestId: string; checkerId: string }>;
  },
): Promise<{ waiting: number }> {
  const waiting = await markStarted(sql, {
    ...wish,
    id: run.id,
    startedBy: actor.id,
    ipAddress: actor.ipAddress ?? null,
    leftOutOutcome: kind.leftOutOutcome,
  });
  await enqueue(sql, [
    outboxRow(workRunJob, `${run.id}:start`, { runId: run.id }, { subjectId: run.id, traceId: run.traceId }),
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
      ...(approval && { changeRequest: approval.requestId, checker: approval.checkerId }),
    },
  });
  return { waiting };
}
