import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { AssignWish } from "#server/dead-letters/dead-letter.schemas.ts";
import { isActiveOperator, lockForCare, saveAssignee } from "#server/dead-letters/dead-letter-repository.ts";
import type { Context } from "#server/platform/context.ts";

/**
 * Gives letters to an operator, or releases them. Letters that were resolved, or have that assignee already, are left as
 * they are. Audited for each that changes; returns how many did. Refuses with NOT_FOUND an operator who is not there.
 */
export async function assignDeadLetters(
  ctx: Pick<Context, "sql">,
  { ids, assigneeId, actor }: AssignWish & { actor: Actor },
): Promise<{ changed: number }> {
  return ctx.sql.transaction(async (sql) => {
    if (assigneeId !== null && !(await isActiveOperator(sql, assigneeId))) throw new Refusal("NOT_FOUND");
    const letters = await lockForCare(sql, ids);
    const changing = letters.filter(
      (letter) => letter.status !== "RESOLVED" && letter.assigneeId !== assigneeId,
    );
    await saveAssignee(
      sql,
      changing.map(({ id }) => id),
      assigneeId,
    );
    for (const letter of changing)
      await recordAudit(sql, {
        actor,
        action: assigneeId === null ? "dead_letter.released" : "dead_letter.assigned",
        target: { type: "dead_letter", id: letter.id },
        outcome: "success",
        ipAddress: actor.ipAddress,
        detail: { before: { assigneeId: letter.assigneeId }, after: { assigneeId } },
      });
    return { changed: changing.length };
  });
}
