import { assert } from "#server/core/assert.ts";
import { planAudit } from "#server/exports/audit-plan.ts";
import type { ExportSource } from "#server/exports/export.schemas.ts";
import { exportColumns } from "#server/exports/export.values.ts";
import type { ExportPlan, PlannedColumn, RowView } from "#server/exports/export-plan.ts";
import { planPayments } from "#server/exports/payment-plan.ts";
import { planReconciliation } from "#server/exports/reconciliation-plan.ts";
import {
  planSettlementGroups,
  planSettlementLines,
  planSettlements,
} from "#server/exports/settlement-plan.ts";

/** A plan for one file: its columns are those that were asked for, `summed` are all that add up, in the file or not. */
export type FilePlan = ExportPlan & Readonly<{ summed: readonly PlannedColumn<unknown>[] }>;

/** How a frozen list becomes a file. `at` is when it was asked for; `columns` of its kind, or empty for all. */
export function planExport(
  source: ExportSource,
  { at, columns, ...view }: RowView & Readonly<{ at: Date; columns: readonly string[] }>,
): FilePlan {
  const plan = planOf(source, at, view);
  const keys = plan.columns.map(({ key }) => key as string);
  assert(
    keys.join() === exportColumns[source.kind].join(),
    `the columns of ${source.kind} are those that a request may name`,
  );
  return {
    ...plan,
    columns: columns.length === 0 ? plan.columns : plan.columns.filter(({ key }) => columns.includes(key)),
    summed: plan.columns.filter(({ total }) => total),
  };
}

function planOf(source: ExportSource, at: Date, view: RowView): ExportPlan {
  switch (source.kind) {
    case "PAYMENTS":
      return planPayments({ ...source, at }, view) as ExportPlan;
    case "SETTLEMENTS":
      return planSettlements(source.filter, view) as ExportPlan;
    case "SETTLEMENT_LINES":
      return planSettlementLines(source.filter, view) as ExportPlan;
    case "SETTLEMENT_DAYS":
      return planSettlementGroups("day", source.filter, view) as ExportPlan;
    case "SETTLEMENT_METHODS":
      return planSettlementGroups("method", source.filter, view) as ExportPlan;
    case "RECONCILIATION":
      return planReconciliation({ filter: source.filter, at }, view) as ExportPlan;
    case "AUDIT":
      return planAudit(source.filter, view) as ExportPlan;
  }
}
