import { recordAudit } from "#server/audit/record-audit.ts";
import type { Actor } from "#server/core/actor.ts";
import { Refusal } from "#server/core/refusals.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";
import { type LockedItem, lockItem } from "#server/reconciliation/recon-item-repository.ts";

/** Who does something to which item. */
export type AskedOfItem = Readonly<{ itemId: bigint; actor: Actor; traceId: string }>;

/**
 * Does something to an item of an open day while it is locked, and audits it with the facts that `work` returns, in one
 * commit. Throws `NOT_FOUND` and `RECON_DAY_CLOSED`.
 */
export function onItem(
  ctx: Pick<Context, "reports">,
  { itemId, actor, traceId }: AskedOfItem,
  action: string,
  work: (sql: Sql, item: LockedItem) => Promise<Readonly<Record<string, unknown>>>,
): Promise<void> {
  return ctx.reports.transaction(async (sql) => {
    const item = await lockItem(sql, itemId);
    if (!item) throw new Refusal("NOT_FOUND");
    if (item.isDayClosed) throw new Refusal("RECON_DAY_CLOSED", { businessDate: item.businessDate });
    const detail = await work(sql, item);
    await recordAudit(sql, {
      actor,
      action,
      target: { type: "recon_item", id: String(itemId) },
      outcome: "success",
      ipAddress: actor.ipAddress,
      detail: {
        van: item.vanCode,
        businessDate: item.businessDate,
        paymentId: item.paymentId,
        ...detail,
        traceId,
      },
    });
  });
}

/** Throws `RECON_ITEM_DECIDED` unless an item waits for somebody's decision. */
export function refuseDecided(item: LockedItem): void {
  if (item.state !== "OPEN") throw new Refusal("RECON_ITEM_DECIDED", { state: item.state });
}
