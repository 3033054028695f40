"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Stamp } from "lucide-react";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { ChangeStatusBadge } from "#components/change-requests/change-status.tsx";
import { useSubjectName } from "#components/change-requests/subject-name.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay, useOperator } from "#components/layout/operator-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAlive } from "#components/layout/use-alive.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Money } from "#components/ui/money.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { TabPanel, Tabs } from "#components/ui/tabs.tsx";
import { type ChangeView, changeViews } from "#server/change-requests/change-kinds.values.ts";
import type { ChangeLine } from "#server/change-requests/change-request-queries.ts";

const refreshEveryMs = 5_000;

/** What waits for a second person, what one asked for oneself, and what is over. The address says which. */
export function ChangeRequestsScreen() {
  const { changeRequests } = useTexts();
  const trpc = useTRPC();
  const pathname = usePathname();
  const wanted = useSearchParams().get("view");
  const mayDecide = useMay("change-request:decide");
  const view = changeViews.find((known) => known === wanted) ?? "waiting";
  const waiting = useQuery(
    trpc.changeRequest.countWaiting.queryOptions(undefined, { refetchInterval: refreshEveryMs }),
  );
  // The sidebar asks the same and may have its answer before this page comes to life, which the server drew without one.
  const isAlive = useAlive();
  const tabs = changeViews.map((id) => ({
    id,
    label: id === "waiting" && !mayDecide ? changeRequests.waitingForAll : changeRequests.views[id],
    ...(id === "waiting" && mayDecide && isAlive && waiting.data ? { count: waiting.data } : {}),
  }));
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title={changeRequests.title}
        actions={
          <Link href="/change-requests/policy" className={buttonClasses()}>
            {changeRequests.policyLink}
          </Link>
        }
      />
      <div className="px-6 pt-1 max-wide:px-4">
        <Tabs
          label={changeRequests.viewsLabel}
          tabs={tabs}
          value={view}
          bleed
          onChange={(id) =>
            window.history.pushState(null, "", id === "waiting" ? pathname : `${pathname}?view=${id}`)
          }
        >
          {changeViews.map((id) => (
            <TabPanel key={id} id={id}>
              {id === view ? (
                <ChangeList view={id} name={tabs.find((tab) => tab.id === id)?.label ?? ""} />
              ) : null}
            </TabPanel>
          ))}
        </Tabs>
      </div>
    </div>
  );
}

function ChangeList({ view, name }: { view: ChangeView; name: string }) {
  const { changeRequests, common } = useTexts();
  const trpc = useTRPC();
  const narrow = useNarrow();
  const list = useInfiniteQuery(
    trpc.changeRequest.list.infiniteQueryOptions(
      { view },
      {
        getNextPageParam: (page) => page.nextCursor ?? undefined,
        placeholderData: keepPreviousData,
        refetchInterval: refreshEveryMs,
      },
    ),
  );
  const requests = list.data?.pages.flatMap((page) => page.requests) ?? [];
  const caption = changeRequests.caption(name);
  if (list.isError && !list.data)
    return (
      <div className="py-4">
        <QueryError
          error={list.error}
          title={changeRequests.loadFailed}
          onRetry={() => void list.refetch()}
          retrying={list.isFetching}
        />
      </div>
    );
  if (list.isPending)
    return (
      <table
        className="-mx-6 w-[calc(100%+48px)] max-wide:-mx-4 max-wide:w-[calc(100%+32px)]"
        aria-label={caption}
      >
        <tbody>
          <SkeletonRows rows={6} columns={7} />
        </tbody>
      </table>
    );
  if (requests.length === 0)
    return (
      <EmptyState icon={Stamp} title={changeRequests.empty[view]}>
        {changeRequests.empty[`${view}Body`]}
      </EmptyState>
    );
  return (
    <>
      {narrow ? (
        <ChangeCards caption={caption} requests={requests} />
      ) : (
        <ChangeTable caption={caption} requests={requests} isClosed={view === "closed"} />
      )}
      {list.hasNextPage ? (
        <div className="flex justify-center py-2">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {common.loadMore}
          </Button>
        </div>
      ) : null}
    </>
  );
}

type ListProps = { caption: string; requests: readonly ChangeLine[] };

function ChangeTable({ caption, requests, isClosed }: ListProps & { isClosed: boolean }) {
  const { changeRequests } = useTexts();
  const { columns, kinds } = changeRequests;
  const subjectNameOf = useSubjectName();
  return (
    <Table caption={caption} wrapperClassName="-mx-6">
      <TableHead>
        <HeaderCell>{columns.status}</HeaderCell>
        <HeaderCell>{columns.time}</HeaderCell>
        <HeaderCell>{columns.what}</HeaderCell>
        <HeaderCell className="w-full">{columns.reason}</HeaderCell>
        <HeaderCell numeric>{columns.amount}</HeaderCell>
        <HeaderCell>{columns.maker}</HeaderCell>
        <HeaderCell>{isClosed ? columns.checker : columns.expires}</HeaderCell>
      </TableHead>
      <tbody>
        {requests.map((request) => (
          <TableRow key={request.id}>
            <Cell>
              <ChangeStatusBadge status={request.status} expiresAt={request.expiresAt} />
            </Cell>
            <Cell>
              <DateTime at={request.createdAt} />
            </Cell>
            <Cell>
              <Link
                href={`/change-requests/${request.id}`}
                aria-label={changeRequests.open(`${kinds[request.kind]} ${subjectNameOf(request)}`)}
                className="font-semibold hover:underline"
              >
                {kinds[request.kind]}
              </Link>{" "}
              <span className="text-ink-3">{subjectNameOf(request)}</span>
            </Cell>
            <Cell describing className="w-2/5" title={request.reason}>
              {request.reason}
            </Cell>
            <Cell numeric>
              <Money bare amountMinor={request.amountMinor} className="font-semibold" />
            </Cell>
            <Cell>
              <Who id={request.makerId} name={request.makerName} />
            </Cell>
            <Cell>{isClosed ? (request.checkerName ?? "") : <DateTime at={request.expiresAt} />}</Cell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

/** The list at 390 px: three lines per request. */
function ChangeCards({ caption, requests }: ListProps) {
  const { changeRequests } = useTexts();
  const subjectNameOf = useSubjectName();
  return (
    <ul aria-label={caption} className="-mx-4">
      {requests.map((request) => (
        <li key={request.id} className="border-line border-b">
          <Link
            href={`/change-requests/${request.id}`}
            className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-4 py-2.5 text-ink no-underline"
          >
            <span className="justify-self-start">
              <ChangeStatusBadge status={request.status} expiresAt={request.expiresAt} />
            </span>
            <Money amountMinor={request.amountMinor} className="text-right font-semibold" />
            <span className="min-w-0 truncate">
              <b className="font-semibold">{changeRequests.kinds[request.kind]}</b>{" "}
              <span className="text-ink-3">{subjectNameOf(request)}</span>
            </span>
            <span className="text-right text-ink-3">
              <DateTime at={request.createdAt} />
            </span>
            <span className="col-span-2 truncate text-ink-3 text-meta">
              {request.makerName ?? request.makerId} · {request.reason}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Who({ id, name }: { id: string; name: string | null }) {
  const { changeRequests } = useTexts();
  const me = useOperator();
  return (
    <>
      {name ?? id}
      {id === me.id ? <span className="pl-1.5 text-ink-3 text-meta">{changeRequests.you}</span> : null}
    </>
  );
}
