import { recordAudit } from "#server/audit/record-audit.ts";
import { type ChangeKind, changeKinds } from "#server/change-requests/change-kinds.values.ts";
import { lockLimits, writeLimit } from "#server/change-requests/change-request-repository.ts";
import { limitOf } from "#server/change-requests/limit-of.ts";
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
}>;

/** Says up to where a role acts alone in a kind; in force for the next action. Audited with what was before. Throws `INVALID_REQUEST` for a role that never acts in that kind. */
export async function setLimit(
  ctx: Pick<Context, "sql">,
  { kind, role, limitMax, actor }: SetLimit,
): Promise<{ changed: boolean }> {
  if (!Object.hasOwn(changeKinds[kind].limits, role)) throw new Refusal("INVALID_REQUEST", { field: "role" });
  // A single change is either done alone or not; there is nothing to count.
  if (changeKinds[kind].unit === "changes" && limitMax !== null && limitMax !== 0n)
    throw new Refusal("INVALID_REQUEST", { field: "limitMax" });
  return ctx.sql.transaction(async (sql) => {
    await lockLimits(sql, advisoryLocks.approvalLimits);
    const before = await limitOf(sql, role, kind);
    if (before === limitMax) return { changed: false };
    await writeLimit(sql, { kind, role, limitMax, by: actor.id });
    await recordAudit(sql, {
      actor: { type: "operator", id: actor.id },
      action: "approval_limit.changed",
      target: { type: "approval_limit", id: `${kind}:${role}` },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: {
        kind,
        role,
        before: { limit: before ?? "unlimited" },
        after: { limit: limitMax ?? "unlimited" },
      },
    });
    return { changed: true };
  });
}
