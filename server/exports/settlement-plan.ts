import { wordFor } from "#server/exports/domain/file-words.ts";
import type { FileLanguage } from "#server/exports/domain/table.ts";
import type { ExportSource } from "#server/exports/export.schemas.ts";
import {
  column,
  type ExportPlan,
  inWon,
  type PlannedColumn,
  type RowView,
  sumsOf,
} from "#server/exports/export-plan.ts";
import {
  countSettlementGroups,
  type ExportedLine,
  exportedSettlementGroups,
  exportedSettlements,
  exportLines,
  type SettlementGroup,
  type SettlementRow,
  summarizeSettlements,
} from "#server/settlement/settlement-queries.ts";

type List = Extract<ExportSource, { kind: "SETTLEMENTS" }>["filter"];
type Lines = Extract<ExportSource, { kind: "SETTLEMENT_LINES" }>["filter"];

/** The list of settlements, one row each. */
export function planSettlements(filter: List, { language }: RowView): ExportPlan<SettlementRow> {
  return {
    rows: exportedSettlements(filter),
    readSums: async (sql) => {
      const sum = await summarizeSettlements(sql, filter, null);
      return { count: sum.count, sums: sumsOfList(sum) };
    },
    groupOf: inWon,
    columns: [
      column("businessDate", "date", language, (row) => row.businessDate),
      column("mallName", "text", language, (row) => row.mallName),
      column("mallId", "text", language, (row) => row.mallId),
      column("method", "text", language, (row) => wordFor("method", row.method, language), { width: 10 }),
      column("state", "text", language, (row) => wordFor("settlement", row.state, language), { width: 10 }),
      column("payoutDate", "date", language, (row) => row.payoutDate),
      column("lines", "count", language, (row) => row.lineCount, { total: true }),
      column("approvals", "count", language, (row) => row.approvalCount, { total: true }),
      column("approvalAmount", "amount", language, (row) => Number(row.approvalMinor), { total: true }),
      column("cancels", "count", language, (row) => row.cancelCount, { total: true }),
      ...moneyColumns<SettlementRow>(language),
      column("settlementId", "text", language, (row) => row.id, { width: 40 }),
    ],
  };
}

/** The list of settlements added up by day, or by method: its sums are those of the list. */
export function planSettlementGroups(
  by: "day" | "method",
  filter: List,
  { language }: RowView,
): ExportPlan<SettlementGroup> {
  return {
    rows: exportedSettlementGroups(by, filter),
    readSums: async (sql) => {
      const sum = await summarizeSettlements(sql, filter, null);
      const groups = await countSettlementGroups(sql, by, filter);
      return { count: groups, sums: sumsOfList(sum, { settlements: sum.count }) };
    },
    groupOf: inWon,
    columns: [
      by === "day"
        ? column("businessDate", "date", language, (row) => row.key)
        : column("method", "text", language, (row) => wordFor("method", row.key, language)),
      column("settlements", "count", language, (row) => row.settlements, { total: true }),
      column("approvals", "count", language, (row) => row.approvals, { total: true }),
      column("approvalAmount", "amount", language, (row) => Number(row.approvalMinor), { total: true }),
      column("cancels", "count", language, (row) => row.cancels, { total: true }),
      ...moneyColumns<SettlementGroup>(language),
    ],
  };
}

/** The lines of one settlement, or of all that a filter finds. */
export function planSettlementLines(filter: Lines, { language }: RowView): ExportPlan<ExportedLine> {
  const { rows, readSums } = exportLines(
    "settlementId" in filter
      ? { settlementId: filter.settlementId, kind: filter.lineKind, paymentId: filter.paymentId }
      : filter,
  );
  return {
    rows,
    readSums: async (sql) => {
      const sum = await readSums(sql);
      return {
        count: sum.count,
        sums: sumsOf({
          amount: sum.amountMinor,
          fee: sum.feeMinor,
          feeVat: sum.feeVatMinor,
          net: sum.netMinor,
        }),
      };
    },
    groupOf: inWon,
    columns: [
      column("businessDate", "date", language, (row) => row.businessDate),
      column("mallName", "text", language, (row) => row.mallName),
      column("mallId", "text", language, (row) => row.mallId),
      column("method", "text", language, (row) => wordFor("method", row.method, language), { width: 10 }),
      column("settlementId", "text", language, (row) => row.settlementId, { width: 40 }),
      column("lineNo", "count", language, (row) => row.lineNo),
      column("lineKind", "text", language, (row) => wordFor("line", row.kind, language), { width: 10 }),
      column("eventDate", "date", language, (row) => row.eventDate),
      column("paymentKey", "text", language, (row) => row.paymentId, { width: 34 }),
      column("orderId", "text", language, (row) => row.orderId, { width: 26 }),
      column("cancelKey", "text", language, (row) => row.cancelId, { width: 34 }),
      column("amount", "amount", language, (row) => Number(row.amountMinor), { total: true }),
      column("fee", "amount", language, (row) => Number(row.feeMinor), { total: true }),
      column("feeVat", "amount", language, (row) => Number(row.feeVatMinor), { total: true }),
      column("net", "amount", language, (row) => Number(row.netMinor), { total: true }),
    ],
  };
}

type Money = Readonly<
  Record<
    | "cancelMinor"
    | "feeMinor"
    | "feeVatMinor"
    | "adjustmentMinor"
    | "netMinor"
    | "carriedInMinor"
    | "payoutMinor"
    | "carriedOutMinor",
    bigint
  >
>;

function moneyColumns<Row extends Money>(language: FileLanguage): PlannedColumn<Row>[] {
  const total = { total: true };
  return [
    column("cancelAmount", "amount", language, (row) => Number(row.cancelMinor), total),
    column("fee", "amount", language, (row) => Number(row.feeMinor), total),
    column("feeVat", "amount", language, (row) => Number(row.feeVatMinor), total),
    column("adjustment", "amount", language, (row) => Number(row.adjustmentMinor), total),
    column("net", "amount", language, (row) => Number(row.netMinor), total),
    column("carriedIn", "amount", language, (row) => Number(row.carriedInMinor), total),
    column("payout", "amount", language, (row) => Number(row.payoutMinor), total),
    column("carriedOut", "amount", language, (row) => Number(row.carriedOutMinor), total),
  ];
}

function sumsOfList(
  sum: Awaited<ReturnType<typeof summarizeSettlements>>,
  more: Readonly<{ settlements?: number }> = {},
) {
  return sumsOf({
    ...more,
    approvals: sum.approvalCount,
    approvalAmount: sum.approvalMinor,
    cancels: sum.cancelCount,
    cancelAmount: sum.cancelMinor,
    fee: sum.feeMinor,
    feeVat: sum.feeVatMinor,
    adjustment: sum.adjustmentMinor,
    carriedIn: sum.carriedInMinor,
    payout: sum.payoutMinor,
    carriedOut: sum.carriedOutMinor,
  });
}
