import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { SetAsideWish } from "#server/dead-letters/dead-letter.schemas.ts";
import { asideDaysMax } from "#server/dead-letters/dead-letter.values.ts";
import { insertNotes, lockForCare, saveAside } from "#server/dead-letters/dead-letter-repository.ts";
import type { Context } from "#server/platform/context.ts";

const dayMs = 24 * 60 * 60_000;

/**
 * Leaves parked letters aside until a moment, or brings them back, each with the note that says why: until then no list of
 * what waits and no selection by filter holds them. A job on its way is not touched. Audited for each that changes;
 * returns how many did. Refuses with INVALID_REQUEST a moment that has passed or is more than `asideDaysMax` days away.
 */
export async function setLettersAside(
  ctx: Pick<Context, "sql" | "now">,
  { ids, until, note, actor }: SetAsideWish & { actor: Actor },
): Promise<{ changed: number }> {
  const now = ctx.now();
  const aheadMs = until ? until.getTime() - now.getTime() : null;
  if (aheadMs !== null && (aheadMs <= 0 || aheadMs > asideDaysMax * dayMs))
    throw new Refusal("INVALID_REQUEST", { field: "until" });
  return ctx.sql.transaction(async (sql) => {
    const letters = await lockForCare(sql, ids);
    const changing = letters.filter(
      (letter) => letter.status === "PARKED" && letter.asideUntil?.getTime() !== until?.getTime(),
    );
    const changingIds = changing.map(({ id }) => id);
    await saveAside(sql, changingIds, until);
    await insertNotes(sql, changingIds, { operatorId: actor.id, text: note, at: now });
    for (const letter of changing)
      await recordAudit(sql, {
        actor,
        action: until === null ? "dead_letter.brought_back" : "dead_letter.set_aside",
        target: { type: "dead_letter", id: letter.id },
        outcome: "success",
        ipAddress: actor.ipAddress,
        detail: { note, before: { asideUntil: letter.asideUntil }, after: { asideUntil: until } },
      });
    return { changed: changing.length };
  });
}
