import type { Context } from "#server/platform/context.ts";
import { type AskedOfItem, onItem } from "#server/reconciliation/on-item.ts";
import { setNote } from "#server/reconciliation/recon-item-repository.ts";

/** Writes a note on an item, over the one before; the audit log keeps both. Throws `NOT_FOUND` and `RECON_DAY_CLOSED`. */
export async function noteItem(
  ctx: Pick<Context, "reports" | "now">,
  { note, ...asked }: AskedOfItem & Readonly<{ note: string }>,
): Promise<void> {
  await onItem(ctx, asked, "reconciliation.item_noted", async (sql, item) => {
    await setNote(sql, item.id, note, asked.actor.id, ctx.now());
    return { note };
  });
}
