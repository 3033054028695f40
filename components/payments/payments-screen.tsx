"use client";

import { Columns3, Keyboard, SearchX } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { ExportButton } from "#components/exports/export-button.tsx";
import { formatTableTime } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { handOverOf } from "#components/payments/bulk-hand-over.ts";
import { forgetPlace, placeOf, rememberPlace, rememberSearch } from "#components/payments/list-place.ts";
import { CardTotals, ListTotals } from "#components/payments/list-totals.tsx";
import { LiveStatus } from "#components/payments/live-status.tsx";
import { LoadMore } from "#components/payments/load-more.tsx";
import { PaymentCards } from "#components/payments/payment-cards.tsx";
import { paymentListAddress, writeListUrl } from "#components/payments/payment-filter-url.ts";
import { PaymentFilters } from "#components/payments/payment-filters.tsx";
import { PaymentTable } from "#components/payments/payment-table.tsx";
import { periodLabel } from "#components/payments/period-label.ts";
import { idsBetween } from "#components/payments/row-selection.ts";
import { useListKeys } from "#components/payments/use-list-keys.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { usePaymentList } from "#components/payments/use-payment-list.ts";
import { useViews } from "#components/payments/use-views.ts";
import { ViewTabs } from "#components/payments/view-tabs.tsx";
import { Button } from "#components/ui/button.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { ResultLine } from "#components/ui/result-line.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { type PaymentSort, paymentSorts } from "#server/payments/payment-search.values.ts";

const slowAfterMs = 3_000;

// What one opens only now and then is loaded only then.
const ColumnChooser = dynamic(
  () => import("#components/payments/column-chooser.tsx").then((file) => file.ColumnChooser),
  { ssr: false },
);
const ListHelp = dynamic(() => import("#components/payments/list-help.tsx").then((file) => file.ListHelp), {
  ssr: false,
});
const PaymentPeek = dynamic(
  () => import("#components/payments/payment-peek.tsx").then((file) => file.PaymentPeek),
  { ssr: false },
);
const PaymentSelectionBar = dynamic(
  () => import("#components/payments/payment-selection-bar.tsx").then((file) => file.PaymentSelectionBar),
  { loading: () => <div className="min-h-10 shrink-0 border-line border-b bg-selected" /> },
);

