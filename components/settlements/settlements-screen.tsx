"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Calculator, SearchX } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { ExportButton } from "#components/exports/export-button.tsx";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { LoadMore } from "#components/payments/load-more.tsx";
import { seoulDate } from "#components/payments/seoul-date.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { BatchLine } from "#components/settlements/batch-line.tsx";
import { SettlementAnomalies } from "#components/settlements/settlement-anomalies.tsx";
import { SettlementCards } from "#components/settlements/settlement-cards.tsx";
import { SettlementFilters } from "#components/settlements/settlement-filters.tsx";
import { SettlementSelectionBar } from "#components/settlements/settlement-selection-bar.tsx";
import { nextDecisionOf } from "#components/settlements/settlement-steps.ts";
import { type SettlementListProps, SettlementTable } from "#components/settlements/settlement-table.tsx";
import { SettlementTabs } from "#components/settlements/settlement-tabs.tsx";
import { emptyView, filterOf, settlementAddress } from "#components/settlements/settlement-url.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";

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
  const filter = filterOf(view);
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
  const props: SettlementListProps = {
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
      <SettlementAnomalies />
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
