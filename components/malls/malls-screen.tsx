"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Search, SearchX, Store } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useEffect, useState } from "react";
import { formatNumber } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import type { AddressForm } from "#components/layout/address-form.ts";
import { useMay } from "#components/layout/operator-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { MallStatusBadge } from "#components/malls/mall-status.tsx";
import { todayUrl } from "#components/malls/today-url.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Money } from "#components/ui/money.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { type MallStatus, mallStatuses } from "#server/malls/mall.values.ts";
import type { MallLine } from "#server/malls/mall-queries.ts";

const RegisterMallSheet = dynamic(
  () => import("#components/malls/register-mall-sheet.tsx").then((module) => module.RegisterMallSheet),
  { ssr: false },
);

const pageSize = 50;

type View = Readonly<{ q: string; status: MallStatus | null }>;

/** What the list shows in its address. */
const mallListAddress: AddressForm<View> = {
  names: ["q", "status"],
  read: (params) => ({
    q: (params.get("q") ?? "").trim().slice(0, 100),
    status: mallStatuses.find((known) => known === params.get("status")) ?? null,
  }),
  write: ({ q, status }) => {
    const params = new URLSearchParams({ ...(q && { q }), ...(status && { status }) });
    return params.size > 0 ? `?${params}` : "";
  },
};

