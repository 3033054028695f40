"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Drawer } from "#components/ui/modal.tsx";
import { Money } from "#components/ui/money.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

const pageSize = 50;

/** What a batch found not ready, why, and the payment that it is about. */
export function PendingDrawer({ businessDate, onClose }: { businessDate: string; onClose: () => void }) {
  const { settlements, common } = useTexts();
  const words = settlements.pending;
  const trpc = useTRPC();
  const list = useInfiniteQuery(
    trpc.settlement.pending.infiniteQueryOptions(
      { businessDate, limit: pageSize },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, staleTime: 0 },
    ),
  );
  const rows = list.data?.pages.flatMap((page) => page.pending) ?? [];
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title(businessDate)}
      description={words.lead}
    >
      {list.isError && rows.length === 0 ? (
        <QueryError
          compact
          error={list.error}
          title={words.error}
          onRetry={() => void list.refetch()}
          retrying={list.isFetching}
        />
      ) : list.isPending ? (
        <div className="flex flex-col gap-3">
          <Skeleton className="h-10 w-full" />
          <Skeleton className="h-10 w-full" />
        </div>
      ) : rows.length === 0 ? (
        <EmptyState title={words.empty} />
      ) : (
        <ul aria-label={words.title(businessDate)} className="-mx-6 border-line border-t max-wide:-mx-4">
          {rows.map((row) => (
            <li
              key={`${row.mallId}:${row.subjectId}`}
              className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-line border-b px-6 py-2 max-wide:px-4"
            >
              <Link
                href={`/payments/${row.paymentId}`}
                className="truncate text-link underline underline-offset-2"
              >
                {row.mallName}
              </Link>
              <Money amountMinor={row.amountMinor} className="font-semibold" />
              <span className="text-ink-2">{words.reasons[row.reason]}</span>
              <span className="text-right text-ink-3 text-meta">
                {row.isPostponed ? words.postponed(row.since) : words.since(row.since)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage ? (
        <Button
          className="self-center"
          busy={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {common.loadMore}
        </Button>
      ) : null}
    </Drawer>
  );
}
