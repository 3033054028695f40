"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { CircleCheck, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { Money } from "#components/ui/money.tsx";
import { Note } from "#components/ui/note.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ToneBadge } from "#components/ui/status-badge.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { ProposedRow } from "#server/bulk/proposed-bulk-queries.ts";
import type { ChangeDetail } from "#server/change-requests/change-request-queries.ts";

const lookEveryMs = 5_000;
const pageSize = 50;

/** What approving a bulk cancel would do: how many payments, how much, and each of them held against its balance now. */
export default function BulkCancelChange({ change }: { change: ChangeDetail }) {
  const { bulk, changeRequests, common } = useTexts();
  const words = changeRequests.bulkCancel;
  const language = useLanguage();
  const trpc = useTRPC();
  const runId = change.subjectId;
  const isPending = change.status === "PENDING";
  const refetchInterval = isPending ? lookEveryMs : false;
  const proposed = useQuery(
    trpc.bulkCancel.proposed.queryOptions({ runId }, { staleTime: 0, refetchInterval }),
  );
  const list = useInfiniteQuery(
    trpc.bulkCancel.proposedRows.infiniteQueryOptions(
      { runId, limit: pageSize },
      { getNextPageParam: (page) => page.nextCursor, staleTime: 0, refetchInterval },
    ),
  );
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  const error = proposed.error ?? list.error;
  const shown = proposed.data;
  return (
    <section aria-labelledby="change-preview">
      <SectionTitle id="change-preview" remark={words.frozenAt}>
        {isPending ? words.title : words.begunTitle}
      </SectionTitle>
      {error && !(shown && list.data) ? (
        <QueryError
          compact
          error={error}
          title={words.failed}
          onRetry={() => {
            void proposed.refetch();
            void list.refetch();
          }}
          retrying={proposed.isFetching || list.isFetching}
        />
      ) : shown && list.data ? (
        <div className="flex flex-col gap-3">
          {change.status === "DONE" ? (
            <Link
              href={`/bulk/${runId}`}
              className="inline-flex min-h-6 items-center underline underline-offset-2"
            >
              {words.seeRun}
            </Link>
          ) : null}
          {isPending && shown.changed.count > 0 ? (
            <Note tone="warn">
              {words.changed(
                bulk.count(shown.changed.count),
                formatMoney(shown.changed.amountMinor, language),
              )}
            </Note>
          ) : null}
          <dl className="flex flex-wrap gap-x-8 gap-y-1">
            <Figure name={words.count}>{bulk.count(shown.rowsPlanned)}</Figure>
            <Figure name={words.sum}>{formatMoney(shown.plannedMinor, language)}</Figure>
            {shown.rowsGiven > shown.rowsPlanned ? (
              <Figure name={words.leftOut}>{bulk.count(shown.rowsGiven - shown.rowsPlanned)}</Figure>
            ) : null}
          </dl>
          <ProposedRows rows={rows} caption={words.caption(shown.rowsPlanned)} isPending={isPending} />
          {list.hasNextPage ? (
            <div>
              <Button size="small" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {common.loadMore}
              </Button>
            </div>
          ) : null}
        </div>
      ) : (
        <div className="flex flex-col gap-3">
          <Skeleton className="h-10 w-72 max-w-full" />
          <Skeleton className="h-32 w-full" />
        </div>
      )}
    </section>
  );
}

function Figure({ name, children }: { name: string; children: string }) {
  return (
    <div className="flex flex-col">
      <dt className="text-ink-3 text-meta">{name}</dt>
      <dd className="font-bold text-figure">{children}</dd>
    </div>
  );
}

function RowState({ row }: { row: ProposedRow }) {
  const words = useTexts().changeRequests.bulkCancel;
  return row.isChanged ? (
    <ToneBadge level="tint" tone="warn" icon={TriangleAlert} label={words.rowChanged} />
  ) : (
    <ToneBadge level="plain" tone="ok" icon={CircleCheck} label={words.asSeen} />
  );
}

function ProposedRows({
  rows,
  caption,
  isPending,
}: {
  rows: readonly ProposedRow[];
  caption: string;
  isPending: boolean;
}) {
  const words = useTexts().changeRequests.bulkCancel;
  const narrow = useNarrow();
  const { columns } = words;
  if (narrow)
    return (
      <ul aria-label={caption} className="-mx-4 border-line border-t">
        {rows.map((row) => (
          <li key={row.rowNo} className="border-line border-b px-4 py-2">
            <span className="flex items-center justify-between gap-3">
              <Link
                href={`/payments/${row.paymentId}`}
                className="min-w-0 truncate underline underline-offset-2"
              >
                {row.orderId}
              </Link>
              <Money amountMinor={row.amountMinor} className="font-semibold" />
            </span>
            <span className="flex items-center justify-between gap-3 text-ink-3 text-meta">
              <span className="min-w-0 truncate">{row.mallName}</span>
              {isPending ? <RowState row={row} /> : null}
            </span>
          </li>
        ))}
      </ul>
    );
  return (
    <Table caption={caption} wrapperClassName="-mx-6">
      <TableHead>
        <HeaderCell numeric>{columns.no}</HeaderCell>
        <HeaderCell>{columns.payment}</HeaderCell>
        <HeaderCell className="w-full">{columns.mall}</HeaderCell>
        <HeaderCell numeric>{columns.seen}</HeaderCell>
        {isPending ? <HeaderCell numeric>{columns.now}</HeaderCell> : null}
        <HeaderCell numeric>{columns.amount}</HeaderCell>
        {isPending ? <HeaderCell>{columns.state}</HeaderCell> : null}
      </TableHead>
      <tbody>
        {rows.map((row) => (
          <TableRow key={row.rowNo}>
            <Cell numeric className="text-ink-3">
              {row.rowNo.toLocaleString("en-US")}
            </Cell>
            <Cell title={row.orderName}>
              <Link
                href={`/payments/${row.paymentId}`}
                className="inline-flex min-h-6 items-center underline underline-offset-2"
              >
                {row.orderId}
              </Link>
            </Cell>
            <Cell>{row.mallName}</Cell>
            <Cell numeric>
              <Money bare amountMinor={row.seenBalanceMinor} />
            </Cell>
            {isPending ? (
              <Cell numeric>
                <Money bare amountMinor={row.balanceMinor} />
              </Cell>
            ) : null}
            <Cell numeric>
              <Money bare amountMinor={row.amountMinor} className="font-semibold" />
            </Cell>
            {isPending ? (
              <Cell>
                <RowState row={row} />
              </Cell>
            ) : null}
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
