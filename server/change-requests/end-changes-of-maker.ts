import { recordAudit } from "#server/audit/record-audit.ts";
import { actsIn, changeKindNames } from "#server/change-requests/change-kinds.values.ts";
import { addRequestEvent, withdrawRequestsOf } from "#server/change-requests/change-request-repository.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import type { Sql } from "#server/platform/db.ts";

export type LeavingMaker = Readonly<{
  makerId: string;
  /** What the maker is from now on; null when the account is shut. */
  role: OperatorRole | null;
  /** Who changed the maker. */
  actor: Readonly<{ id: string; ipAddress: string | null }>;
}>;

/**
 * Ends what a person has asked for and may ask for no longer, approved or not, with history and audit; returns how many.
 * What has begun is brought to its end, which for what we alone do is a refusal (`carryOutChange`). Call it in the transaction that changes the person, after `lockActiveRole`'s row
 * is locked: a request that is made at the same moment is then either seen here or refused.
 */
export async function endChangesOfMaker(sql: Sql, { makerId, role, actor }: LeavingMaker): Promise<number> {
  const kinds = role === null ? changeKindNames : changeKindNames.filter((kind) => !actsIn(role, kind));
  const because = role === null ? "MAKER_DISABLED" : "MAKER_DEMOTED";
  const ended = await withdrawRequestsOf(sql, makerId, kinds);
  for (const { id, version, kind, status, subjectId, amountMinor, payload } of ended) {
    await addRequestEvent(sql, { requestId: id, version, kind: because, actorId: actor.id, payload });
    await recordAudit(sql, {
      actor: { type: "operator", id: actor.id },
      action: "change_request.ended_with_maker",
      target: { type: "change_request", id },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: {
        kind,
        subjectId,
        amount: amountMinor,
        maker: makerId,
        because,
        approvalVoided: status === "APPROVED",
      },
    });
  }
  return ended.length;
}
