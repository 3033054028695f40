import { recordAudit } from "#server/audit/record-audit.ts";
import { beginProposedRun } from "#server/bulk/bulk-cancel-repository.ts";
import { runBulkCancelJob } from "#server/bulk/bulk-jobs.ts";
import type {
  ApprovedChange,
  ChangeExecution,
  ExecutionOutcome,
} from "#server/change-requests/carry-out-change.ts";
import { assert } from "#server/core/assert.ts";
import { enqueue } from "#server/outbox/enqueue.ts";
import { outboxRow } from "#server/outbox/outbox-row.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * An approved bulk cancel: the run that was frozen begins, in the maker's name. Its job, its audit and the end of the
 * request are one commit, so it begins exactly once. A payment whose balance is no longer what was seen is refused by its
 * row (CX-3).
 */
export const bulkCancelChange: ChangeExecution<"BULK_CANCEL"> = { idKind: "execution", executeWithin };

async function executeWithin(
  ctx: Context,
  { payload, requestId, checkerId, makerId, reason, traceId }: ApprovedChange<"BULK_CANCEL">,
): Promise<ExecutionOutcome> {
  const { runId } = payload;
  const at = ctx.now();
  const run = await beginProposedRun(ctx.sql, {
    id: runId,
    changeRequestId: requestId,
    approvedBy: checkerId,
    at,
  });
  assert(run, `bulk cancel ${runId} waits for its request ${requestId}`);
  assert(
    run.rowsPlanned === payload.count && run.plannedMinor === payload.amountMinor,
    `bulk cancel ${runId} is the one that was approved`,
  );
  await enqueue(ctx.sql, [
    outboxRow(runBulkCancelJob, `${runId}:1`, { runId, generation: 1 }, { subjectId: runId, traceId }),
  ]);
  await recordAudit(ctx.sql, {
    actor: { type: "operator", id: makerId },
    action: "bulk_cancel.started",
    target: { type: "bulk_cancel", id: runId },
    outcome: "success",
    ipAddress: run.ipAddress,
    detail: {
      reason,
      planned: payload.count,
      amount: payload.amountMinor,
      digest: payload.digest,
      changeRequest: requestId,
      checker: checkerId,
    },
  });
  return { kind: "done", result: { runId } };
}
