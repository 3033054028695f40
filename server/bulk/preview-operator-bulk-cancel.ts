import type { BulkSource } from "#server/bulk/bulk-cancel.schemas.ts";
import { readUsedOfPlan } from "#server/bulk/plan-as-seen.ts";
import { type BulkPreview, planBulkCancel, shownPlan } from "#server/bulk/preview-bulk-cancel.ts";
import { type PlanSettlement, settlePlan } from "#server/bulk/settle-plan.ts";
import { isWithin, limitOf } from "#server/change-requests/limit-of.ts";
import type { OperatorRole } from "#server/operators/permissions.ts";
import type { Context } from "#server/platform/context.ts";

/** How a bulk cancel stands to the limit of one person. Minor units; no limit is null. */
export type BulkApproval = Readonly<{ isNeeded: boolean; limitMinor: bigint | null; usedMinor: bigint }>;
export type OperatorBulkPreview =
  | Extract<BulkPreview, { kind: "unreadable" }>
  | (Extract<BulkPreview, { kind: "planned" }> &
      Readonly<{ approval: BulkApproval; settlement: PlanSettlement }>);

/** The dry run of a bulk cancel (`previewBulkCancel`), what it does to settlements, and whether this person needs another one for it. */
export async function previewOperatorBulkCancel(
  ctx: Pick<Context, "sql" | "reports" | "now">,
  {
    source,
    operator,
  }: Readonly<{ source: BulkSource; operator: Readonly<{ id: string; role: OperatorRole }> }>,
): Promise<OperatorBulkPreview> {
  const planned = await planBulkCancel(ctx, source);
  if (planned.kind === "unreadable") return planned;
  const { plan } = planned;
  const [limitMinor, usedMinor, settlement] = await Promise.all([
    limitOf(ctx.sql, operator.role, "BULK_CANCEL"),
    readUsedOfPlan(ctx.sql, plan, operator.id),
    settlePlan(ctx.reports, plan),
  ]);
  const isNeeded = !isWithin(limitMinor, usedMinor + plan.totals.amountMinor);
  return { ...shownPlan(plan), settlement, approval: { isNeeded, limitMinor, usedMinor } };
}
