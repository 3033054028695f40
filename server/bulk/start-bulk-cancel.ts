import { recordAudit } from "#server/audit/record-audit.ts";
import type { StartBulkCancelInput } from "#server/bulk/bulk-cancel.schemas.ts";
import { loadRunOfRequest } from "#server/bulk/bulk-cancel-repository.ts";
import { runBulkCancelJob } from "#server/bulk/bulk-jobs.ts";
import { planAsSeen } from "#server/bulk/plan-as-seen.ts";
import { writeBulkRun } from "#server/bulk/write-bulk-run.ts";
import { requireWithinLimit } from "#server/change-requests/limit-of.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Context } from "#server/platform/context.ts";

export type StartBulkCancel = StartBulkCancelInput &
  Readonly<{
    actor: { type: "operator"; id: string; ipAddress: string | null };
    role: OperatorRole;
    traceId: string;
  }>;

/**
 * Begins a bulk cancel exactly as its dry run showed it: plans the rows anew and refuses with STALE_SELECTION when
 * anything that would be sent differs, and with APPROVAL_REQUIRED when all of it, with what the person cancelled of these
 * payments before, is more than the role cancels alone. Run, rows, job and audit are one commit; the job does the rest.
 * The same `requestKey` begins one run, whose id is returned each time.
 */
export async function startBulkCancel(
  ctx: Pick<Context, "sql" | "reports" | "now" | "ids">,
  command: StartBulkCancel,
): Promise<{ runId: string }> {
  const { reason, actor, role, traceId } = command;
  const earlier = await runOf(ctx, command);
  if (earlier) return earlier;
  const { plan, measured } = await planAsSeen(ctx, command);
  await requireWithinLimit(ctx.sql, { role, kind: "BULK_CANCEL", measured });

  const runId = ctx.ids.newId("bulkRun");
  const isNew = await ctx.sql.transaction(async (sql) => {
    if (!(await writeBulkRun(sql, { ...command, id: runId, at: ctx.now(), changeRequestId: null }, plan)))
      return false;
    await enqueue(sql, [
      outboxRow(runBulkCancelJob, `${runId}:1`, { runId, generation: 1 }, { subjectId: runId, traceId }),
    ]);
    await recordAudit(sql, {
      actor,
      action: "bulk_cancel.started",
      target: { type: "bulk_cancel", id: runId },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: {
        reason,
        given: plan.rows.length,
        planned: plan.counts.CANCEL,
        amount: plan.totals.amountMinor,
        digest: plan.digest,
      },
    });
    return true;
  });
  if (isNew) return { runId };
  const other = await runOf(ctx, command);
  if (!other) throw new Refusal("STALE_SELECTION");
  return other;
}

async function runOf(
  ctx: Pick<Context, "sql">,
  { requestKey, actor }: StartBulkCancel,
): Promise<{ runId: string } | undefined> {
  const run = await loadRunOfRequest(ctx.sql, requestKey);
  if (!run) return undefined;
  // A key that asked another person begins nothing by itself.
  if (run.requestedBy !== actor.id || run.changeRequestId !== null)
    throw new Refusal("INVALID_REQUEST", { field: "requestKey" });
  return { runId: run.id };
}
