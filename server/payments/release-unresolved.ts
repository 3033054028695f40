import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import { findUnresolved } from "#server/payments/find-unresolved.ts";
import { giveBackAssignment } from "#server/payments/unresolved-repository.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * Gives an open outcome out of one's hands with a note for whoever comes next. Refused with `ASSIGNED_TO_OTHER` when it is
 * not in one's own hands (any more). Throws `NOT_FOUND`.
 */
export async function releaseUnresolved(
  ctx: Pick<Context, "sql" | "now">,
  command: { subjectId: string; note: string; actor: Actor; traceId: string },
): Promise<void> {
  const { subjectId, note, actor, traceId } = command;
  const unresolved = await findUnresolved(ctx, subjectId);
  if (!unresolved) throw new Refusal("NOT_FOUND");
  const paymentId = unresolved.payment.id;
  await ctx.sql.transaction(async (sql) => {
    const given = await giveBackAssignment(sql, { subjectId, operatorId: actor.id, note, at: ctx.now() });
    if (!given) throw new Refusal("ASSIGNED_TO_OTHER", { paymentKey: paymentId });
    await recordAudit(sql, {
      actor,
      action: "payment.unresolved_released",
      target: { type: "payment", id: paymentId },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: {
        subjectId,
        reason: note,
        before: { operatorId: actor.id },
        after: { operatorId: null },
        traceId,
      },
    });
  });
}
