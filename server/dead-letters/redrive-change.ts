import type {
  ApprovedChange,
  ChangeExecution,
  ExecutionOutcome,
} from "#server/change-requests/carry-out-change.ts";
import { redriveRun } from "#server/dead-letters/redrive-run.ts";
import type { Context } from "#server/platform/context.ts";
import { startApprovedRun } from "#server/work-runs/start-approved-run.ts";

/** An approved re-drive: the frozen run starts in the maker's name, in the commit that ends the request. */
export const redriveChange: ChangeExecution<"BULK_REDRIVE"> = { idKind: "execution", executeWithin };

async function executeWithin(
  ctx: Context,
  { payload, reason, makerId, requestId, checkerId }: ApprovedChange<"BULK_REDRIVE">,
): Promise<ExecutionOutcome> {
  const { runId, itemsPerSecond, failuresToPause } = payload;
  await startApprovedRun(ctx.sql, redriveRun, {
    id: runId,
    reason,
    itemsPerSecond,
    failuresToPause,
    makerId,
    approval: { requestId, checkerId },
  });
  return { kind: "done", result: { runId } };
}
