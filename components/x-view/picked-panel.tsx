"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { memo, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { formatClock, formatExactTime, formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { LoadMore } from "#components/payments/load-more.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import { type BoxFieldError, boxFieldsOf, readBoxFields } from "#components/x-view/box-fields.ts";
import { OutcomeLabel } from "#components/x-view/outcome-mark.tsx";
import { pickedPageSize, pickInputOf } from "#components/x-view/pick-input.ts";
import type { Box, TimeSpan } from "#components/x-view/plot-scale.ts";
import { paymentsHref, type XView } from "#components/x-view/x-view-url.ts";
import { xViewOutcomes } from "#server/x-view/x-view.values.ts";
import type { PickedTotals } from "#server/x-view/x-view-queries.ts";

const slowestEveryMs = 10_000;

/** What is listed: the box, or the slowest of the window while there is none. */
export const PickedPanel = memo(function PickedPanel({
  view,
  initialSpan,
  readSpan,
  isLive,
  isReady,
  onBox,
  onZoom,
}: {
  view: XView;
  /** The window as the page was asked for, by the server's clock. */
  initialSpan: TimeSpan;
  /** The present window. */
  readSpan: () => TimeSpan;
  isLive: boolean;
  /** False until the server's clock is known. */
  isReady: boolean;
  onBox: (box: Box | null) => void;
  onZoom: (span: TimeSpan) => void;
}) {
  const { xView } = useTexts();
  const { picked } = xView;
  const language = useLanguage();
  const trpc = useTRPC();
  const panel = useRef<HTMLElement>(null);
  const span = useSlowestSpan(initialSpan, readSpan, view, isLive, isReady, panel);
  const { box } = view;
  const wanted: Box = box ?? { ...span, minMs: 0, maxMs: null };
  const input = pickInputOf(view, wanted);
  const enabled = view.hidden.length < xViewOutcomes.length;
  const totals = useQuery({
    ...trpc.xView.pickedTotals.queryOptions(input),
    enabled: enabled && box !== null,
    placeholderData: keepPreviousData,
  });
  const pages = useInfiniteQuery({
    ...trpc.xView.picked.infiniteQueryOptions(
      { ...input, limit: pickedPageSize },
      { getNextPageParam: (page) => page.nextCursor },
    ),
    enabled,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
  const list = box ? paymentsHref(view, box) : null;
  const approvals = totals.data?.operations.approval ?? 0;
  const cancels = totals.data?.operations.cancel ?? 0;
  const rows = enabled ? (pages.data?.pages.flatMap((page) => page.rows) ?? []) : [];
  const isEmpty = !enabled ? isReady : pages.isSuccess && rows.length === 0;
  const hasToday = (at: Date) => Math.abs(Date.now() - at.getTime()) < 12 * 3_600_000;
  return (
    <section
      ref={panel}
      aria-label={box ? picked.title : picked.slowest}
      className="flex min-h-0 min-w-0 flex-col border-line border-l max-full:border-t-8 max-full:border-t-sunken max-full:border-l-0"
    >
      <div className="flex flex-col gap-2 px-4 pt-3 pb-2">
        <div className="flex min-h-7 items-center gap-2">
          <h2 className="font-bold text-section">{box ? picked.title : picked.slowest}</h2>
          {box && totals.data ? (
            <span role="status" className="text-ink-3">
              {picked.count(totals.data.count)}
            </span>
          ) : null}
          {box ? (
            <Button look="ghost" size="small" className="ml-auto" onClick={() => onBox(null)}>
              {picked.clear}
            </Button>
          ) : null}
        </div>
        <p className={classes("min-h-10 text-ink-2", !box && "text-ink-3")}>
          {box && totals.data && totals.data.count > 0 ? (
            <>
              {troubleSentence(totals.data, picked)}
              <span className="block text-ink-3">
                {picked.amount} {formatMoney(totals.data.amountMinor, language)}
              </span>
            </>
          ) : box ? null : (
            picked.slowestHelp
          )}
        </p>
        <BoxForm key={JSON.stringify(box ?? span)} box={wanted} onApply={onBox}>
          {box ? (
            <Button size="small" onClick={() => onZoom(box)}>
              {picked.zoom}
            </Button>
          ) : null}
          {list && totals.data && approvals > 0 ? (
            <Button asChild size="small">
              <Link href={list}>
                {cancels > 0 ? picked.openApprovals(approvals) : picked.openList(approvals)}
              </Link>
            </Button>
          ) : null}
        </BoxForm>
        {box && cancels > 0 ? <p className="text-ink-3 text-meta">{picked.cancelsStay(cancels)}</p> : null}
      </div>
      {pages.isError ? (
        <div className="px-4 pb-4">
          <QueryError
            error={pages.error}
            title={picked.error}
            onRetry={() => void pages.refetch()}
            retrying={pages.isFetching}
            compact
          />
        </div>
      ) : isEmpty ? (
        <EmptyState title={picked.empty}>{picked.emptyHelp}</EmptyState>
      ) : (
        <Table
          caption={box ? picked.listLabel : picked.slowest}
          fetching={pages.isPlaceholderData && box !== null}
          wrapperClassName="flex-1 scroll-pt-8 border-line border-t"
          className="[&_td:first-child]:pl-4 [&_td:last-child]:pr-4 [&_th:first-child]:pl-4 [&_th:last-child]:pr-4"
        >
          <TableHead>
            <HeaderCell>{picked.columns.outcome}</HeaderCell>
            <HeaderCell>{picked.columns.at}</HeaderCell>
            <HeaderCell>{picked.columns.mall}</HeaderCell>
            <HeaderCell numeric sort="descending">
              {picked.columns.seconds} ↓
            </HeaderCell>
          </TableHead>
          <tbody className={pages.isPlaceholderData && box ? "opacity-60" : undefined}>
            {rows.length === 0 ? <SkeletonRows rows={10} columns={4} /> : null}
            {rows.map((row) => (
              <TableRow key={row.id} className="relative">
                <Cell className="h-8">
                  <OutcomeLabel outcome={row.outcome} label={xView.outcomes[row.outcome]} />
                </Cell>
                <Cell className="h-8">
                  <Tooltip content={formatExactTime(row.answeredAt)}>
                    <Link
                      href={`/payments/${row.paymentKey}`}
                      aria-label={`${hasToday(row.answeredAt) ? "" : `${seoulDay(row.answeredAt)} `}${formatClock(row.answeredAt)}. ${picked.open(row.orderId)}`}
                      className="text-ink no-underline after:absolute after:inset-0 hover:underline"
                    >
                      {/* The link covers the row, so it tells the whole instant in the place of its time. */}
                      <time dateTime={row.answeredAt.toISOString()}>
                        {hasToday(row.answeredAt) ? "" : `${seoulDay(row.answeredAt)} `}
                        {formatClock(row.answeredAt)}
                      </time>
                    </Link>
                  </Tooltip>
                </Cell>
                <Cell describing className="h-8" title={`${row.mallName} · ${row.vanCode} · ${row.orderId}`}>
                  {row.mallName}
                  {view.operation.length > 1 ? (
                    <span className="text-ink-3"> · {xView.operations[row.operation]}</span>
                  ) : null}
                </Cell>
                <Cell numeric className="h-8 font-semibold">
                  {(row.durationMs / 1_000).toFixed(2)}
                </Cell>
              </TableRow>
            ))}
            {pages.hasNextPage ? (
              <tr>
                <td colSpan={4} className="py-3 text-center">
                  <LoadMore
                    loading={pages.isFetchingNextPage}
                    failed={pages.isFetchNextPageError}
                    onLoad={() => void pages.fetchNextPage()}
                  />
                </td>
              </tr>
            ) : null}
          </tbody>
        </Table>
      )}
    </section>
  );
});

function seoulDay(at: Date): string {
  return new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(5, 10);
}

function troubleSentence(
  { outcomes, troubledVans }: PickedTotals,
  words: {
    trouble: (count: number) => string;
    troubleVan: (van: string) => string;
    fine: string;
  },
): string {
  const count = (outcomes.failed ?? 0) + (outcomes.netCanceled ?? 0) + (outcomes.unknown ?? 0);
  if (count === 0) return words.fine;
  const [van] = troubledVans;
  return troubledVans.length === 1 && van
    ? `${words.trouble(count)} ${words.troubleVan(van)}`
    : words.trouble(count);
}

/** The window whose slowest are listed: again every ten seconds, but never under a pointer or a focus (design §10). */
function useSlowestSpan(
  initialSpan: TimeSpan,
  readSpan: () => TimeSpan,
  { minutes, box, zoom }: XView,
  isLive: boolean,
  isReady: boolean,
  panel: RefObject<HTMLElement | null>,
): TimeSpan {
  const [span, setSpan] = useState(initialSpan);
  const isInitial = useRef(true);
  const read = useRef(readSpan);
  useEffect(() => {
    read.current = readSpan;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another window or zoom is listed at once
  useEffect(() => {
    if (!isReady || box) return;
    const take = () => {
      const { fromMs, toMs } = read.current();
      setSpan({ fromMs: Math.round(fromMs), toMs: Math.round(toMs) });
    };
    // The first window is listed already, unless the page lay in the browser's memory for a while.
    if (!isInitial.current || Math.abs(read.current().toMs - initialSpan.toMs) > slowestEveryMs) take();
    isInitial.current = false;
    if (!isLive || zoom) return;
    const timer = setInterval(() => {
      const isInUse = panel.current?.matches(":hover") || panel.current?.contains(document.activeElement);
      if (!isInUse && document.visibilityState === "visible") take();
    }, slowestEveryMs);
    return () => clearInterval(timer);
  }, [isReady, isLive, minutes, box === null, zoom?.fromMs, zoom?.toMs, panel]);
  return span;
}

const field =
  "h-7 w-full min-w-0 rounded-control border border-line-strong bg-surface px-1.5 text-center aria-invalid:border-bad max-wide:h-10";

/** The box by numbers: what dragging does, for the keyboard and for exact ends (WCAG 2.5.7). */
function BoxForm({
  box,
  onApply,
  children,
}: {
  box: Box;
  onApply: (box: Box) => void;
  /** More buttons, below; for the box that is there. */
  children: ReactNode;
}) {
  const { picked } = useTexts().xView;
  const [fields, setFields] = useState(() => boxFieldsOf(box));
  const [error, setError] = useState<BoxFieldError | null>(null);
  const control = (name: keyof typeof fields, label: string, placeholder: string) => (
    <input
      aria-label={label}
      aria-invalid={error !== null || undefined}
      aria-describedby={error ? "x-view-box-error" : undefined}
      className={field}
      inputMode={name === "min" || name === "max" ? "decimal" : "text"}
      autoComplete="off"
      placeholder={placeholder}
      value={fields[name]}
      onChange={(event) => setFields({ ...fields, [name]: event.target.value })}
    />
  );
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const read = readBoxFields(fields, box.fromMs);
        if (typeof read === "string") return setError(read);
        setError(null);
        onApply(read);
      }}
    >
      {/* Two groups that break between each other where there is no room: no field is narrower than what it says. */}
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5">
        <div className="grid grid-cols-[5rem_auto_5rem] items-center gap-x-1">
          {control("from", picked.from, "14:21:00")}
          <span aria-hidden className="text-ink-3">
            –
          </span>
          {control("to", picked.to, "14:25:00")}
        </div>
        <div className="grid grid-cols-[4rem_auto_4.75rem_auto] items-center gap-x-1">
          {control("min", picked.min, "0")}
          <span aria-hidden className="text-ink-3">
            –
          </span>
          {control("max", picked.max, picked.noMax)}
          <span aria-hidden className="text-ink-3">
            {picked.secondsUnit}
          </span>
        </div>
        <Button size="small" type="submit">
          {picked.apply}
        </Button>
      </div>
      <FieldError id="x-view-box-error" message={error ? picked[error] : undefined} />
      <div className="mt-2 flex flex-wrap gap-2 empty:hidden">{children}</div>
    </form>
  );
}
