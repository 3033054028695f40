"use client";

import { SearchX } from "lucide-react";
import { useRouter } from "next/navigation";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { forgetPlace, placeOf, rememberPlace, rememberSearch } from "#components/payments/list-place.ts";
import { LiveStatus } from "#components/payments/live-status.tsx";
import { LoadMore } from "#components/payments/load-more.tsx";
import { PaymentCards } from "#components/payments/payment-cards.tsx";
import { PaymentFilters } from "#components/payments/payment-filters.tsx";
import { PaymentTable } from "#components/payments/payment-table.tsx";
import { periodLabel } from "#components/payments/period-label.ts";
import { useListKeys } from "#components/payments/use-list-keys.ts";
import { useListState } from "#components/payments/use-list-state.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { usePaymentList } from "#components/payments/use-payment-list.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { ResultLine } from "#components/ui/result-line.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { type PaymentSort, paymentSorts } from "#server/payments/payment-search.schemas.ts";

const slowAfterMs = 3_000;

/** The list of payments (design §6, §7, §10): the address is its state, rows stay where they are until asked to move. */
export function PaymentsScreen() {
  const { common, payments } = useTexts();
  const { list: words } = payments;
  const { filter, sort, search, change } = useListState();
  const narrow = useNarrow();
  const { pages, rows, watch, summary, refresh, date } = usePaymentList({ filter, sort }, { paused: false });
  const searchBox = useRef<HTMLInputElement>(null);
  const table = useRef<HTMLTableElement>(null);
  const [cursorId, setCursorId] = useState<string | null>(null);
  const { scrollTo } = useRememberedPlace(search, rows.length > 0, table, setCursorId);
  const slow = useSlow(pages.isFetching && !pages.isFetchingNextPage);

  const moveCursor = useCallback(
    (id: string) => {
      setCursorId(id);
      rememberPlace(search, { cursorId: id });
    },
    [search],
  );
  useCursorKeys({ rows, cursorId, moveCursor, clearCursor: () => setCursorId(null), searchBox, table });

  const showNew = () => {
    forgetPlace(search);
    setCursorId(null);
    scrollTo(0);
    void refresh();
  };

  const count = summary.data?.count;
  const empty = pages.isSuccess && rows.length === 0 && !pages.isPlaceholderData;
  const caption = words.caption(count ?? rows.length, words.sorts[sort]);
  const more = pages.hasNextPage ? (
    <LoadMore
      failed={pages.isFetchNextPageError}
      loading={pages.isFetchingNextPage}
      onLoad={() => {
        if (!pages.isFetching) void pages.fetchNextPage();
      }}
    />
  ) : null;
  const shared = {
    caption,
    rows,
    count,
    loading: pages.isPending,
    fetching: pages.isPlaceholderData,
    totals: summary.data?.totals,
    more,
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col max-wide:min-h-max">
      <PageHeader
        title={payments.title}
        status={
          <LiveStatus
            newCount={watch.data?.newCount ?? 0}
            checkedAt={watch.data?.at}
            onShow={showNew}
            onReconnect={() => void watch.refetch()}
          />
        }
      />
      <PaymentFilters
        filter={filter}
        date={filter.date ?? date}
        searchRef={searchBox}
        onChange={(next, how) => change({ filter: next }, how)}
      />
      {empty || (pages.isError && rows.length === 0) ? null : (
        <ResultLine
          actions={
            narrow ? (
              <SortSelect sort={sort} onSort={(next) => change({ sort: next })} />
            ) : (
              <span className="print:hidden flex items-center gap-3 text-ink-3 text-meta">
                <span className="sr-only">{words.keys}:</span>
                <span>
                  <Kbd>j</Kbd> <Kbd>k</Kbd> {words.keyHelp.row}
                </span>
                <span>
                  <Kbd>Enter</Kbd> {words.keyHelp.open}
                </span>
                <span>
                  <Kbd>y</Kbd> {words.keyHelp.link}
                </span>
              </span>
            )
          }
        >
          {count === undefined ? (
            <span>{common.loading}</span>
          ) : (
            <b className="font-semibold text-ink">{common.resultCount(count)}</b>
          )}
          <span className="text-ink-3 text-meta">{slow ? common.loadingLong : common.seoulTime}</span>
        </ResultLine>
      )}
      {pages.isError && rows.length === 0 ? (
        <div className="px-6 py-4 max-wide:px-4">
          <QueryError
            error={pages.error}
            title={words.failed}
            onRetry={() => void pages.refetch()}
            retrying={pages.isFetching}
          >
            {words.failedHint}
          </QueryError>
        </div>
      ) : empty ? (
        <NoPayments
          isFiltered={search !== "" && Object.keys(filter).length > 0}
          date={date}
          onPeriod={(next) => change({ filter: { ...filter, date: next } })}
          onClear={() => change({ filter: {} })}
        />
      ) : narrow ? (
        <PaymentCards {...shared} />
      ) : (
        <PaymentTable
          {...shared}
          sort={sort}
          onSort={(next) => change({ sort: next })}
          cursorId={cursorId}
          onCursor={moveCursor}
          tableRef={table}
        />
      )}
    </div>
  );
}

