import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import { type AskedOfItem, onItem, refuseDecided } from "#server/reconciliation/on-item.ts";
import { acceptItemRow } from "#server/reconciliation/recon-item-repository.ts";

/**
 * Explains a difference as it is, with a reason: no money moves, so one person may. It stands until the facts change.
 * Audited. Throws `NOT_FOUND`, `RECON_DAY_CLOSED`, `RECON_ITEM_DECIDED`, and `RECON_MONEY_AT_VAN` while an approval
 * that nobody knows of is live at the VAN.
 */
export async function acceptItem(
  ctx: Pick<Context, "reports" | "now">,
  { reason, ...asked }: AskedOfItem & Readonly<{ reason: string }>,
): Promise<void> {
  await onItem(ctx, asked, "reconciliation.item_accepted", async (sql, item) => {
    refuseDecided(item);
    if (item.isLiveAtVan) throw new Refusal("RECON_MONEY_AT_VAN");
    await acceptItemRow(sql, item.id, reason, asked.actor.id, ctx.now());
    return { reason, class: item.class };
  });
}