/** The list of payments (design §6, §7, §10): the address is its state, rows stay where they are until asked to move. */
export function PaymentsScreen() {
  const { common, payments, paymentList } = useTexts();
  const { list: words } = payments;
  const { view: state, change } = useAddressView(paymentListAddress);
  const { filter, sort, view } = state;
  const search = writeListUrl(state);
  const narrow = useNarrow();
  const { pages, rows, watch, summary, exact, refresh, date, searchedTo } = usePaymentList(
    { filter, sort },
    { paused: false },
  );
  const views = useViews({ filter, sort, view });
  const toast = useToast();
  const router = useRouter();
  const mayCancel = useMay("payment:cancel");
  const mayCancelMany = useMay("payment:bulk-cancel");
  const [help, setHelp] = useState(false);
  const [peekedId, setPeekedId] = useState<string | null>(null);
  const [choosing, setChoosing] = useState(false);
  const selection = useSelection(rows, JSON.stringify(filter));
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
  const summedSoFar = exact.data ?? summary.data;
  // A list that has come to its end is all there is, even where counting stopped before.
  const summed =
    summedSoFar && rows.length > 0 && pages.hasNextPage === false && summedSoFar.count === rows.length
      ? { ...summedSoFar, isComplete: true }
      : summedSoFar;
  // Only once every row that is here was selected, and while there are more.
  const all =
    summed && (filter.date ?? date) && selection.rows.length === rows.length && summed.count > rows.length
      ? {
          filter: { ...filter, date: filter.date ?? date },
          summary: summed,
          isSelected: selection.everything,
          onSelect: selection.selectEverything,
        }
      : null;
  const peeked = rows.find((row) => row.id === peekedId);
  useCursorKeys({
    rows,
    cursorId,
    moveCursor,
    clear: () => {
      if (selection.selected.size > 0) selection.clear();
      else setCursorId(null);
      return selection.selected.size > 0;
    },
    select: selection.select,
    peek: setPeekedId,
    cancel: () => {
      if (selection.rows.length === 0) {
        if (cursorId && mayCancel) router.push(`/payments/${cursorId}?do=cancel`);
        return;
      }
      const handOver = mayCancelMany
        ? handOverOf(
            selection.rows.map((row) => row.id),
            all,
          )
        : null;
      if (handOver) router.push("href" in handOver ? handOver.href : handOver.keep());
    },
    help: () => setHelp(true),
    searchBox,
    table,
  });

  const showNew = () => {
    forgetPlace(search);
    setCursorId(null);
    scrollTo(0);
    void refresh();
  };

  const count = summed?.isComplete ? summed.count : undefined;
  const empty = pages.isSuccess && rows.length === 0 && !pages.isPlaceholderData && !pages.hasNextPage;
  const caption = words.caption(count ?? rows.length, words.sorts[sort]);
  const more = pages.hasNextPage ? (
    <span className="inline-flex items-center gap-3">
      {searchedTo ? (
        <span role="status" className="text-ink-3">
          <TimeInText
            at={searchedTo}
            format={(at) => formatTableTime(at, new Date())}
            say={paymentList.totals.searchedTo}
          />
        </span>
      ) : null}
      <LoadMore
        // Each answer of a search moves on, also one without a row, after which nothing on the screen has moved.
        key={searchedTo?.getTime() ?? "pages"}
        label={searchedTo ? paymentList.totals.searchOn : undefined}
        failed={pages.isFetchNextPageError}
        loading={pages.isFetchingNextPage}
        onLoad={() => {
          if (!pages.isFetching) void pages.fetchNextPage();
        }}
      />
    </span>
  ) : null;
  const totals = {
    summary: summed,
    failed: summary.isError,
    onExact: () => void exact.refetch(),
    counting: exact.isFetching,
  };
  const shared = {
    caption,
    rows,
    loading: pages.isPending,
    fetching: pages.isPlaceholderData,
    selected: selection.selected,
    onSelect: selection.select,
    more,
  };
  const copyKeys = () => {
    const keys = selection.rows.map((row) => row.id);
    void navigator.clipboard
      .writeText(keys.join("\n"))
      .then(() => toast(paymentList.selection.keysCopied(keys.length)));
  };
  const selectionBar =
    selection.rows.length > 0 ? (
      <PaymentSelectionBar rows={selection.rows} all={all} onCopyKeys={copyKeys} onClear={selection.clear} />
    ) : null;
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
        actions={
          <>
            <ExportButton
              sources={[{ kind: "PAYMENTS", filter: { ...filter, date: filter.date ?? date }, sort }]}
              seenCount={count}
            />
            <Popover
              label={paymentList.columns.open}
              align="end"
              open={choosing}
              onOpenChange={setChoosing}
              // Not into an arrow, whose tooltip would open and take the first Esc.
              focusPanel
              trigger={(props) => (
                // Hidden by its style: the server does not know how wide the screen is.
                <Button {...props} className="max-wide:hidden">
                  <Columns3 aria-hidden className="size-4" strokeWidth={1.5} />
                  {paymentList.columns.title}
                </Button>
              )}
            >
              <ColumnChooser columns={views.columns} onChange={views.chooseColumns} />
            </Popover>
            <IconButton
              icon={Keyboard}
              label={paymentList.help.open}
              look="secondary"
              className="max-wide:hidden"
              onClick={() => setHelp(true)}
            />
          </>
        }
      />
      <ViewTabs views={views} state={{ filter, sort, view }} onOpen={(next) => change(next)} />
      <PaymentFilters
        filter={filter}
        date={filter.date ?? date}
        searchRef={searchBox}
        onChange={(next, how) => change({ filter: next }, how)}
      />
      {selectionBar && !narrow ? (
        selectionBar
      ) : empty || (pages.isError && rows.length === 0) ? null : (
        <ResultLine
          actions={
            // Both by their width alone: the document does not know it yet, and nothing moves when the page comes to life.
            <>
              <span className="wide:hidden">
                <SortSelect sort={sort} onSort={(next) => change({ sort: next })} />
              </span>
              <span className="print:hidden flex items-center gap-3 text-ink-3 text-meta max-wide:hidden">
                <span className="sr-only">{words.keys}:</span>
                <span>
                  <Kbd>j</Kbd> <Kbd>k</Kbd> {words.keyHelp.row}
                </span>
                <span>
                  <Kbd>Enter</Kbd> {words.keyHelp.open}
                </span>
                <span>
                  <Kbd>x</Kbd> {paymentList.selection.column}
                </span>
                <span>
                  <Kbd>?</Kbd> {words.keys}
                </span>
              </span>
            </>
          }
        >
          {summed === undefined ? (
            <span>{summary.isError ? paymentList.totals.failed : common.loading}</span>
          ) : (
            <b className="font-semibold text-ink">
              {summed.isComplete
                ? common.resultCount(summed.count)
                : paymentList.totals.atLeast(summed.count)}
            </b>
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
        <PaymentCards
          {...shared}
          // What is selected stays in reach of the thumb, where the totals stand otherwise (design §13).
          totals={
            selectionBar ? (
              <div className="sticky bottom-0 z-10 border-line-strong border-t">{selectionBar}</div>
            ) : (
              <CardTotals {...totals} />
            )
          }
        />
      ) : (
        <PaymentTable
          {...shared}
          columns={views.columns}
          count={count}
          onSelectAll={selection.selectAll}
          totals={<ListTotals {...totals} columns={views.columns} />}
          sort={sort}
          onSort={(next) => change({ sort: next })}
          cursorId={cursorId}
          onCursor={moveCursor}
          tableRef={table}
        />
      )}
      {peeked ? <PaymentPeek row={peeked} onClose={() => setPeekedId(null)} /> : null}
      {help ? <ListHelp onClose={() => setHelp(false)} /> : null}
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

/**
 * The rows that are selected, or everything that matches, which takes in each row that is loaded later. It survives
 * paging and refreshing, and ends with the filter: what is not on the screen any more cannot be acted on by mistake.
 */
function useSelection<Row extends { id: string }>(rows: readonly Row[], filterKey: string) {
  const [kept, setKept] = useState<{ of: string; ids: ReadonlySet<string>; everything: boolean }>({
    of: "",
    ids: new Set(),
    everything: false,
  });
  const anchor = useRef<string | null>(null);
  const latest = useRef(rows);
  useEffect(() => {
    latest.current = rows;
  });
  const everything = kept.of === filterKey && kept.everything;
  const selected = useMemo<ReadonlySet<string>>(
    () =>
      everything ? new Set(rows.map((row) => row.id)) : kept.of === filterKey ? kept.ids : new Set<string>(),
    [kept, filterKey, everything, rows],
  );
  const selectedRows = useMemo(() => rows.filter((row) => selected.has(row.id)), [rows, selected]);
  const update = useCallback(
    (next: (ids: Set<string>) => void) =>
      setKept((present) => {
        const before = present.everything ? latest.current.map((row) => row.id) : present.ids;
        const ids = new Set(present.of === filterKey ? before : []);
        next(ids);
        return { of: filterKey, ids, everything: false };
      }),
    [filterKey],
  );
  const select = useCallback(
    (id: string, range: boolean) => {
      const between = range && anchor.current ? idsBetween(latest.current, anchor.current, id) : [];
      anchor.current = id;
      update((ids) => {
        if (between.length > 0) for (const one of between) ids.add(one);
        else if (!ids.delete(id)) ids.add(id);
      });
    },
    [update],
  );
  const selectAll = useCallback(
    (on: boolean) =>
      update((ids) => {
        if (on) for (const row of latest.current) ids.add(row.id);
        else ids.clear();
      }),
    [update],
  );
  const selectEverything = useCallback(
    () => setKept((present) => ({ ...present, of: filterKey, everything: true })),
    [filterKey],
  );
  const clear = useCallback(() => update((ids) => ids.clear()), [update]);
  return { selected, rows: selectedRows, everything, select, selectAll, selectEverything, clear };
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
  clear,
  select,
  peek,
  cancel,
  help,
  searchBox,
  table,
}: {
  rows: readonly { id: string }[];
  cursorId: string | null;
  moveCursor: (id: string) => void;
  /** One layer back; true when the cursor stays. */
  clear: () => boolean;
  select: (id: string, range: boolean) => void;
  peek: (id: string) => void;
  cancel: () => void;
  help: () => void;
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
    select: (range) => {
      if (cursorId) select(cursorId, range);
    },
    peek: () => {
      if (cursorId) peek(cursorId);
    },
    filter: () => document.querySelector<HTMLElement>('[aria-keyshortcuts="f"]')?.click(),
    cancel,
    help,
    escape: () => {
      if (clear()) return;
      (document.activeElement as HTMLElement | null)?.blur();
    },
  });
}
