"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { FileQuestion, Scale, SearchX } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { ExportButton } from "#components/exports/export-button.tsx";
import { formatMoney, formatNumber } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { spanText } from "#components/integrity/time-words.ts";
import { useMay } from "#components/layout/operator-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { LoadMore } from "#components/payments/load-more.tsx";
import { MultiChoice } from "#components/payments/multi-choice.tsx";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { PeriodChip, useVanOptions } from "#components/reconciliation/condition-chips.tsx";
import { matchedShare } from "#components/reconciliation/day-standing.ts";
import { DayBadge } from "#components/reconciliation/recon-badges.tsx";
import { ReconciliationTabs } from "#components/reconciliation/reconciliation-tabs.tsx";
import {
  type BoardView,
  boardAddress,
  dayHref,
  emptyBoard,
  toDayItems,
  toDaySearch,
} from "#components/reconciliation/reconciliation-url.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { useNow } from "#components/ui/countdown.tsx";
import { DateTime } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FilterBar, FilterChip } from "#components/ui/filter-chip.tsx";
import { Money } from "#components/ui/money.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { dayStates, type ReconClass, reconClasses } from "#server/reconciliation/reconciliation.values.ts";
import type { ReconDayRow } from "#server/reconciliation/reconciliation-queries.ts";

const UploadSheet = dynamic(
  () => import("#components/reconciliation/upload-sheet.tsx").then((module) => module.UploadSheet),
  { ssr: false },
);

const pageSize = 62;
const refreshEveryMs = 15_000;
const minuteMs = 60_000;

/** What differs has a column of its own; what agrees is the rest. */
const differing = reconClasses.filter((name): name is Exclude<ReconClass, "MATCHED"> => name !== "MATCHED");

/** Each day of each VAN, the latest first: how far it is, what differs in it, and which files it has. */
export function BoardScreen() {
  const { reconciliation, common } = useTexts();
  const words = reconciliation.board;
  const trpc = useTRPC();
  const narrow = useNarrow();
  const mayManage = useMay("reconciliation:manage");
  const now = useNow(minuteMs);
  const { view, change } = useAddressView(boardAddress);
  const [isUploading, setUploading] = useState(false);
  const list = useInfiniteQuery(
    trpc.reconciliation.days.infiniteQueryOptions(
      { ...toDaySearch(view), limit: pageSize },
      {
        getNextPageParam: (page) => page.nextCursor ?? undefined,
        placeholderData: keepPreviousData,
        refetchInterval: refreshEveryMs,
      },
    ),
  );
  const days = list.data?.pages.flatMap((page) => page.days) ?? [];
  const isFiltered = boardAddress.write(view) !== "";
  const upload = mayManage ? (
    <Button
      look={days.length === 0 && !isFiltered ? "primary" : "secondary"}
      onClick={() => setUploading(true)}
    >
      {reconciliation.upload.open}
    </Button>
  ) : null;
  const props: BoardProps = {
    days,
    now,
    fetching: list.isPlaceholderData,
    more: list.hasNextPage ? (
      <LoadMore
        loading={list.isFetchingNextPage}
        failed={list.isFetchNextPageError}
        onLoad={() => void list.fetchNextPage()}
      />
    ) : null,
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title={reconciliation.title}
        actions={
          <>
            {/* Without the pages that are not read yet the screen says no count. */}
            {days.length > 0 ? (
              <ExportButton
                sources={[{ kind: "RECONCILIATION", filter: toDayItems(view) }]}
                seenCount={list.hasNextPage || list.isPlaceholderData ? undefined : itemCount(days)}
              />
            ) : null}
            {upload}
          </>
        }
      />
      <ReconciliationTabs page="board" />
      <BoardFilters view={view} change={change} />
      {list.isError && days.length === 0 ? (
        <div className="p-6 max-wide:p-4">
          <QueryError
            error={list.error}
            title={words.error}
            onRetry={() => void list.refetch()}
            retrying={list.isFetching}
          />
        </div>
      ) : list.isPending ? (
        <table className="w-full border-line border-t" aria-label={words.caption}>
          <tbody>
            <SkeletonRows columns={10} tall />
          </tbody>
        </table>
      ) : days.length === 0 ? (
        <div className="border-line border-t">
          {isFiltered ? (
            <EmptyState
              icon={SearchX}
              title={words.empty}
              action={<Button onClick={() => change(emptyBoard)}>{common.clearAll}</Button>}
            >
              {words.emptyBody}
            </EmptyState>
          ) : (
            <EmptyState icon={Scale} title={words.none}>
              {mayManage ? words.noneBody : words.noneRead}
            </EmptyState>
          )}
        </div>
      ) : narrow ? (
        <BoardCards {...props} />
      ) : (
        <BoardTable {...props} />
      )}
      {isUploading ? <UploadSheet onClose={() => setUploading(false)} /> : null}
    </div>
  );
}

