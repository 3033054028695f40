import { wordFor } from "#server/exports/domain/file-words.ts";
import {
  column,
  type ExportPlan,
  inWon,
  type RowView,
  sumsOf,
  toNumber,
} from "#server/exports/export-plan.ts";
import type { ReconItemFilter } from "#server/reconciliation/reconciliation.schemas.ts";
import { exportItems, type ReconItemRow } from "#server/reconciliation/reconciliation-queries.ts";

/** The worklist of reconciliation. */
export function planReconciliation(
  { filter, at }: Readonly<{ filter: ReconItemFilter; at: Date }>,
  { language }: RowView,
): ExportPlan<ReconItemRow> {
  const { rows, readSums } = exportItems(filter, at);
  return {
    rows,
    readSums: async (sql) => {
      const { count, riskMinor } = await readSums(sql);
      return { count, sums: sumsOf({ risk: riskMinor }) };
    },
    groupOf: inWon,
    columns: [
      column("businessDate", "date", language, (row) => row.businessDate),
      column("van", "text", language, (row) => row.vanCode, { width: 8 }),
      column("recordKind", "text", language, (row) => wordFor("record", row.kind, language), { width: 10 }),
      column("traceNo", "text", language, (row) => row.traceNo, { width: 24 }),
      column("class", "text", language, (row) => row.class),
      column("reason", "text", language, (row) => row.reason),
      column("state", "text", language, (row) => row.state, { width: 12 }),
      column("mallName", "text", language, (row) => row.mallName),
      column("mallId", "text", language, (row) => row.mallId),
      column("orderId", "text", language, (row) => row.orderId, { width: 26 }),
      column("paymentKey", "text", language, (row) => row.paymentId, { width: 34 }),
      column("cancelKey", "text", language, (row) => row.cancelId, { width: 34 }),
      column("oursAmount", "amount", language, (row) => toNumber(row.oursMinor)),
      column("oursDate", "date", language, (row) => row.oursDate),
      column("vanAmount", "amount", language, (row) => toNumber(row.vanMinor)),
      column("vanDate", "date", language, (row) => row.vanDate),
      column("paidAmount", "amount", language, (row) => toNumber(row.paidMinor)),
      column("paidDate", "date", language, (row) => row.paidDate),
      column("fee", "amount", language, (row) => toNumber(row.feeMinor)),
      column("feeExpected", "amount", language, (row) => toNumber(row.feeExpectedMinor)),
      column("risk", "amount", language, (row) => Number(row.riskMinor), { total: true }),
      column("resolution", "text", language, (row) => row.resolution),
      column("resolutionReason", "text", language, (row) => row.resolutionReason, { width: 30 }),
      column("explainedBy", "text", language, (row) => row.explainedByName),
      column("explainedAt", "time", language, (row) => row.explainedAt?.getTime() ?? null),
      column("owner", "text", language, (row) => row.ownerName),
      column("note", "text", language, (row) => row.note, { width: 30 }),
      column("foundAt", "time", language, (row) => row.foundAt.getTime()),
    ],
  };
}