/** Every mall by name: whether it takes payments, and how many it took today. */
export function MallsScreen() {
  const { malls, common } = useTexts();
  const trpc = useTRPC();
  const narrow = useNarrow();
  const mayManage = useMay("mall:manage");
  const { view, change } = useAddressView(mallListAddress);
  const [registering, setRegistering] = useState(false);
  const counts = useQuery(trpc.mall.count.queryOptions({ q: view.q }, { placeholderData: keepPreviousData }));
  const list = useInfiniteQuery(
    trpc.mall.search.infiniteQueryOptions(
      { ...view, limit: pageSize },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const lines = list.data?.pages.flatMap((page) => page.malls) ?? [];
  const total = counts.data && counts.data.ACTIVE + counts.data.SUSPENDED;
  const isFiltered = view.q !== "" || view.status !== null;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title={malls.title}
        status={total === undefined ? null : <span>{malls.count(total)}</span>}
        actions={
          mayManage ? (
            <Button look="primary" onClick={() => setRegistering(true)}>
              {malls.register.open}
            </Button>
          ) : null
        }
      />
      <search
        aria-label={malls.search}
        className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 px-6 py-2.5 max-wide:px-4"
      >
        <SearchBox q={view.q} onSearch={(q) => change({ q }, "replace")} />
        <fieldset className="flex gap-1">
          <legend className="sr-only">{malls.statusFilter}</legend>
          {[null, ...mallStatuses].map((status) => (
            <button
              key={status}
              type="button"
              aria-pressed={view.status === status}
              onClick={() => change({ status })}
              className="h-8 rounded-control border border-transparent px-2.5 text-ink-2 hover:bg-hover aria-pressed:border-line-2 aria-pressed:bg-selected aria-pressed:font-semibold aria-pressed:text-ink max-wide:h-10"
            >
              {status === null ? malls.all : malls.statuses[status]}{" "}
              <span className="font-medium text-ink-3 text-meta">
                {counts.data ? formatNumber(status === null ? (total ?? 0) : counts.data[status]) : ""}
              </span>
            </button>
          ))}
        </fieldset>
      </search>
      {list.isError ? (
        <div className="p-6 max-wide:p-4">
          <QueryError
            error={list.error}
            title={malls.error}
            onRetry={() => void list.refetch()}
            retrying={list.isFetching}
          />
        </div>
      ) : list.isPending ? (
        <table className="w-full border-line border-t" aria-label={malls.caption}>
          <tbody>
            <SkeletonRows columns={7} />
          </tbody>
        </table>
      ) : lines.length === 0 ? (
        <div className="border-line border-t">
          {isFiltered ? (
            <EmptyState
              icon={SearchX}
              title={malls.empty}
              action={<Button onClick={() => change({ q: "", status: null })}>{common.clearAll}</Button>}
            >
              {malls.emptyBody}
            </EmptyState>
          ) : (
            <EmptyState icon={Store} title={malls.none}>
              {malls.noneBody}
            </EmptyState>
          )}
        </div>
      ) : (
        <>
          {narrow ? (
            <MallCards lines={lines} fetching={list.isPlaceholderData} />
          ) : (
            <MallTable lines={lines} fetching={list.isPlaceholderData} />
          )}
          {list.hasNextPage ? (
            <div className="flex justify-center border-line border-t py-2">
              <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {common.loadMore}
              </Button>
            </div>
          ) : null}
        </>
      )}
      {registering ? <RegisterMallSheet onClose={() => setRegistering(false)} /> : null}
    </div>
  );
}

const typingPauseMs = 250;

function SearchBox({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const { malls } = useTexts();
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed starts the wait, not how it is applied
  useEffect(() => {
    if (typed.trim() === q) return;
    const timer = setTimeout(() => onSearch(typed.trim()), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed, q]);
  return (
    <div className="relative w-80 max-wide:w-full">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2 size-4 -translate-y-1/2 text-ink-3"
        strokeWidth={1.5}
      />
      <input
        type="search"
        aria-label={malls.search}
        placeholder={malls.searchPlaceholder}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="h-8 w-full rounded-control border border-line-strong bg-surface pr-2 pl-8 max-wide:h-11"
      />
    </div>
  );
}

type ListProps = { lines: readonly MallLine[]; fetching: boolean };

function MallTable({ lines, fetching }: ListProps) {
  const { malls } = useTexts();
  const { columns } = malls;
  return (
    <Table caption={malls.caption} fetching={fetching} wrapperClassName="flex-1 border-line border-t">
      <TableHead>
        <HeaderCell>{columns.status}</HeaderCell>
        <HeaderCell className="w-2/5">{columns.name}</HeaderCell>
        <HeaderCell>{columns.businessNumber}</HeaderCell>
        <HeaderCell numeric>{columns.approvals}</HeaderCell>
        <HeaderCell numeric>{columns.amount}</HeaderCell>
        <HeaderCell numeric>{columns.keys}</HeaderCell>
        <HeaderCell numeric>{columns.lastUsed}</HeaderCell>
      </TableHead>
      <tbody className={classes(fetching && "opacity-60")}>
        {lines.map((mall) => (
          <TableRow key={mall.id} opens>
            <Cell>
              <MallStatusBadge status={mall.status} />
            </Cell>
            <Cell describing className="w-2/5" title={mall.name}>
              <Link
                data-opens-row
                href={`/malls/${mall.id}`}
                className="font-semibold text-ink hover:underline"
              >
                {mall.name}
              </Link>
            </Cell>
            <Cell>{mall.businessNumber}</Cell>
            <Cell numeric>
              {mall.approvedTodayCount === 0 ? (
                <span className="text-ink-3">0</span>
              ) : (
                <Link
                  href={todayUrl(mall.id)}
                  aria-label={`${formatNumber(mall.approvedTodayCount)}. ${malls.todayOf(mall.name)}`}
                >
                  {formatNumber(mall.approvedTodayCount)}
                </Link>
              )}
            </Cell>
            <Cell numeric className="font-semibold">
              <Money bare amountMinor={mall.approvedTodayMinor} />
            </Cell>
            <Cell numeric className={classes(mall.workingKeyCount === 0 && "text-ink-3")}>
              {formatNumber(mall.workingKeyCount)}
            </Cell>
            <Cell numeric>
              {mall.lastUsedAt ? (
                <DateTime at={mall.lastUsedAt} />
              ) : (
                <span className="text-ink-3">{malls.never}</span>
              )}
            </Cell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

/** The list at 390 px: three lines a mall, the whole of it a link. */
function MallCards({ lines, fetching }: ListProps) {
  const { malls } = useTexts();
  return (
    <ul aria-label={malls.caption} className={classes("border-line border-t", fetching && "opacity-60")}>
      {lines.map((mall) => (
        <li key={mall.id} className="border-line border-b">
          <Link
            href={`/malls/${mall.id}`}
            className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-4 py-2.5 text-ink no-underline"
          >
            <b className="truncate font-semibold">{mall.name}</b>
            <b className="text-right font-semibold">
              <Money amountMinor={mall.approvedTodayMinor} />
            </b>
            <span>
              <MallStatusBadge status={mall.status} />
            </span>
            <span className="text-right text-ink-3">{malls.todayApprovals(mall.approvedTodayCount)}</span>
            <span className="col-span-2 text-ink-3 text-meta">{mall.businessNumber}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