/** How many items there are in some days, explained or not. */
function itemCount(days: readonly ReconDayRow[]): number {
  return days.flatMap((day) => day.classes).reduce((sum, { count }) => sum + count, 0);
}

function BoardFilters({ view, change }: { view: BoardView; change: (next: Partial<BoardView>) => void }) {
  const { reconciliation, common } = useTexts();
  const words = reconciliation.filters;
  const vans = useVanOptions();
  const said = (values: readonly string[]) =>
    values[0] === undefined ? undefined : words.some(values[0], values.length - 1);
  return (
    <section aria-label={words.label}>
      <FilterBar>
        <FilterChip name={words.van} value={said(view.van)} onClear={() => change({ van: [] })}>
          {(close) => (
            <MultiChoice
              legend={words.van}
              options={vans(view.van)}
              chosen={view.van}
              onApply={(van) => {
                close();
                change({ van });
              }}
            />
          )}
        </FilterChip>
        <FilterChip
          name={words.state}
          value={said(view.state.map((state) => words.states[state]))}
          onClear={() => change({ state: [] })}
        >
          {(close) => (
            <MultiChoice
              legend={words.state}
              options={dayStates.map((state) => ({ value: state, label: words.states[state] }))}
              chosen={view.state}
              onApply={(state) => {
                close();
                change({ state });
              }}
            />
          )}
        </FilterChip>
        <PeriodChip value={view.date} onChange={(date) => change({ date })} />
        {boardAddress.write(view) ? (
          <Button look="ghost" onClick={() => change(emptyBoard)}>
            {common.clearAll}
          </Button>
        ) : null}
      </FilterBar>
    </section>
  );
}

type BoardProps = Readonly<{
  days: readonly ReconDayRow[];
  now: Date | null;
  fetching: boolean;
  more: React.ReactNode;
}>;

function BoardTable({ days, now, fetching, more }: BoardProps) {
  const { reconciliation } = useTexts();
  const words = reconciliation.board;
  const { columns } = words;
  return (
    <Table
      caption={words.caption}
      fetching={fetching}
      wrapperClassName="flex-1 border-line border-t tabular-nums"
    >
      <TableHead>
        <HeaderCell>{columns.state}</HeaderCell>
        <HeaderCell>{columns.date}</HeaderCell>
        <HeaderCell>{columns.van}</HeaderCell>
        <HeaderCell className="w-full">{columns.files}</HeaderCell>
        <HeaderCell numeric>{columns.records}</HeaderCell>
        <HeaderCell numeric>{columns.share}</HeaderCell>
        {differing.map((name) => (
          <HeaderCell key={name} numeric>
            {reconciliation.classes[name]}
          </HeaderCell>
        ))}
        <HeaderCell numeric>{columns.unexplained}</HeaderCell>
        <HeaderCell numeric>{columns.age}</HeaderCell>
      </TableHead>
      <tbody className={classes(fetching && "opacity-60")}>
        {days.map((day) => (
          <TableRow key={`${day.vanCode} ${day.businessDate}`}>
            <Cell tall>
              <DayBadge day={day} />
            </Cell>
            <Cell tall>
              <Link
                href={dayHref(day)}
                aria-label={words.open(day.businessDate, day.vanCode)}
                className="font-semibold text-ink hover:underline"
              >
                {day.businessDate}
              </Link>
            </Cell>
            <Cell tall>{day.vanCode}</Cell>
            <Cell tall className="leading-[18px]">
              <FileTime kind="VAN" at={day.vanFileAt} />
              <FileTime kind="DEPOSIT" at={day.depositFileAt} />
            </Cell>
            <Cell tall numeric>
              {day.vanFileAt === null ? <Money amountMinor={null} /> : formatNumber(day.recordCount)}
            </Cell>
            <Cell
              tall
              numeric
              className={day.matchedCount < day.recordCount ? "font-semibold" : "text-ink-2"}
            >
              {matchedShare(day) ?? <Money amountMinor={null} />}
            </Cell>
            {differing.map((name) => (
              <Cell key={name} tall numeric>
                <Figure day={day} name={name} />
              </Cell>
            ))}
            <Cell tall numeric className={classes(day.unexplainedMinor > 0n && "font-semibold")}>
              <Money bare amountMinor={day.unexplainedMinor} />
            </Cell>
            <Cell tall numeric className="text-ink-2">
              <Age day={day} now={now} />
            </Cell>
          </TableRow>
        ))}
        {more ? (
          <tr>
            <td colSpan={14} className="py-2 text-center">
              {more}
            </td>
          </tr>
        ) : null}
      </tbody>
    </Table>
  );
}

