import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { type AskedOfItem, onItem } from "#server/reconciliation/on-item.ts";
import { setOwner } from "#server/reconciliation/recon-item-repository.ts";

/**
 * Takes an item into one's own hands, or gives it to nobody (`to` null), for all to see. `from` is who the screen says
 * has it. Audited. Throws `NOT_FOUND`, `RECON_DAY_CLOSED`, and `ASSIGNED_TO_OTHER` when it is in other hands by now.
 */
export async function assignItem(
  ctx: Pick<Context, "reports" | "now">,
  { from, to, ...asked }: AskedOfItem & Readonly<{ from: string | null; to: string | null }>,
): Promise<void> {
  await onItem(ctx, asked, "reconciliation.item_assigned", async (sql, item) => {
    if (item.ownerId !== from) throw new Refusal("ASSIGNED_TO_OTHER");
    await setOwner(sql, item.id, to, ctx.now());
    return { before: { operatorId: from }, after: { operatorId: to } };
  });
}
