"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CircleCheck, SearchX } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { InboxStatus } from "#components/dead-letters/inbox-status.tsx";
import { leftText } from "#components/dead-letters/letter-time.tsx";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/countdown.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { ResultLine, SelectionBar } from "#components/ui/result-line.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { NarrowUnresolvedFacets, UnresolvedFacets } from "#components/unresolved/unresolved-facets.tsx";
import {
  exchangesPath,
  isOpen,
  type ListProps,
  UnresolvedCards,
  UnresolvedTable,
} from "#components/unresolved/unresolved-list.tsx";
import { defaultFilter, unresolvedAddress, writeFilterUrl } from "#components/unresolved/unresolved-url.ts";
import { useAssigning } from "#components/unresolved/use-assigning.ts";
import { useInboxKeys } from "#components/unresolved/use-inbox-keys.ts";
import { useRowActions, waitsMs } from "#components/unresolved/use-row-actions.ts";
import { useUnresolvedList } from "#components/unresolved/use-unresolved-list.ts";

const summaryEveryMs = 3_000;
/** How many rows may be asked about together. */
const selectedMax = 100;

const ReleaseSheet = dynamic(
  () => import("#components/unresolved/release-sheet.tsx").then((file) => file.ReleaseSheet),
  { ssr: false },
);