function SortSelect({ sort, onSort }: { sort: PaymentSort; onSort: (sort: PaymentSort) => void }) {
  const { list } = useTexts().payments;
  return (
    <label>
      <span className="sr-only">{list.sort}</span>
      <select
        value={sort}
        onChange={(event) => {
          const next = paymentSorts.find((known) => known === event.target.value);
          if (next) onSort(next);
        }}
        className="h-9 rounded-control border border-line-2 bg-surface px-2 text-ink"
      >
        {paymentSorts.map((known) => (
          <option key={known} value={known}>
            {list.sorts[known]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Why there is nothing, and the next step. */
function NoPayments({
  isFiltered,
  date,
  onPeriod,
  onClear,
}: {
  isFiltered: boolean;
  date: string | undefined;
  onPeriod: (period: string) => void;
  onClear: () => void;
}) {
  const { common, payments } = useTexts();
  const { list: words, filter } = payments;
  if (!isFiltered && date === "all")
    return <EmptyState title={words.emptyAll}>{words.emptyAllHint}</EmptyState>;
  const short = date !== undefined && ["1h", "24h", "today", "yesterday", "7d"].includes(date);
  return (
    <EmptyState
      icon={SearchX}
      title={words.empty}
      action={
        <>
          {short ? (
            <Button onClick={() => onPeriod("30d")}>
              {words.widenTo(filter.periods["30d"].replace(/^최근 /, ""))}
            </Button>
          ) : null}
          {date !== "all" ? <Button onClick={() => onPeriod("all")}>{words.searchEverything}</Button> : null}
          {isFiltered ? (
            <Button look="ghost" onClick={onClear}>
              {common.clearAll}
            </Button>
          ) : null}
        </>
      }
    >
      {date && date !== "all" ? words.emptyHint(periodLabel(date, filter)) : null}
    </EmptyState>
  );
}

/** True when something has been going on for more than three seconds. */
function useSlow(busy: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!busy) {
      setSlow(false);
      return;
    }
    const timer = setTimeout(() => setSlow(true), slowAfterMs);
    return () => clearTimeout(timer);
  }, [busy]);
  return slow;
}

/** The element that scrolls: the table's wrapper, or the main area around the narrow list. */
function scrollerOf(table: HTMLTableElement | null): HTMLElement | null {
  return table?.parentElement ?? document.getElementById("main");
}

/** Keeps where the list was scrolled to and which row had the cursor, and brings both back (Back restores, design §1). */
function useRememberedPlace(
  search: string,
  ready: boolean,
  table: RefObject<HTMLTableElement | null>,
  setCursorId: (id: string | null) => void,
) {
  const restored = useRef<string | null>(null);
  const scrollTo = useCallback((top: number) => scrollerOf(table.current)?.scrollTo({ top }), [table]);
  useEffect(() => rememberSearch(search), [search]);
  useLayoutEffect(() => {
    if (!ready || restored.current === search) return;
    restored.current = search;
    const place = placeOf(search);
    setCursorId(place?.cursorId ?? null);
    scrollTo(place?.scrollTop ?? 0);
  }, [ready, search, scrollTo, setCursorId]);
  useEffect(() => {
    const scroller = ready ? scrollerOf(table.current) : null;
    if (!scroller) return;
    const keep = () => rememberPlace(search, { scrollTop: scroller.scrollTop });
    scroller.addEventListener("scroll", keep, { passive: true });
    return () => scroller.removeEventListener("scroll", keep);
  }, [ready, search, table]);
  return { scrollTo };
}

/** Moves through the rows by keyboard. The cursor is the focus on the row's link, so Enter and screen readers follow it. */
function useCursorKeys({
  rows,
  cursorId,
  moveCursor,
  clearCursor,
  searchBox,
  table,
}: {
  rows: readonly { id: string }[];
  cursorId: string | null;
  moveCursor: (id: string) => void;
  clearCursor: () => void;
  searchBox: RefObject<HTMLInputElement | null>;
  table: RefObject<HTMLTableElement | null>;
}) {
  const { payments } = useTexts();
  const router = useRouter();
  const toast = useToast();
  const linkOf = (id: string) => {
    const row = document.querySelector<HTMLElement>(`[data-payment="${id}"]`);
    return row?.querySelector<HTMLElement>("a") ?? row;
  };
  useListKeys({
    search: () => {
      searchBox.current?.focus();
      searchBox.current?.select();
    },
    move: (step) => {
      const index = rows.findIndex((row) => row.id === cursorId);
      const next =
        rows[
          index < 0
            ? step === 1
              ? 0
              : rows.length - 1
            : Math.min(rows.length - 1, Math.max(0, index + step))
        ];
      if (!next) return;
      moveCursor(next.id);
      const link = linkOf(next.id);
      const wrapper = table.current?.parentElement;
      const row = link?.closest("tr");
      link?.focus({ preventScroll: true });
      if (!wrapper || !row) return;
      // Only as far as needed, and never under the header or the totals.
      const top = row.offsetTop - 32;
      const bottom = row.offsetTop + row.offsetHeight + 36;
      if (top < wrapper.scrollTop) wrapper.scrollTop = top;
      else if (bottom > wrapper.scrollTop + wrapper.clientHeight)
        wrapper.scrollTop = bottom - wrapper.clientHeight;
    },
    open: () => {
      if (cursorId) router.push(`/payments/${cursorId}`);
    },
    copyLink: () => {
      if (!cursorId) return;
      void navigator.clipboard
        .writeText(`${window.location.origin}/payments/${cursorId}`)
        .then(() => toast(payments.list.linkCopied));
    },
    escape: () => {
      clearCursor();
      (document.activeElement as HTMLElement | null)?.blur();
    },
  });
}
