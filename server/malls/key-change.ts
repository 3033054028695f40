import type {
  ApprovedChange,
  ChangeExecution,
  ExecutionOutcome,
} from "#server/change-requests/carry-out-change.ts";
import { Refusal } from "#server/core/refusals.ts";
import { revokeApiKey } from "#server/malls/revoke-api-key.ts";
import type { Context } from "#server/platform/context.ts";

/** How often a request that waits for its maker is looked at, for the day it has. */
const lookAgainMs = 60_000;

/**
 * An approved change of keys. A key ends at once, in the maker's name. A new one waits for its maker, who alone may see it
 * (`claimApprovedKey`), and lapses with `CHANGE_REQUEST_EXPIRED` a day after the approval.
 */
export const keyChange: ChangeExecution<"KEY_CHANGE"> = { idKind: "execution", executeWithin };

async function executeWithin(ctx: Context, change: ApprovedChange<"KEY_CHANGE">): Promise<ExecutionOutcome> {
  const { payload, makerId, requestId, checkerId, reason, traceId } = change;
  if (payload.change.action !== "REVOKE") {
    if (change.isLapsed) throw new Refusal("CHANGE_REQUEST_EXPIRED");
    return { kind: "pending", askAgainMs: lookAgainMs };
  }
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
