"use client";

import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, History, SearchX } from "lucide-react";
import dynamic from "next/dynamic";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Care } from "#components/dead-letters/care-sheet.tsx";
import { DeadLetterFacets, NarrowFacets } from "#components/dead-letters/dead-letter-facets.tsx";
import {
  DeadLetterCards,
  DeadLetterTable,
  type ListProps,
} from "#components/dead-letters/dead-letter-list.tsx";
import {
  deadLetterAddress,
  defaultFilter,
  writeFilterUrl,
} from "#components/dead-letters/dead-letter-url.ts";
import { InboxStatus } from "#components/dead-letters/inbox-status.tsx";
import { leftText } from "#components/dead-letters/letter-time.tsx";
import { RedrivePanel } from "#components/dead-letters/redrive-panel.tsx";
import { useLetterKeys } from "#components/dead-letters/use-letter-keys.ts";
import { type RedriveTarget, useRedrive } from "#components/dead-letters/use-redrive.ts";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { useMediaQuery, useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { useNow } from "#components/ui/countdown.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Sheet } from "#components/ui/modal.tsx";
import { ResultLine, SelectionBar } from "#components/ui/result-line.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { careLimit } from "#server/dead-letters/dead-letter.values.ts";
import { runItemsMax } from "#server/work-runs/work-run.values.ts";

// Of use after a click only: the first load of the list does without them.
const RedriveRunsDrawer = dynamic(
  () => import("#components/dead-letters/redrive-runs-drawer.tsx").then((module) => module.RedriveRunsDrawer),
  { ssr: false },
);
const DeadLetterDrawer = dynamic(
  () => import("#components/dead-letters/dead-letter-drawer.tsx").then((module) => module.DeadLetterDrawer),
  { ssr: false },
);
const CareSheet = dynamic(
  () => import("#components/dead-letters/care-sheet.tsx").then((module) => module.CareSheet),
  { ssr: false },
);

type Selection = Readonly<{ all: boolean; ids: ReadonlySet<string> }>;
const nothingSelected: Selection = { all: false, ids: new Set() };
const pageSize = 100;
const summaryEveryMs = 5_000;

/** The dead letters: conditions left, the list by urgency, and at the right what a re-drive would do. */
export function DeadLettersScreen() {
  const { deadLetters, common } = useTexts();
  const language = useLanguage();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mayRedrive = useMay("dead-letter:redrive");
  const mayCare = useMay("dead-letter:care");
  const { view: filter, change } = useAddressView(deadLetterAddress);
  const redrive = useRedrive();
  const now = useNow();
  const narrow = useNarrow();
  const roomForPanel = useMediaQuery("(min-width: 1200px)");
  const searchRef = useRef<HTMLInputElement>(null);
  const [selection, setSelection] = useState<Selection>(nothingSelected);
  const [openId, setOpenId] = useState<string | null>(null);
  // From the first letter that is opened on it stays, so that it closes as it opened.
  const [wasOpen, setWasOpen] = useState(false);
  if (openId !== null && !wasOpen) setWasOpen(true);
  const [cursorId, setCursorId] = useState<string | null>(null);
  const [sheetOpen, setSheetOpen] = useState(redrive.runId !== null);
  const [runsOpen, setRunsOpen] = useState(false);
  const [care, setCare] = useState<Care | null>(null);

  const summary = useQuery({
    ...trpc.deadLetter.summary.queryOptions(filter, { placeholderData: keepPreviousData }),
    refetchInterval: summaryEveryMs,
  });
  const list = useInfiniteQuery(
    trpc.deadLetter.search.infiniteQueryOptions(
      { filter, sort: "urgent", limit: pageSize },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const letters = useMemo(() => list.data?.pages.flatMap((page) => page.letters) ?? [], [list.data]);

  const { leave } = redrive;
  const address = writeFilterUrl(filter);
  const selectedFor = useRef(address);
  // A selection belongs to its filter; so does what was previewed of it.
  useEffect(() => {
    if (selectedFor.current === address) return;
    selectedFor.current = address;
    setSelection(nothingSelected);
    setCursorId(null);
    leave();
  }, [address, leave]);

  // The summary is asked again and again; when its count leaves the list's behind, the list offers to be read anew.
  const [listedCount, setListedCount] = useState<number | null>(null);
  const count = summary.data?.count ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: remembers the count at the moment the list arrived
  useEffect(() => setListedCount(null), [list.dataUpdatedAt]);
  useEffect(() => {
    if (summary.data && !summary.isPlaceholderData) setListedCount((known) => known ?? summary.data.count);
  }, [summary.data, summary.isPlaceholderData]);
  const changed = listedCount !== null && listedCount !== count;

  const reload = useCallback(() => {
    void queryClient.invalidateQueries(trpc.deadLetter.pathFilter());
  }, [queryClient, trpc]);

  const parked = letters.filter((letter) => letter.status === "PARKED");
  const sendable = summary.data?.facets.status.find(({ value }) => value === "PARKED")?.count ?? 0;
  const showsParked = filter.status.length === 0 || filter.status.includes("PARKED");
  const matching = showsParked ? (filter.status.length === 1 ? count : sendable) : 0;
  const selectedCount = selection.all ? matching : selection.ids.size;
  const selectedAmount = selection.all
    ? (summary.data?.amountMinor ?? 0n)
    : letters.reduce(
        (sum, letter) => (selection.ids.has(letter.id) ? sum + (letter.amountMinor ?? 0n) : sum),
        0n,
      );
  const target: RedriveTarget =
    selection.ids.size > 0 && !selection.all
      ? {
          selection: { kind: "ids", ids: [...selection.ids].slice(0, runItemsMax) },
          count: Math.min(selection.ids.size, runItemsMax),
          isAll: false,
        }
      : {
          selection: { kind: "filter", filter },
          count: summary.data ? Math.min(matching, runItemsMax) : null,
          isAll: true,
        };

  const select = useCallback(
    (next: Selection) => {
      setSelection(next);
      leave();
    },
    [leave],
  );
  const toggle = (id: string, range: boolean) => {
    const ids = new Set(selection.all ? parked.map((letter) => letter.id) : selection.ids);
    const adds = !ids.has(id);
    const order = parked.map((letter) => letter.id);
    const from = range && cursorId ? order.indexOf(cursorId) : -1;
    const to = order.indexOf(id);
    const touched = from < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const other of touched) {
      if (adds) ids.add(other);
      else ids.delete(other);
    }
    setCursorId(id);
    select({ all: false, ids });
  };
  const toggleAll = () =>
    select(selection.all || selection.ids.size > 0 ? nothingSelected : { all: true, ids: new Set() });
  const isSelected = (id: string) =>
    selection.all
      ? letters.some((letter) => letter.id === id && letter.status === "PARKED")
      : selection.ids.has(id);

  const listProps: ListProps = {
    letters,
    count,
    fetching: list.isPlaceholderData,
    preview: redrive.byLetter,
    isSelected,
    onToggle: mayRedrive ? toggle : undefined,
    onToggleAll: mayRedrive ? toggleAll : undefined,
    everySelected: selection.all,
    someSelected: selection.ids.size > 0,
    onOpen: (letter) => {
      setCursorId(letter.id);
      setOpenId(letter.id);
    },
    cursorId,
    now,
  };

  useLetterKeys({
    enabled: openId === null && !sheetOpen && !runsOpen && care === null,
    letters,
    cursorId,
    setCursorId,
    onOpen: (letter) => setOpenId(letter.id),
    onToggle: mayRedrive ? toggle : undefined,
    onEscape: () => (redrive.detail?.status === "READY" ? leave() : select(nothingSelected)),
    onSearch: () => searchRef.current?.focus(),
  });

  const openPanel = () => setSheetOpen(true);
  const openRun = (id: string) => {
    setRunsOpen(false);
    redrive.show(id);
    if (!roomForPanel) openPanel();
  };
  const finish = () => {
    setSheetOpen(false);
    select(nothingSelected);
    reload();
  };
  const previewOne = (id: string) => {
    setOpenId(null);
    setSelection({ all: false, ids: new Set([id]) });
    if (!roomForPanel) openPanel();
    redrive.preview({ kind: "ids", ids: [id] });
  };

  const nextDeadline = summary.data?.nextDeadlineAt;
  // Before the clock runs, the time of the answer: the line is as long from the first.
  const leftMs = nextDeadline ? nextDeadline.getTime() - (now?.getTime() ?? summary.dataUpdatedAt) : 0;
  const filtered = address !== "";
  const panel = <RedrivePanel redrive={redrive} target={target} onFinish={finish} />;
  const hasPanel = mayRedrive || redrive.runId !== null;
  // Letters are cared for by name: what is not on the screen is not given away unseen.
  const careIds = selection.all
    ? parked.length >= matching
      ? parked.map((letter) => letter.id)
      : []
    : [...selection.ids];
  const careActions =
    mayCare && careIds.length > 0 && careIds.length <= careLimit ? (
      <>
        <Button size="small" onClick={() => setCare({ kind: "assign", ids: careIds })}>
          {deadLetters.care.assign}
        </Button>
        <Button size="small" onClick={() => setCare({ kind: filter.aside ? "back" : "aside", ids: careIds })}>
          {filter.aside ? deadLetters.care.back : deadLetters.care.aside}
        </Button>
      </>
    ) : null;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title={deadLetters.title}
        longStatus
        status={
          summary.data ? (
            <InboxStatus
              count={deadLetters.count(count)}
              nearest={leftMs > 0 ? deadLetters.nearest(leftText(leftMs, deadLetters.duration)) : null}
              passed={summary.data.passedCount}
              total={
                count > 0 ? deadLetters.amountTotal(formatMoney(summary.data.amountMinor, language)) : null
              }
            />
          ) : null
        }
        actions={
          <Button look="ghost" onClick={() => setRunsOpen(true)}>
            <History aria-hidden className="size-4" strokeWidth={1.5} />
            {deadLetters.runs.open}
          </Button>
        }
      />
      <NarrowFacets summary={summary.data} filter={filter} change={change} />
      <div
        className={classes(
          "mt-1 grid min-h-0 flex-1 border-line border-t max-wide:mt-0 max-wide:block",
          // The place of the panel is there before the browser has said that there is room for it.
          hasPanel
            ? "grid-cols-[196px_minmax(0,1fr)] full:grid-cols-[196px_minmax(0,1fr)_384px]"
            : "grid-cols-[196px_minmax(0,1fr)]",
        )}
      >
        <DeadLetterFacets summary={summary.data} filter={filter} change={change} searchRef={searchRef} />
        <div className="flex min-h-0 min-w-0 flex-col max-full:pb-16 max-wide:pb-20">
          {selectedCount > 0 ? (
            <SelectionBar besideFacets onClear={() => select(nothingSelected)} actions={careActions}>
              <b className="font-semibold">
                {selection.all
                  ? deadLetters.allSelected(selectedCount)
                  : deadLetters.selected(selectedCount, formatMoney(selectedAmount, language))}
              </b>
            </SelectionBar>
          ) : (
            <ResultLine
              besideFacets
              actions={
                changed ? (
                  <Button size="small" onClick={reload}>
                    {deadLetters.changed} · {deadLetters.reload}
                  </Button>
                ) : mayRedrive && matching > 0 ? (
                  <Button look="ghost" size="small" onClick={toggleAll}>
                    {deadLetters.selectAllMatching(matching)}
                  </Button>
                ) : undefined
              }
            >
              {list.data && letters.length > 0 ? (
                <span>
                  {letters.length < count
                    ? deadLetters.shown(letters.length, count)
                    : common.resultCount(count)}{" "}
                  · {deadLetters.sorted}
                </span>
              ) : null}
            </ResultLine>
          )}
          {list.isError ? (
            <div className="p-6 max-wide:p-4">
              <QueryError
                error={list.error}
                title={deadLetters.errors.list}
                onRetry={() => void list.refetch()}
                retrying={list.isFetching}
              />
            </div>
          ) : list.isPending ? (
            <table className="w-full" aria-label={deadLetters.list}>
              <tbody>
                <SkeletonRows columns={5} tall />
              </tbody>
            </table>
          ) : letters.length === 0 ? (
            filtered ? (
              <EmptyState
                icon={SearchX}
                title={deadLetters.empty.filtered}
                action={<Button onClick={() => change(defaultFilter)}>{common.clearAll}</Button>}
              >
                {deadLetters.empty.filteredBody}
              </EmptyState>
            ) : (
              <EmptyState icon={CircleCheck} title={deadLetters.empty.good}>
                <TimeInText
                  at={new Date(summary.dataUpdatedAt || list.dataUpdatedAt)}
                  say={deadLetters.empty.goodBody}
                />
              </EmptyState>
            )
          ) : (
            <>
              {narrow ? <DeadLetterCards {...listProps} /> : <DeadLetterTable {...listProps} />}
              {list.hasNextPage ? (
                <div className="flex justify-center border-line border-t py-2">
                  <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                    {common.loadMore}
                  </Button>
                </div>
              ) : null}
            </>
          )}
        </div>
        {hasPanel && roomForPanel ? (
          <section
            aria-label={deadLetters.preview.title}
            className="flex min-h-0 flex-col border-line border-l bg-surface"
          >
            {panel}
          </section>
        ) : null}
      </div>
      {mayRedrive && !roomForPanel && target.count ? (
        <div className="fixed inset-x-4 bottom-3.5 z-20 wide:left-[calc(var(--sidebar)+16px)]">
          <Button
            look="primary"
            size="large"
            className="w-full shadow-float"
            onClick={() => {
              openPanel();
              if (redrive.runId === null) redrive.preview(target.selection);
            }}
          >
            {deadLetters.preview.open(target.count)}
          </Button>
        </div>
      ) : null}
      {hasPanel && !roomForPanel ? (
        <Sheet
          open={sheetOpen}
          onOpenChange={setSheetOpen}
          title={redrive.detail?.startedAt ? deadLetters.progress.title : deadLetters.preview.title}
          locked={redrive.starting.isPending}
        >
          {panel}
        </Sheet>
      ) : null}
      {wasOpen ? (
        <DeadLetterDrawer
          id={openId}
          onClose={() => setOpenId(null)}
          onPreview={previewOne}
          onCare={(next) => {
            setOpenId(null);
            setCare(next);
          }}
        />
      ) : null}
      {runsOpen ? <RedriveRunsDrawer open onClose={() => setRunsOpen(false)} onOpenRun={openRun} /> : null}
      {care ? (
        <CareSheet
          care={care}
          onClose={() => setCare(null)}
          onDone={() => {
            setCare(null);
            select(nothingSelected);
          }}
        />
      ) : null}
    </div>
  );
}
