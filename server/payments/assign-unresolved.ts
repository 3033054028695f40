import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import { findUnresolved } from "#server/payments/find-unresolved.ts";
import { takeAssignment } from "#server/payments/unresolved-repository.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * Takes an open outcome into one's own hands, for all to see. `from` is who the screen says has it: with a name this is a
 * take-over. Two who take the same at once: one gets it, the other is refused with `ASSIGNED_TO_OTHER`. Throws `NOT_FOUND`.
 */
export async function assignUnresolved(
  ctx: Pick<Context, "sql" | "now">,
  command: { subjectId: string; from: string | null; actor: Actor; traceId: string },
): Promise<void> {
  const { subjectId, from, actor, traceId } = command;
  const unresolved = await findUnresolved(ctx, subjectId);
  if (!unresolved) throw new Refusal("NOT_FOUND");
  const paymentId = unresolved.payment.id;
  await ctx.sql.transaction(async (sql) => {
    const taken = await takeAssignment(sql, {
      subjectId,
      paymentId,
      operatorId: actor.id,
      from,
      at: ctx.now(),
    });
    if (!taken) throw new Refusal("ASSIGNED_TO_OTHER", { paymentKey: paymentId });
    await recordAudit(sql, {
      actor,
      action: "payment.unresolved_assigned",
      target: { type: "payment", id: paymentId },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { subjectId, before: { operatorId: from }, after: { operatorId: actor.id }, traceId },
    });
  });
}
