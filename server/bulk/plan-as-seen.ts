import type { StartBulkCancelInput } from "#server/bulk/bulk-cancel.schemas.ts";
import { type BulkPlan, planBulkCancel } from "#server/bulk/preview-bulk-cancel.ts";
import { Refusal } from "#server/core/refusals.ts";
import { readOwnCancels } from "#server/payments/operator-cancel-limit.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sql } from "#server/platform/db.ts";

/**
 * Plans a source anew, and measures it as it is held against the limit of whoever wants it. Throws `STALE_SELECTION` when
 * anything that would be sent differs from what was seen, `INVALID_REQUEST` for a source that cannot be read.
 */
export async function planAsSeen(
  ctx: Pick<Context, "sql" | "reports" | "now">,
  { source, seen, actor }: Pick<StartBulkCancelInput, "source" | "seen"> & { actor: { id: string } },
): Promise<{ plan: BulkPlan; measured: bigint }> {
  const planned = await planBulkCancel(ctx, source);
  if (planned.kind === "unreadable") throw new Refusal("INVALID_REQUEST", { field: "source" });
  const { plan } = planned;
  if (plan.digest !== seen.digest || plan.counts.CANCEL !== seen.count)
    throw new Refusal("STALE_SELECTION", { previewed: seen.count, matching: plan.counts.CANCEL });
  const usedMinor = await readUsedOfPlan(ctx.sql, plan, actor.id);
  return { plan, measured: usedMinor + plan.totals.amountMinor };
}

/** What a person has cancelled alone of the payments of a plan, in minor units: it counts towards their limit. */
export function readUsedOfPlan(sql: Sql, plan: Pick<BulkPlan, "rows">, operatorId: string): Promise<bigint> {
  const paymentIds = plan.rows.flatMap(({ payment, change }) => (payment && change ? [payment.id] : []));
  return readOwnCancels(sql, { paymentIds, operatorId });
}
