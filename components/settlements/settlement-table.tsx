"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { formatAmount, formatNumber } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { carriedOf } from "#components/settlements/carried-of.ts";
import { SettlementBadge } from "#components/settlements/settlement-badge.tsx";
import { SettlementTotalsWords } from "#components/settlements/settlement-totals-words.tsx";
import { classes } from "#components/ui/classes.ts";
import { Money } from "#components/ui/money.tsx";
import {
  Cell,
  HeaderCell,
  RowCheckbox,
  Table,
  TableHead,
  TableRow,
  TotalsCell,
  TotalsRow,
} from "#components/ui/table.tsx";
import type { SettlementRow, SettlementSummary } from "#server/settlement/settlement-queries.ts";

/** Which rows may be selected, and which are. */
type Selecting = Readonly<{
  selectable: ReadonlySet<string>;
  selected: ReadonlySet<string>;
  onToggle: (id: string) => void;
  onToggleAll: () => void;
}>;

/** What the table and, on a narrow screen, the cards show. */
export type SettlementListProps = Readonly<{
  rows: readonly SettlementRow[];
  /** Undefined for those who may not ask for anything. */
  selecting: Selecting | undefined;
  fetching: boolean;
  summary: SettlementSummary | undefined;
  summaryFailed: boolean;
  more: ReactNode;
}>;

/** The settlements as a table, their totals below it. */
export function SettlementTable({
  rows,
  selecting,
  fetching,
  summary,
  summaryFailed,
  more,
}: SettlementListProps) {
  const { settlements, common } = useTexts();
  const { columns } = settlements;
  return (
    <Table
      caption={settlements.caption}
      fetching={fetching}
      wrapperClassName="flex-1 border-line border-t tabular-nums"
    >
      <TableHead>
        {selecting ? (
          <HeaderCell className="first:pl-3">
            <RowCheckbox
              label={common.selectAll}
              checked={selecting.selected.size > 0 && selecting.selected.size === selecting.selectable.size}
              indeterminate={
                selecting.selected.size > 0 && selecting.selected.size < selecting.selectable.size
              }
              disabled={selecting.selectable.size === 0}
              onChange={selecting.onToggleAll}
            />
          </HeaderCell>
        ) : null}
        <HeaderCell>{columns.state}</HeaderCell>
        <HeaderCell>{columns.businessDate}</HeaderCell>
        <HeaderCell className="w-full">{columns.mall}</HeaderCell>
        <HeaderCell>{columns.method}</HeaderCell>
        <HeaderCell numeric>{columns.approvals}</HeaderCell>
        <HeaderCell numeric>{columns.cancels}</HeaderCell>
        <HeaderCell numeric>{columns.amount}</HeaderCell>
        <HeaderCell numeric>{columns.fee}</HeaderCell>
        <HeaderCell numeric>{columns.feeVat}</HeaderCell>
        <HeaderCell numeric>{columns.adjustment}</HeaderCell>
        <HeaderCell numeric>{columns.carried}</HeaderCell>
        <HeaderCell numeric>{columns.payout}</HeaderCell>
        <HeaderCell>{columns.payoutDate}</HeaderCell>
      </TableHead>
      <tbody className={classes(fetching && "opacity-60")}>
        {rows.map((row) => (
          <TableRow key={row.id} selected={selecting?.selected.has(row.id) ?? false}>
            {selecting ? (
              <Cell className="first:pl-3">
                {selecting.selectable.has(row.id) ? (
                  <RowCheckbox
                    label={settlements.selection.select(row.businessDate, row.mallName)}
                    checked={selecting.selected.has(row.id)}
                    onChange={() => selecting.onToggle(row.id)}
                  />
                ) : null}
              </Cell>
            ) : null}
            <Cell>
              <SettlementBadge settlement={row} />
            </Cell>
            <Cell>
              <Link
                href={`/settlements/${row.id}`}
                aria-label={settlements.open(row.businessDate, row.mallName)}
                className="font-semibold text-ink hover:underline"
              >
                {row.businessDate}
              </Link>
            </Cell>
            <Cell describing title={row.mallName} className="min-w-28">
              {row.mallName}
            </Cell>
            <Cell>{common.method[row.method]}</Cell>
            <Cell numeric>{formatNumber(row.approvalCount)}</Cell>
            <Cell numeric className={classes(row.cancelCount === 0 && "text-ink-3")}>
              {formatNumber(row.cancelCount)}
            </Cell>
            <Cell numeric>
              <Money bare amountMinor={row.approvalMinor + row.cancelMinor} />
            </Cell>
            <Cell numeric>
              <Money bare amountMinor={-row.feeMinor} />
            </Cell>
            <Cell numeric>
              <Money bare amountMinor={-row.feeVatMinor} />
            </Cell>
            <Cell numeric>
              <Money bare amountMinor={row.adjustmentMinor} />
            </Cell>
            <Cell numeric>
              <Money bare amountMinor={carriedOf(row)} />
            </Cell>
            <Cell numeric className="font-semibold">
              <Money bare amountMinor={row.payoutMinor} />
            </Cell>
            <Cell>{row.payoutDate ?? <Money amountMinor={null} />}</Cell>
          </TableRow>
        ))}
        {more ? (
          <tr>
            <td colSpan={selecting ? 14 : 13} className="py-2 text-center">
              {more}
            </td>
          </tr>
        ) : null}
      </tbody>
      <TotalsRow>
        <TotalsCell colSpan={selecting ? 5 : 4}>
          <SettlementTotalsWords summary={summary} failed={summaryFailed} />
        </TotalsCell>
        {(
          [
            ["approvals", summary?.approvalCount],
            ["cancels", summary?.cancelCount],
          ] as const
        ).map(([name, count]) => (
          <TotalsCell key={name} numeric>
            {count === undefined ? null : formatNumber(count)}
          </TotalsCell>
        ))}
        {(
          [
            ["amount", summary && summary.approvalMinor + summary.cancelMinor],
            ["fee", summary && -summary.feeMinor],
            ["feeVat", summary && -summary.feeVatMinor],
            ["adjustment", summary?.adjustmentMinor],
            ["carried", summary && carriedOf(summary)],
            ["payout", summary?.payoutMinor],
          ] as const
        ).map(([name, sum]) => (
          <TotalsCell key={name} numeric>
            {sum === undefined ? null : formatAmount(sum)}
          </TotalsCell>
        ))}
        <TotalsCell />
      </TotalsRow>
    </Table>
  );
}
