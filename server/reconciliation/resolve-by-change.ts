import type { Maker, RequestedChange } from "#server/change-requests/request-change.ts";
import { Refusal } from "#server/core/refusals.ts";
import { requestCancel } from "#server/payments/request-cancel.ts";
import type { Context } from "#server/platform/context.ts";
import { joinTransaction } from "#server/platform/join-transaction.ts";
import { onItem, refuseDecided } from "#server/reconciliation/on-item.ts";
import { type LockedItem, waitForChange } from "#server/reconciliation/recon-item-repository.ts";
import { requestAdjustment } from "#server/settlement/request-adjustment.ts";

type Asked = Readonly<{ itemId: bigint; reason: string; maker: Maker; traceId: string }>;
type Ctx = Pick<Context, "sql" | "reports" | "now" | "ids">;

/**
 * Asks a second person to correct a difference by a line of the mall's next settlement; positive is for the mall. The item
 * waits for the decision: done explains it, anything else gives it back. Audited. Throws `NOT_FOUND` (also for an item of
 * no mall of ours), `RECON_DAY_CLOSED`, `RECON_ITEM_DECIDED` and what `requestAdjustment` throws.
 */
export async function adjustForItem(
  ctx: Ctx,
  { amountMinor, ...asked }: Asked & Readonly<{ amountMinor: bigint }>,
): Promise<RequestedChange> {
  return resolveByChange(ctx, asked, "ADJUSTED", (within, item) => {
    if (item.mallId === null) throw new Refusal("NOT_FOUND");
    return requestAdjustment(within, {
      mallId: item.mallId,
      method: "CARD",
      amountMinor,
      correctsId: item.paymentId ?? item.traceNo,
      reason: asked.reason,
      maker: asked.maker,
      traceId: asked.traceId,
    });
  });
}

/**
 * Asks a second person to cancel the payment of an item, whatever the maker's own limit: what it is to do was found in a
 * file. Otherwise as `adjustForItem`. Throws `NOT_FOUND_PAYMENT` for an item of no payment of ours, and what
 * `requestCancel` throws.
 */
export async function cancelForItem(
  ctx: Ctx,
  {
    amountMinor,
    currentCancelableMinor,
    ...asked
  }: Asked & Readonly<{ amountMinor: bigint; currentCancelableMinor: bigint }>,
): Promise<RequestedChange> {
  return resolveByChange(ctx, asked, "CANCELED", (within, item) => {
    if (item.paymentId === null) throw new Refusal("NOT_FOUND_PAYMENT");
    return requestCancel(within, {
      paymentId: item.paymentId,
      amountMinor,
      currentCancelableMinor,
      reason: asked.reason,
      operator: asked.maker,
      traceId: asked.traceId,
    });
  });
}

/** The request and the item that waits for it are one commit. */
async function resolveByChange(
  ctx: Ctx,
  { itemId, reason, maker, traceId }: Asked,
  resolution: "ADJUSTED" | "CANCELED",
  request: (within: Ctx, item: LockedItem) => Promise<RequestedChange>,
): Promise<RequestedChange> {
  let requested: RequestedChange | undefined;
  const actor = { type: "operator", id: maker.id, ipAddress: maker.ipAddress ?? undefined } as const;
  await onItem(ctx, { itemId, actor, traceId }, "reconciliation.change_requested", async (sql, item) => {
    refuseDecided(item);
    requested = await request(joinTransaction(ctx, sql), item);
    const { requestId } = requested;
    await waitForChange(sql, itemId, { resolution, reason, by: maker.id, requestId, at: ctx.now() });
    return { resolution, requestId, reason };
  });
  if (!requested) throw new Refusal("NOT_FOUND");
  return requested;
}
