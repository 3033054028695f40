"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Calculator, SearchX } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { ExportButton } from "#components/exports/export-button.tsx";
import { formatAmount, formatMoney, formatNumber } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { LoadMore } from "#components/payments/load-more.tsx";
import { seoulDate } from "#components/payments/seoul-date.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { BatchLine } from "#components/settlements/batch-line.tsx";
import { carriedOf } from "#components/settlements/carried-of.ts";
import { SettlementBadge } from "#components/settlements/settlement-badge.tsx";
import { SettlementFilters } from "#components/settlements/settlement-filters.tsx";
import { SettlementSelectionBar } from "#components/settlements/settlement-selection-bar.tsx";
import { nextDecisionOf } from "#components/settlements/settlement-steps.ts";
import { SettlementTabs } from "#components/settlements/settlement-tabs.tsx";
import { emptyView, settlementAddress, toSettlementFilter } from "#components/settlements/settlement-url.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Money } from "#components/ui/money.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
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

const RunBatchSheet = dynamic(
  () => import("#components/settlements/run-batch-sheet.tsx").then((module) => module.RunBatchSheet),
  { ssr: false },
);

const pageSize = 50;

/** Every settlement, the latest first: by the date it is paid when that is asked for, else by the date it settles. */
export function SettlementsScreen() {
  const { settlements } = useTexts();
  const trpc = useTRPC();
  const narrow = useNarrow();
  const maySettle = useMay("settlement:manage");
  const [isRunning, setIsRunning] = useState(false);
  const { view, change } = useAddressView(settlementAddress);
  const filter = {
    ...toSettlementFilter(view),
    dateType: view.payout ? ("payoutDate" as const) : ("businessDate" as const),
  };
  const summary = useQuery(
    trpc.settlement.summary.queryOptions(filter, { placeholderData: keepPreviousData }),
  );
  const list = useInfiniteQuery(
    trpc.settlement.list.infiniteQueryOptions(
      { ...filter, limit: pageSize },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const rows = list.data?.pages.flatMap((page) => page.settlements) ?? [];
  const today = seoulDate(new Date());
  const selection = useSelection(settlementAddress.write(view));
  const selectable = maySettle ? rows.filter((row) => nextDecisionOf(row, today) !== null) : [];
  const selected = selectable.filter(({ id }) => selection.ids.has(id));
  const props: ListProps = {
    rows,
    selecting: maySettle
      ? {
          selectable: new Set(selectable.map(({ id }) => id)),
          selected: new Set(selected.map(({ id }) => id)),
          onToggle: selection.toggle,
          onToggleAll: () => selection.replace(selected.length > 0 ? [] : selectable.map(({ id }) => id)),
        }
      : undefined,
    fetching: list.isPlaceholderData,
    summary: summary.data,
    summaryFailed: summary.isError,
    more: list.hasNextPage ? (
      <LoadMore
        loading={list.isFetchingNextPage}
        failed={list.isFetchNextPageError}
        onLoad={() => {
          if (!list.isFetchingNextPage) void list.fetchNextPage();
        }}
      />
    ) : null,
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title={settlements.title}
        longStatus
        status={
          summary.data ? <span>{settlements.count(summary.data.count, summary.data.isComplete)}</span> : null
        }
        actions={
          <>
            <ExportButton
              sources={[
                { kind: "SETTLEMENTS", filter },
                { kind: "SETTLEMENT_LINES", filter },
                { kind: "SETTLEMENT_DAYS", filter },
                { kind: "SETTLEMENT_METHODS", filter },
              ]}
              seenCount={summary.data?.isComplete ? summary.data.count : undefined}
            />
            {maySettle ? <Button onClick={() => setIsRunning(true)}>{settlements.run.open}</Button> : null}
          </>
        }
      />
      <SettlementTabs page="list" />
      <BatchLine />
      <SettlementFilters view={view} change={change} />
      {maySettle ? (
        <SettlementSelectionBar rows={selected} today={today} onClear={() => selection.replace([])} />
      ) : null}
      {list.isError && rows.length === 0 ? (
        <div className="p-6 max-wide:p-4">
          <QueryError
            error={list.error}
            title={settlements.error}
            onRetry={() => void list.refetch()}
            retrying={list.isFetching}
          />
        </div>
      ) : list.isPending ? (
        <table className="w-full border-line border-t" aria-label={settlements.caption}>
          <tbody>
            <SkeletonRows columns={11} />
          </tbody>
        </table>
      ) : rows.length === 0 ? (
        <div className="border-line border-t">
          {settlementAddress.write(view) ? (
            <Empty onClear={() => change(emptyView)} />
          ) : (
            <EmptyState icon={Calculator} title={settlements.none}>
              {settlements.noneBody}
            </EmptyState>
          )}
        </div>
      ) : narrow ? (
        <SettlementCards {...props} />
      ) : (
        <SettlementTable {...props} />
      )}
      {isRunning ? <RunBatchSheet onClose={() => setIsRunning(false)} /> : null}
    </div>
  );
}

function Empty({ onClear }: { onClear: () => void }) {
  const { settlements, common } = useTexts();
  return (
    <EmptyState
      icon={SearchX}
      title={settlements.empty}
      action={<Button onClick={onClear}>{common.clearAll}</Button>}
    >
      {settlements.emptyBody}
    </EmptyState>
  );
}

/** The ids that are selected. They end with the filter: what is not on the screen any more is not acted on by mistake. */
function useSelection(filterKey: string) {
  const [kept, setKept] = useState<{ of: string; ids: ReadonlySet<string> }>({ of: "", ids: new Set() });
  const ids = kept.of === filterKey ? kept.ids : new Set<string>();
  const replace = (next: Iterable<string>) => setKept({ of: filterKey, ids: new Set(next) });
  const toggle = (id: string) => replace(ids.has(id) ? [...ids].filter((one) => one !== id) : [...ids, id]);
  return { ids, replace, toggle };
}

/** Which rows may be selected, and which are. */
type Selecting = Readonly<{
  selectable: ReadonlySet<string>;
  selected: ReadonlySet<string>;
  onToggle: (id: string) => void;
  onToggleAll: () => void;
}>;

type ListProps = Readonly<{
  rows: readonly SettlementRow[];
  /** Undefined for those who may not ask for anything. */
  selecting: Selecting | undefined;
  fetching: boolean;
  summary: SettlementSummary | undefined;
  summaryFailed: boolean;
  more: React.ReactNode;
}>;

function SettlementTable({ rows, selecting, fetching, summary, summaryFailed, more }: ListProps) {
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
          <TotalsWords summary={summary} failed={summaryFailed} />
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

/** The list at 390 px: three lines per settlement, its payout the loudest. */
function SettlementCards({ rows, fetching, summary, summaryFailed, more }: ListProps) {
  const { settlements, common } = useTexts();
  const language = useLanguage();
  return (
    <>
      <ul
        aria-label={settlements.caption}
        className={classes("border-line border-t tabular-nums", fetching && "opacity-60")}
      >
        {rows.map((row) => (
          <li
            key={row.id}
            className="relative grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 border-line border-b px-4 py-2.5"
          >
            <Link
              href={`/settlements/${row.id}`}
              aria-label={settlements.open(row.businessDate, row.mallName)}
              className="truncate font-semibold text-ink no-underline after:absolute after:inset-0"
            >
              {row.mallName}
            </Link>
            <b className="text-right font-semibold">{formatMoney(row.payoutMinor, language)}</b>
            <span>
              <span className="whitespace-nowrap">{row.businessDate}</span> · {common.method[row.method]}
            </span>
            <span className="text-right">
              <SettlementBadge settlement={row} />
            </span>
            <span className="text-ink-3 text-meta">
              {settlements.counts(row.approvalCount, row.cancelCount)}
            </span>
            <span className="whitespace-nowrap text-right text-ink-3 text-meta">
              {row.payoutDate === null ? null : settlements.payoutOn(row.payoutDate)}
            </span>
          </li>
        ))}
      </ul>
      {more ? <div className="flex justify-center py-2">{more}</div> : null}
      <div className="sticky bottom-0 z-10 flex min-h-11 items-center justify-between gap-x-2 border-line-strong border-t bg-sunken px-4">
        <TotalsWords summary={summary} failed={summaryFailed} />
        {summary ? <b className="font-semibold">{formatMoney(summary.payoutMinor, language)}</b> : null}
      </div>
    </>
  );
}

function TotalsWords({ summary, failed }: { summary: SettlementSummary | undefined; failed: boolean }) {
  const { totals } = useTexts().settlements;
  if (!summary)
    return <span className="font-normal text-ink-3">{failed ? totals.failed : totals.counting}</span>;
  return <span>{summary.isComplete ? totals.all(summary.count) : totals.first(summary.count)}</span>;
}
