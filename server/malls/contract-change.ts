import type {
  ApprovedChange,
  ChangeExecution,
  ExecutionOutcome,
} from "#server/change-requests/carry-out-change.ts";
import { addContract } from "#server/malls/add-contract.ts";
import { withdrawContract } from "#server/malls/withdraw-contract.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * An approved change of a contract, in the maker's name and in the commit that ends the request. By then its first day may
 * have come, or another version may begin on it: then it is refused as a direct one would be.
 */
export const contractChange: ChangeExecution<"CONTRACT_CHANGE"> = { idKind: "execution", executeWithin };

async function executeWithin(
  ctx: Context,
  { payload, makerId, requestId, checkerId, reason, traceId }: ApprovedChange<"CONTRACT_CHANGE">,
): Promise<ExecutionOutcome> {
  const { mallId, change } = payload;
  const command = {
    mallId,
    actor: { type: "operator" as const, id: makerId, ipAddress: null },
    approval: { requestId, checkerId },
    traceId,
  };
  if (change.action === "WITHDRAW") {
    await withdrawContract(ctx, { ...command, contractId: change.contractId, reason });
    return { kind: "done", result: { contractId: change.contractId } };
  }
  const terms = { ...change.after, method: change.method, note: change.note };
  return { kind: "done", result: await addContract(ctx, { ...command, terms }) };
}
