import type {
  ApprovedChange,
  ChangeExecution,
  ExecutionOutcome,
} from "#server/change-requests/carry-out-change.ts";
import { setLimit } from "#server/change-requests/set-limit.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * An approved limit, in the maker's name and in the commit that ends the request. A limit that somebody has changed since
 * the request is left as it is: what was approved was the step from the one to the other.
 */
export const limitChange: ChangeExecution<"LIMIT_CHANGE"> = { idKind: "execution", executeWithin };

async function executeWithin(
  ctx: Context,
  { payload, makerId, requestId, checkerId }: ApprovedChange<"LIMIT_CHANGE">,
): Promise<ExecutionOutcome> {
  const { kind, role, beforeMax, afterMax } = payload;
  await setLimit(ctx, {
    kind,
    role,
    limitMax: afterMax,
    actor: { id: makerId, ipAddress: null },
    approval: { requestId, checkerId, beforeMax },
  });
  return { kind: "done", result: { kind, role } };
}
