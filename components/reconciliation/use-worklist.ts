"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useOperator } from "#components/layout/operator-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { type ItemView, toItemSearch } from "#components/reconciliation/reconciliation-url.ts";

const pageSize = 50;
/** A decision of somebody else explains an item; nobody waits for that at the screen. */
const refreshEveryMs = 15_000;

/** The items that a view shows, page by page, what they come to altogether, and how the server is asked for them. */
export function useWorklist(view: ItemView) {
  const trpc = useTRPC();
  const me = useOperator();
  const search = toItemSearch(view, me.id);
  const sum = useQuery(
    trpc.reconciliation.itemSum.queryOptions(search, {
      placeholderData: keepPreviousData,
      refetchInterval: refreshEveryMs,
    }),
  );
  const list = useInfiniteQuery(
    trpc.reconciliation.items.infiniteQueryOptions(
      { ...search, limit: pageSize },
      {
        getNextPageParam: (page) => page.nextCursor ?? undefined,
        placeholderData: keepPreviousData,
        refetchInterval: refreshEveryMs,
      },
    ),
  );
  return { search, sum: sum.data, list, rows: list.data?.pages.flatMap((page) => page.items) ?? [] };
}
