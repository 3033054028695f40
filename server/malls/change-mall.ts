import { type AuditEntry, recordAudit } from "#server/audit/record-audit.ts";
import { Refusal } from "#server/core/refusals.ts";
import { forgetMallsOfKeys } from "#server/malls/find-mall-of-key.ts";
import type { MallCommand } from "#server/malls/mall-command.ts";
import { type LockedMall, lockMall } from "#server/malls/mall-repository.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";

/** What a change yields, and what the audit log keeps of it; without `audit` nothing was changed. */
export type Change<Result> = Readonly<{
  result: Result;
  audit?: Pick<AuditEntry, "action"> & Readonly<{ detail: Readonly<Record<string, unknown>> }>;
}>;

/**
 * Changes one mall in one transaction: locked, changed, audited. In force here at once, in every other process within a
 * second. Throws `NOT_FOUND`.
 */
export async function changeMall<Result>(
  ctx: Pick<Context, "sql">,
  { mallId, actor, traceId, approval }: MallCommand,
  change: (sql: Sql, mall: LockedMall) => Promise<Change<Result>>,
): Promise<Result> {
  const { result } = await ctx.sql.transaction(async (sql) => {
    const mall = await lockMall(sql, mallId);
    if (!mall) throw new Refusal("NOT_FOUND");
    const made = await change(sql, mall);
    if (made.audit) {
      await recordAudit(sql, {
        actor,
        action: made.audit.action,
        target: { type: "mall", id: mallId },
        outcome: "success",
        ipAddress: actor.ipAddress,
        detail: {
          mallName: mall.name,
          ...made.audit.detail,
          ...(approval && { changeRequest: approval.requestId, checker: approval.checkerId }),
          traceId,
        },
      });
    }
    return made;
  });
  forgetMallsOfKeys(ctx.sql);
  return result;
}