/** The inbox of outcomes that are not known: ask the VAN, then let what follows from its answer happen. */
export function UnresolvedScreen() {
  const { unresolved, deadLetters, common } = useTexts();
  const language = useLanguage();
  const trpc = useTRPC();
  const router = useRouter();
  const narrow = useNarrow();
  const now = useNow();
  const mayResolve = useMay("payment:resolve");
  const { view: filter, change } = useAddressView(unresolvedAddress);
  const address = writeFilterUrl(filter);
  const actions = useRowActions();
  const assign = useAssigning();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [cursorId, setCursorId] = useState<string | null>(null);

  const isEager = [...actions.states.values()].some(
    ({ hastened }) => hastened && now && now.getTime() - hastened.atMs < waitsMs,
  );
  const summary = useQuery({
    ...trpc.unresolved.summary.queryOptions(filter, { placeholderData: keepPreviousData }),
    refetchInterval: summaryEveryMs,
  });
  const { list, rows } = useUnresolvedList({ filter, address, isEager, now });

  const { forgetAsking } = actions;
  // A selection belongs to its filter.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address stands for the filter
  useEffect(() => {
    setSelected(new Set());
    setCursorId(null);
    forgetAsking();
  }, [address, forgetAsking]);

  const open = rows.filter(isOpen);
  const chosen = open.filter((row) => selected.has(row.subjectId));
  const clear = () => {
    setSelected(new Set());
    forgetAsking();
  };
  const toggle = (id: string, range: boolean) => {
    const order = open.map((row) => row.subjectId);
    const from = range && cursorId ? order.indexOf(cursorId) : -1;
    const to = order.indexOf(id);
    const touched = from < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
    const next = new Set(selected);
    for (const other of touched) {
      if (selected.has(id)) next.delete(other);
      else next.add(other);
    }
    setCursorId(id);
    setSelected(new Set([...next].slice(0, selectedMax)));
  };
  const toggleAll = () =>
    setSelected(
      chosen.length > 0 ? new Set() : new Set(open.slice(0, selectedMax).map((row) => row.subjectId)),
    );

  const index = rows.findIndex((row) => row.subjectId === cursorId);
  const present = rows[index];
  useInboxKeys({
    isOff: assign.releasing !== null,
    move: (step) => {
      const next = rows[Math.max(0, Math.min(rows.length - 1, index < 0 ? 0 : index + step))];
      if (!next) return;
      setCursorId(next.subjectId);
      document.querySelector(`[data-row="${next.subjectId}"]`)?.scrollIntoView({ block: "nearest" });
    },
    open: () => present && router.push(exchangesPath(present)),
    select: (range) => {
      if (mayResolve && present && isOpen(present)) toggle(present.subjectId, range);
    },
    inquire: () => {
      if (!mayResolve || !present || !isOpen(present)) return;
      if (!actions.states.get(present.subjectId)?.isAsking) actions.ask(present.subjectId);
    },
    escape: clear,
  });

  const count = summary.data?.count ?? 0;
  const listProps: ListProps = {
    rows,
    count,
    fetching: list.isPlaceholderData,
    states: actions.states,
    selected,
    onToggle: toggle,
    onToggleAll: toggleAll,
    onAsk: actions.ask,
    onHasten: actions.hasten,
    assigning: assign.assigning,
    cursorId,
    now,
  };
  const { asking } = actions;
  const isAskingAll = asking !== null && asking.done < asking.count;
  const deadline = summary.data?.nextDeadlineAt;
  // Before the clock runs, the time of the answer: the line is as long from the first.
  const leftMs = deadline ? deadline.getTime() - (now?.getTime() ?? summary.dataUpdatedAt) : 0;
  const checkedAt = new Date(Math.max(list.dataUpdatedAt, 0));
  const isStale = list.data !== undefined && (list.isRefetchError || list.isError);

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title={unresolved.title}
        longStatus
        status={
          summary.data && count > 0 ? (
            <InboxStatus
              count={unresolved.count(count)}
              nearest={leftMs > 0 ? unresolved.nearest(leftText(leftMs, deadLetters.duration)) : null}
              passed={summary.data.passedCount}
              total={unresolved.amountTotal(formatMoney(summary.data.amountMinor, language))}
            />
          ) : null
        }
      />
      <NarrowUnresolvedFacets summary={summary.data} filter={filter} change={change} />
      <div className="mt-1 grid min-h-0 flex-1 grid-cols-[196px_minmax(0,1fr)] border-line border-t max-full:mt-0 max-full:grid-cols-[minmax(0,1fr)] max-wide:block max-wide:overflow-auto">
        <UnresolvedFacets summary={summary.data} filter={filter} change={change} />
        <div className="flex min-h-0 min-w-0 flex-col">
          <div className="shrink-0 bg-surface max-wide:sticky max-wide:top-0 max-wide:z-10">
            {chosen.length > 0 || isAskingAll ? (
              <SelectionBar
                besideFacets
                onClear={clear}
                actions={
                  <Button
                    size="small"
                    look="primary"
                    busy={isAskingAll}
                    onClick={() => void actions.askAll(chosen.map((row) => row.subjectId))}
                  >
                    {unresolved.askSelected(chosen.length)}
                  </Button>
                }
              >
                <b className="font-semibold">
                  {unresolved.selected(
                    chosen.length,
                    formatMoney(
                      chosen.reduce((sum, row) => sum + row.amountMinor, 0n),
                      language,
                    ),
                  )}
                </b>
                {asking ? (
                  <span className="text-ink-2">
                    {isAskingAll
                      ? unresolved.askingOf(asking.done, asking.count)
                      : unresolved.asked(asking.answered, asking.silent)}
                  </span>
                ) : null}
              </SelectionBar>
            ) : (
              <ResultLine
                besideFacets
                actions={
                  isStale ? (
                    <Button size="small" busy={list.isFetching} onClick={() => void list.refetch()}>
                      {unresolved.reconnect}
                    </Button>
                  ) : mayResolve && open.length > 0 && !narrow ? (
                    <span className="text-ink-3 text-meta">
                      <Kbd>i</Kbd> {unresolved.ask}
                    </span>
                  ) : undefined
                }
              >
                {isStale ? (
                  <span className="text-warn">
                    <TimeInText at={checkedAt} say={unresolved.stale} />
                  </span>
                ) : list.data && rows.length > 0 ? (
                  <span>
                    {open.length < count ? unresolved.shown(open.length, count) : common.resultCount(count)} ·{" "}
                    {unresolved.sorted}
                  </span>
                ) : null}
              </ResultLine>
            )}
          </div>
          {assign.takeError ? (
            <div className="px-6 py-2 max-wide:px-4">
              <QueryError compact error={assign.takeError} title={unresolved.assign.failed} />
            </div>
          ) : null}
          {list.isError && !list.data ? (
            <div className="p-6 max-wide:p-4">
              <QueryError
                error={list.error}
                title={unresolved.errors.list}
                onRetry={() => void list.refetch()}
                retrying={list.isFetching}
              />
            </div>
          ) : list.isPending ? (
            <table className="w-full" aria-label={unresolved.title}>
              <tbody>
                <SkeletonRows columns={6} tall />
              </tbody>
            </table>
          ) : rows.length === 0 ? (
            address === "" ? (
              <EmptyState icon={CircleCheck} title={unresolved.empty.good}>
                <TimeInText at={checkedAt} say={unresolved.empty.goodBody} />
              </EmptyState>
            ) : (
              <EmptyState
                icon={SearchX}
                title={unresolved.empty.filtered}
                action={<Button onClick={() => change(defaultFilter)}>{common.clearAll}</Button>}
              >
                {unresolved.empty.filteredBody}
              </EmptyState>
            )
          ) : (
            <>
              {narrow ? <UnresolvedCards {...listProps} /> : <UnresolvedTable {...listProps} />}
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
      </div>
      {assign.releasing ? (
        <ReleaseSheet
          key={assign.releasing.subjectId}
          row={assign.releasing}
          isSending={assign.isSending}
          error={assign.releaseError}
          onRelease={assign.release}
          onClose={assign.closeRelease}
        />
      ) : null}
    </div>
  );
}