/** When a file came, or that it has not. */
function FileTime({ kind, at }: { kind: "VAN" | "DEPOSIT"; at: Date | null }) {
  const words = useTexts().reconciliation.board;
  return (
    <span className="flex items-center gap-1.5">
      <span className="w-7 text-ink-3 text-meta">{words.file[kind]}</span>
      {at === null ? (
        <span className="inline-flex items-center gap-1 text-meta text-warn">
          <FileQuestion aria-hidden className="size-3.5" strokeWidth={1.75} />
          {words.fileMissing}
        </span>
      ) : (
        <DateTime at={at} className="text-ink-2" />
      )}
    </span>
  );
}

/** How many records of a day have a class, and of these what is left to be explained; leads to just these. */
function Figure({ day, name }: { day: ReconDayRow; name: ReconClass }) {
  const { reconciliation } = useTexts();
  if (day.vanFileAt === null) return <Money amountMinor={null} />;
  const found = day.classes.find((one) => one.class === name);
  if (!found) return <span className="text-ink-3">0</span>;
  const { count, unexplainedCount } = found;
  return (
    <Link
      href={dayHref(day, { class: [name], show: unexplainedCount > 0 ? "open" : "all" })}
      className={classes(
        "relative inline-flex min-h-6 items-center underline underline-offset-2",
        unexplainedCount > 0 ? "font-semibold text-link" : "text-ink-2",
      )}
    >
      {formatNumber(unexplainedCount > 0 ? unexplainedCount : count)}
      {unexplainedCount > 0 && unexplainedCount < count ? (
        <span className="font-normal text-ink-3">/{formatNumber(count)}</span>
      ) : null}
      <span className="sr-only">
        {reconciliation.board.figure(
          day.businessDate,
          day.vanCode,
          reconciliation.classes[name],
          count,
          unexplainedCount,
        )}
      </span>
    </Link>
  );
}

/** How long a day has been over and open; of a closed one, that it is. */
function Age({ day, now }: { day: ReconDayRow; now: Date | null }) {
  const { reconciliation } = useTexts();
  if (day.closedAt) return <DateTime at={day.closedAt} />;
  if (!now) return null;
  const overAt = Date.parse(`${day.businessDate}T15:00:00.000Z`);
  return <>{spanText(now.getTime() - overAt, reconciliation.age)}</>;
}

/** The board at 390 px: a few lines per day, the whole of it one link. */
function BoardCards({ days, now, fetching, more }: BoardProps) {
  const { reconciliation } = useTexts();
  const words = reconciliation.board;
  const language = useLanguage();
  return (
    <>
      <ul
        aria-label={words.caption}
        className={classes("border-line border-t tabular-nums", fetching && "opacity-60")}
      >
        {days.map((day) => (
          <li
            key={`${day.vanCode} ${day.businessDate}`}
            className="relative grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5 border-line border-b px-4 py-2.5"
          >
            <Link
              href={dayHref(day)}
              aria-label={words.open(day.businessDate, day.vanCode)}
              className="font-semibold text-ink no-underline after:absolute after:inset-0"
            >
              {day.businessDate} {day.vanCode}
            </Link>
            <span className="text-right">
              <DayBadge day={day} />
            </span>
            {/* Without the VAN's file nothing was compared: no difference is known, which is not the same as none. */}
            <span className="text-ink-2">
              {day.vanFileAt === null ? words.noVanFile : words.left(day.unexplainedCount)}
            </span>
            {day.unexplainedMinor > 0n ? (
              <b className="text-right font-semibold">{formatMoney(day.unexplainedMinor, language)}</b>
            ) : null}
            <span className="flex flex-wrap gap-x-3 text-ink-3 text-meta empty:hidden">
              {day.classes
                .filter(({ unexplainedCount }) => unexplainedCount > 0)
                .map((one) => (
                  <span key={one.class}>
                    {reconciliation.classes[one.class]} {formatNumber(one.unexplainedCount)}
                  </span>
                ))}
              {day.depositFileAt === null ? (
                <span>
                  {words.file.DEPOSIT} {words.fileMissing}
                </span>
              ) : null}
            </span>
            <span className="col-start-2 text-right text-ink-3 text-meta">
              {[matchedShare(day), now && !day.closedAt ? <Age key="age" day={day} now={now} /> : null]
                .filter(Boolean)
                .map((part, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two parts that stay where they are
                  <span key={index}>
                    {index > 0 ? " · " : null}
                    {part}
                  </span>
                ))}
            </span>
          </li>
        ))}
      </ul>
      {more ? <div className="flex justify-center py-2">{more}</div> : null}
    </>
  );
}
