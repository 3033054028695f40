import { recordAudit } from "#server/audit/record-audit.ts";
import { type ChangeKind, isLooser } from "#server/change-requests/change-kinds.values.ts";
import { lockLimits, writeLimit } from "#server/change-requests/change-request-repository.ts";
import { limitOf, limitSubjectOf, requireSettable } from "#server/change-requests/limit-of.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import { advisoryLocks } from "#server/platform/advisory-locks.ts";
import type { Context } from "#server/platform/context.ts";

export type SetLimit = Readonly<{
  kind: ChangeKind;
  role: OperatorRole;
  /** In the unit of the kind; null: without limit. */
  limitMax: bigint | null;
  actor: Readonly<{ id: string; ipAddress: string | null }>;
  /** The approved request that it carries out, who approved it, and the limit that it was approved on. */
  approval?: Readonly<{ requestId: string; checkerId: string; beforeMax: bigint | null }>;
}>;

/**
 * Says up to where a role acts alone in a kind; in force for the next action. Audited with what was before. Alone an
 * administrator only lowers a limit: throws `APPROVAL_REQUIRED` for a looser one. With an approval it throws
 * `CHANGED_MEANWHILE` when the limit is not the one that was seen. Throws `INVALID_REQUEST` as `requireSettable`.
 */
export async function setLimit(
  ctx: Pick<Context, "sql">,
  { kind, role, limitMax, actor, approval }: SetLimit,
): Promise<{ changed: boolean }> {
  requireSettable({ kind, role, limitMax });
  return ctx.sql.transaction(async (sql) => {
    await lockLimits(sql, advisoryLocks.approvalLimits);
    const before = await limitOf(sql, role, kind);
    if (approval && before !== approval.beforeMax) throw new Refusal("CHANGED_MEANWHILE");
    if (before === limitMax) return { changed: false };
    if (!approval && isLooser(limitMax, before)) throw new Refusal("APPROVAL_REQUIRED");
    await writeLimit(sql, { kind, role, limitMax, by: actor.id });
    await recordAudit(sql, {
      actor: { type: "operator", id: actor.id },
      action: "approval_limit.changed",
      target: { type: "approval_limit", id: limitSubjectOf(kind, role) },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: {
        kind,
        role,
        before: { limit: before ?? "unlimited" },
        after: { limit: limitMax ?? "unlimited" },
        ...(approval && { changeRequest: approval.requestId, checker: approval.checkerId }),
      },
    });
    return { changed: true };
  });
}
