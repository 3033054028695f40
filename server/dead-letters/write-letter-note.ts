import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import { insertNotes, lockForCare } from "#server/dead-letters/dead-letter-repository.ts";
import type { Context } from "#server/platform/context.ts";

/** Adds a note to a letter, for colleagues; nobody can change it afterwards. Audited. Refuses with NOT_FOUND a letter that is not there. */
export async function writeLetterNote(
  ctx: Pick<Context, "sql" | "now">,
  { id, text, actor }: { id: string; text: string; actor: Actor },
): Promise<void> {
  await ctx.sql.transaction(async (sql) => {
    const [letter] = await lockForCare(sql, [id]);
    if (!letter) throw new Refusal("NOT_FOUND");
    await insertNotes(sql, [id], { operatorId: actor.id, text, at: ctx.now() });
    await recordAudit(sql, {
      actor,
      action: "dead_letter.note_written",
      target: { type: "dead_letter", id },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: { text },
    });
  });
}
