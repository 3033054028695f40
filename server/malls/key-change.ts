import type {
  ApprovedChange,
  ChangeExecution,
  ExecutionOutcome,
} from "#server/change-requests/carry-out-change.ts";
import { Refusal } from "#server/core/refusals.ts";
import { revokeApiKey } from "#server/malls/revoke-api-key.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * An approved change of keys. A key ends at once, in the maker's name. A new one waits for its maker, who alone may see it
 * (`claimApprovedKey`), and lapses with `CHANGE_REQUEST_EXPIRED` a day after the approval.
 */
export const keyChange: ChangeExecution<"KEY_CHANGE"> = {
  idKind: "execution",
  isClaimed: ({ change }) => change.action !== "REVOKE",
  executeWithin,
};

async function executeWithin(ctx: Context, change: ApprovedChange<"KEY_CHANGE">): Promise<ExecutionOutcome> {
  const { payload, makerId, requestId, checkerId, reason, traceId } = change;
  if (payload.change.action !== "REVOKE") throw new Refusal("CHANGE_REQUEST_EXPIRED");
  const { keyId } = payload.change;
  await revokeApiKey(ctx, {
    mallId: payload.mallId,
    keyId,
    reason,
    actor: { type: "operator", id: makerId, ipAddress: null },
    approval: { requestId, checkerId },
    traceId,
  });
  return { kind: "done", result: { keyId } };
}
