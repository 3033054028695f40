"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ListX, Plus } from "lucide-react";
import Link from "next/link";
import { RunStateBadge } from "#components/bulk/bulk-badges.tsx";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { LoadMore } from "#components/payments/load-more.tsx";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Money } from "#components/ui/money.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { BulkRunLine } from "#server/bulk/bulk-cancel-queries.ts";

const refreshEveryMs = 3_000;

/** Every bulk cancel, newest first; those under way move. */
export function BulkRunsScreen() {
  const { bulk } = useTexts();
  const words = bulk.list;
  const trpc = useTRPC();
  const narrow = useNarrow();
  const mayCancel = useMay("payment:bulk-cancel");
  const query = useInfiniteQuery({
    ...trpc.bulkCancel.list.infiniteQueryOptions({}, { getNextPageParam: (page) => page.nextCursor }),
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.runs.some(isMoving)) ? refreshEveryMs : false,
  });
  const runs = query.data?.pages.flatMap((page) => page.runs) ?? [];
  const more = query.hasNextPage ? (
    <div className="flex justify-center py-3">
      <LoadMore
        loading={query.isFetchingNextPage}
        failed={query.isFetchNextPageError}
        onLoad={() => void query.fetchNextPage()}
      />
    </div>
  ) : null;
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-auto pb-6">
      <PageHeader
        title={bulk.title}
        actions={
          mayCancel ? (
            <Button asChild>
              <Link href="/bulk/new">
                <Plus aria-hidden className="size-4" strokeWidth={1.5} />
                {words.start}
              </Link>
            </Button>
          ) : undefined
        }
      />
      {query.isError && !query.data ? (
        <div className="px-6 max-wide:px-4">
          <QueryError
            error={query.error}
            title={words.error}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        </div>
      ) : query.isSuccess && runs.length === 0 ? (
        <EmptyState icon={ListX} title={words.none}>
          {words.noneBody}
        </EmptyState>
      ) : narrow && query.isSuccess ? (
        <>
          <ul aria-label={words.caption(runs.length)} className="border-line border-t">
            {runs.map((run) => (
              <li key={run.id} className="border-line border-b px-4 py-2.5">
                <div className="flex items-center justify-between gap-3">
                  <RunStateBadge state={run.state} />
                  <Money amountMinor={run.doneMinor} className="font-semibold text-figure" />
                </div>
                <RunLink run={run} />
                <p className="flex flex-wrap gap-x-2 text-ink-3 text-meta">
                  <span>
                    {run.done.toLocaleString("en-US")} / {bulk.count(run.rowsPlanned)}
                  </span>
                  <Left run={run} />
                  <DateTime at={run.requestedAt} />
                  <span>{run.requestedBy.name}</span>
                </p>
              </li>
            ))}
          </ul>
          {more}
        </>
      ) : (
        <>
          <Table caption={words.caption(runs.length)} fetching={query.isRefetching && !query.isSuccess}>
            <TableHead>
              <HeaderCell>{words.columns.state}</HeaderCell>
              <HeaderCell>{words.columns.at}</HeaderCell>
              <HeaderCell>{words.columns.reason}</HeaderCell>
              <HeaderCell>{words.columns.by}</HeaderCell>
              <HeaderCell numeric>{words.columns.planned}</HeaderCell>
              <HeaderCell numeric>{words.columns.done}</HeaderCell>
              <HeaderCell numeric>{words.columns.amount}</HeaderCell>
              <HeaderCell>{words.columns.left}</HeaderCell>
            </TableHead>
            <tbody>
              {query.isPending ? <SkeletonRows columns={8} rows={6} /> : null}
              {runs.map((run) => (
                <TableRow key={run.id}>
                  <Cell>
                    <RunStateBadge state={run.state} />
                  </Cell>
                  <Cell>
                    <DateTime at={run.requestedAt} />
                  </Cell>
                  <Cell describing className="w-2/5" title={run.reason}>
                    <RunLink run={run} />
                  </Cell>
                  <Cell>{run.requestedBy.name}</Cell>
                  <Cell numeric>{run.rowsPlanned.toLocaleString("en-US")}</Cell>
                  <Cell numeric>{run.done.toLocaleString("en-US")}</Cell>
                  <Cell numeric>
                    <Money amountMinor={run.doneMinor} bare />
                  </Cell>
                  <Cell>
                    <span className="inline-flex gap-x-2">
                      <Left run={run} />
                    </span>
                  </Cell>
                </TableRow>
              ))}
            </tbody>
          </Table>
          {more}
        </>
      )}
    </div>
  );
}

function isMoving({ state, unknown }: BulkRunLine): boolean {
  return state === "RUNNING" || unknown > 0;
}

function RunLink({ run }: { run: BulkRunLine }) {
  const { list } = useTexts().bulk;
  return (
    <Link
      href={`/bulk/${run.id}`}
      aria-label={list.open(run.reason)}
      className="inline-flex min-h-6 max-w-full items-center underline underline-offset-2"
    >
      <span className="truncate">{run.reason}</span>
    </Link>
  );
}

/** What a person may have to look at. */
function Left({ run }: { run: BulkRunLine }) {
  const { list } = useTexts().bulk;
  return (
    <>
      {run.unknown > 0 ? <span className="font-semibold text-unk">{list.unknown(run.unknown)}</span> : null}
      {run.refused > 0 ? <span className="text-bad">{list.refused(run.refused)}</span> : null}
    </>
  );
}
