"use client";

import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTRPC, useTRPCClient } from "#components/layout/trpc-provider.tsx";
import { type ListState, searchInputOf } from "#components/payments/payment-filter-url.ts";
import type { PaymentRow } from "#server/payments/search-payments.ts";

/** A row as the screen shows it. `changedAt` is when it last changed under the person's eyes; `left`: it no longer matches. */
export type ShownRow = PaymentRow & Readonly<{ changedAt: number | null; left: boolean }>;

const watchEveryMs = 4_000;
const summaryEveryMs = 5_000;

/**
 * The rows of a list, and what happens behind them. Rows never move while someone looks: new payments are only counted,
 * known ones change in place, and both become a new list with `refresh` (design §10).
 */
export function usePaymentList({ filter, sort }: ListState, { paused }: { paused: boolean }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const pagesOptions = trpc.payment.search.infiniteQueryOptions(searchInputOf({ filter, sort }), {
    getNextPageParam: (page) => page.nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    placeholderData: keepPreviousData,
  });
  const pages = useInfiniteQuery(pagesOptions);
  const listKey = JSON.stringify(pagesOptions.queryKey);

  const [overlay, setOverlay] = useState<{ of: unknown; rows: ReadonlyMap<string, ShownRow> }>({
    of: null,
    rows: new Map(),
  });
  const firstPage = pages.data?.pages[0];
  const rows = useMemo<readonly ShownRow[]>(() => {
    const changed = overlay.of === firstPage ? overlay.rows : null;
    return (pages.data?.pages ?? []).flatMap((page) =>
      page.rows.map((row) => changed?.get(row.id) ?? { ...row, changedAt: null, left: false }),
    );
  }, [pages.data, overlay, firstPage]);

  const latest = useRef({ rows, firstPage });
  useEffect(() => {
    latest.current = { rows, firstPage };
  });

  const watch = useQuery({
    queryKey: ["payment-watch", listKey, pages.dataUpdatedAt],
    enabled: pages.isSuccess && !pages.isPlaceholderData && !paused,
    refetchInterval: watchEveryMs,
    staleTime: 0,
    gcTime: 0,
    retry: false,
    queryFn: async () => {
      const { rows: known, firstPage: of } = latest.current;
      const newest = known.reduce<PaymentRow | null>(
        (best, row) => (best && !isNewer(row, best) ? best : row),
        null,
      );
      const { newCount, changed } = await client.payment.watch.mutate({
        filter,
        // Another order has no newest row on top; then nothing is announced as new.
        since: newest && { requestedAt: newest.requestedAt, id: newest.id },
        known: known.slice(0, 1_000).map(({ id, version }) => ({ id, version })),
      });
      if (changed.length > 0) {
        const changedAt = Date.now();
        setOverlay((present) => {
          const next = new Map(present.of === of ? present.rows : []);
          for (const { matches, ...row } of changed) next.set(row.id, { ...row, changedAt, left: !matches });
          return { of, rows: next };
        });
      }
      return { newCount: sort === "-requestedAt" ? newCount : 0, at: new Date() };
    },
  });

  // Asked for on its own: rows never wait for a count.
  const summary = useQuery(
    trpc.payment.summary.queryOptions(
      { filter },
      {
        placeholderData: keepPreviousData,
        refetchInterval: paused ? false : summaryEveryMs,
        // What came along with the page is not asked for again at once.
        staleTime: summaryEveryMs - 1_000,
        retry: false,
        trpc: { context: { skipBatch: true } },
      },
    ),
  );
  const exactOptions = trpc.payment.summary.queryOptions(
    { filter, exact: true },
    { enabled: false, staleTime: Number.POSITIVE_INFINITY, trpc: { context: { skipBatch: true } } },
  );
  const exact = useQuery(exactOptions);

  const { queryKey } = pagesOptions;
  const { queryKey: exactKey } = exactOptions;
  const refresh = useCallback(async () => {
    // Begins again at the first page: what was read further down is older than what is new.
    // An exact count was of the moment it was asked for.
    await queryClient.resetQueries({ queryKey: exactKey, exact: true });
    await queryClient.resetQueries({ queryKey, exact: true });
  }, [queryClient, queryKey, exactKey]);

  const lastPage = pages.data?.pages.at(-1);
  return {
    pages,
    rows,
    watch,
    summary,
    exact,
    refresh,
    date: firstPage?.date,
    /** How far back words were looked for, while that is not everything. */
    searchedTo: lastPage?.searchedTo ?? null,
  };
}

function isNewer(row: PaymentRow, than: PaymentRow): boolean {
  const difference = row.requestedAt.getTime() - than.requestedAt.getTime();
  return difference > 0 || (difference === 0 && row.id > than.id);
}
