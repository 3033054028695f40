"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, Pause, Play, ZoomIn, ZoomOut } from "lucide-react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTimeMarks } from "#components/charts/use-time-marks.ts";
import { formatMinute, formatNumber } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { isKeyTaken } from "#components/layout/single-keys.ts";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { MultiChoice } from "#components/payments/multi-choice.tsx";
import { useNarrow } from "#components/payments/use-media-query.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { TimeInText } from "#components/ui/date-time.tsx";
import { FilterChip } from "#components/ui/filter-chip.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { InFlightBar } from "#components/x-view/in-flight-bar.tsx";
import { OutcomeShape } from "#components/x-view/outcome-mark.tsx";
import { PickedPanel } from "#components/x-view/picked-panel.tsx";
import { type DurationScale, fittingTopMs, type TimeSpan } from "#components/x-view/plot-scale.ts";
import { Scatter } from "#components/x-view/scatter.tsx";
import { figuresOf } from "#components/x-view/slot-figures.ts";
import { useFeed } from "#components/x-view/use-feed.ts";
import { WindowCharts } from "#components/x-view/window-charts.tsx";
import { type XView, xViewAddress } from "#components/x-view/x-view-url.ts";
import { pointsMax, xViewMinutes, xViewOperations, xViewOutcomes } from "#server/x-view/x-view.values.ts";

const spanMsMin = 5_000;
const emptyTopMs = 1_000;
const figuresEveryMs = 5_000;

type Change = (next: Partial<XView>) => void;

/** Response times of the last minutes as they end: every transaction a point, a box of points a list. */
export function XViewScreen({ initialSpan }: { initialSpan: TimeSpan }) {
  const { xView } = useTexts();
  const trpc = useTRPC();
  const { view, change } = useAddressView(xViewAddress);
  const [isPaused, setPaused] = useState(false);
  const feed = useFeed(view, isPaused);
  const isNarrow = useNarrow();
  const choices = useQuery({ ...trpc.latency.choices.queryOptions(), staleTime: 60_000 });
  const windowMs = view.minutes * 60_000;

  // While one zooms or pans, the address follows only at the end.
  const gesture = useRef<TimeSpan | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address has taken the gesture over
  useLayoutEffect(() => {
    gesture.current = null;
  }, [view.zoom]);
  const { nowMs } = feed;
  const readSpan = useCallback((): TimeSpan => {
    if (gesture.current) return gesture.current;
    if (view.zoom) return view.zoom;
    const toMs = Math.round(nowMs());
    return { fromMs: toMs - windowMs, toMs };
  }, [view.zoom, windowMs, nowMs]);
  const moveTo = useCallback(
    ({ fromMs, toMs }: TimeSpan, isOver: boolean) => {
      const now = Math.round(nowMs());
      const lengthMs = Math.round(Math.min(Math.max(toMs - fromMs, spanMsMin), windowMs));
      const end = Math.round(Math.min(Math.max(fromMs + lengthMs, now - windowMs + lengthMs), now));
      // All of the window is the window: it follows the present again.
      const isWhole = lengthMs > windowMs * 0.98;
      gesture.current = isWhole ? null : { fromMs: end - lengthMs, toMs: end };
      if (isOver) change({ zoom: gesture.current }, "replace");
    },
    [change, nowMs, windowMs],
  );
  const zoomTo = useCallback((span: TimeSpan) => moveTo(span, true), [moveTo]);
  const follow = useCallback(() => change({ zoom: null }), [change]);
  const zoomBy = (factor: number) => {
    const { fromMs, toMs } = readSpan();
    const grownMs = ((toMs - fromMs) * (factor - 1)) / 2;
    moveTo({ fromMs: fromMs - grownMs, toMs: toMs + grownMs }, true);
  };
  const panBy = (share: number) => {
    const { fromMs, toMs } = readSpan();
    const movedMs = (toMs - fromMs) * share;
    moveTo({ fromMs: fromMs + movedMs, toMs: toMs + movedMs }, true);
  };

  const shown = useMemo(() => xViewOutcomes.map((outcome) => !view.hidden.includes(outcome)), [view.hidden]);
  const figuresVersion = useSlowVersion(feed.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the store is filled in place; its version says when
  const { figures, span } = useMemo(() => {
    const span = readSpan();
    return { figures: figuresOf(feed.store, span, shown), span };
  }, [feed.store, figuresVersion, shown, readSpan]);
  const { percentiles } = figures;
  const scale = useMemo<DurationScale>(
    () => ({
      kind: view.scale,
      topMs:
        view.heldTopMs ?? (percentiles ? fittingTopMs(percentiles.slowestMs, percentiles.p99Ms) : emptyTopMs),
    }),
    [view.scale, view.heldTopMs, percentiles],
  );
  const isReady = feed.state !== "loading";
  // Whole minutes: the question stays the same between two polls.
  const marksTo = isReady ? Math.ceil(span.toMs / 60_000) * 60_000 : null;
  const marks = useTimeMarks(
    marksTo === null ? null : new Date(Math.floor(span.fromMs / 60_000) * 60_000),
    marksTo === null ? null : new Date(marksTo),
  );
  const paintMarks = useMemo(
    () =>
      marks.map(({ at, label, tone }) => ({
        atMs: at,
        label: `${formatMinute(new Date(at))} ${label}`,
        tone,
      })),
    [marks],
  );

  const setBox = useCallback((box: XView["box"]) => change({ box }), [change]);
  useScreenKeys({
    pause: () => setPaused((paused) => !paused),
    escape: () => (view.box ? setBox(null) : view.zoom ? change({ zoom: null }) : undefined),
  });

  const mallName = (id: string) => choices.data?.malls.find((mall) => mall.id === id)?.name ?? id;
  const clock = (atMs: number) => formatMinute(new Date(atMs));
  const inSpan = isReady ? feed.store.indexAt(span.toMs) - feed.store.indexAt(span.fromMs) : 0;
  const seconds = (ms: number) => xView.seconds((ms / 1_000).toFixed(2));
  const summary = [
    xView.plot.summary(clock(span.fromMs), clock(span.toMs), inSpan),
    ...(percentiles
      ? [
          xView.plot.summaryTimes(
            seconds(percentiles.p50Ms),
            seconds(percentiles.p95Ms),
            seconds(percentiles.slowestMs),
          ),
        ]
      : []),
    xView.plot.summaryTable,
  ].join(" ");
  const isNothing = isReady && !percentiles;

  return (
    <div className="flex min-h-[680px] flex-1 flex-col max-full:min-h-0 max-full:flex-none">
      <PageHeader
        title={xView.title}
        status={<LiveWords feed={feed} count={figures.counts.reduce((sum, count) => sum + count, 0)} />}
        actions={
          <div className="flex gap-2 max-wide:w-[calc(100vw-2rem)]">
            <WindowPicker view={view} change={change} />
            <IconButton
              look="secondary"
              icon={isPaused ? Play : Pause}
              label={isPaused ? xView.resume : xView.pause}
              aria-keyshortcuts="P"
              onClick={() => setPaused(!isPaused)}
            />
          </div>
        }
      />
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2 border-line border-b px-6 pt-1 pb-2.5 max-wide:flex-col max-wide:flex-nowrap max-wide:items-stretch max-wide:px-0">
        <Legend counts={isReady ? figures.counts : null} view={view} change={change} />
        <Filters view={view} change={change} choices={choices.data} />
      </div>
      {feed.state === "lost" && feed.checkedAt === null ? (
        <div className="p-6 max-wide:p-4">
          <QueryError error={feed.error} title={xView.error} onRetry={feed.retry} />
        </div>
      ) : (
        <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)_400px] max-full:block">
          <div className="flex min-h-0 min-w-0 flex-col px-6 pt-2.5 pb-3 max-wide:px-4">
            <InFlightBar counts={feed.inFlight} />
            <section aria-label={xView.plot.title} className="flex min-h-70 flex-1 flex-col">
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1 pt-1.5 pb-1">
                <h2 className="font-bold text-section">{xView.plot.title}</h2>
                <p className="text-ink-3 text-meta max-wide:order-1 max-wide:w-full">
                  {isNarrow ? xView.plot.helpTouch : xView.plot.help}
                </p>
                <div className="ml-auto flex items-center gap-1 p-px max-wide:-mr-2">
                  <IconButton
                    icon={ZoomIn}
                    size="icon"
                    label={xView.plot.zoomIn}
                    onClick={() => zoomBy(0.5)}
                  />
                  <IconButton
                    icon={ZoomOut}
                    label={xView.plot.zoomOut}
                    disabled={!view.zoom}
                    onClick={() => zoomBy(2)}
                  />
                  <IconButton
                    icon={ChevronLeft}
                    label={xView.plot.earlier}
                    disabled={!view.zoom}
                    onClick={() => panBy(-0.5)}
                  />
                  <IconButton
                    icon={ChevronRight}
                    label={xView.plot.later}
                    disabled={!view.zoom}
                    onClick={() => panBy(0.5)}
                  />
                  <Button look="ghost" size="small" disabled={!view.zoom} onClick={follow}>
                    {xView.plot.follow}
                  </Button>
                </div>
                <span aria-hidden className="h-4 border-line border-l max-wide:hidden" />
                <div className="flex items-center gap-1 p-px max-wide:order-2 max-wide:w-full max-wide:*:flex-1">
                  <Toggle
                    isOn={view.scale === "log"}
                    onToggle={(isOn) => change({ scale: isOn ? "log" : "linear" })}
                  >
                    {xView.plot.log}
                  </Toggle>
                  <Toggle
                    isOn={view.heldTopMs !== null}
                    onToggle={(isOn) => change({ heldTopMs: isOn ? scale.topMs : null })}
                  >
                    {xView.plot.hold}
                  </Toggle>
                  <Toggle
                    isOn={view.percentileLines}
                    onToggle={(percentileLines) => change({ percentileLines })}
                  >
                    {xView.plot.lines}
                  </Toggle>
                </div>
              </div>
              {feed.cutAtMs !== null ? (
                <p className="pb-1 text-meta text-warn">
                  <TimeInText at={new Date(feed.cutAtMs)} say={(clock) => xView.plot.cut(clock, pointsMax)} />
                </p>
              ) : null}
              <div
                className={classes(
                  "relative min-h-0 flex-1 max-full:h-80 max-full:flex-none",
                  feed.isStale && "opacity-60",
                )}
              >
                {isReady ? (
                  <Scatter
                    feed={feed}
                    readSpan={readSpan}
                    scale={scale}
                    shown={shown}
                    box={view.box}
                    marks={paintMarks}
                    percentiles={view.percentileLines ? percentiles : null}
                    summary={summary}
                    mallName={mallName}
                    onBox={setBox}
                    onMove={moveTo}
                  />
                ) : (
                  <Skeleton className="h-full w-full" />
                )}
                {isNothing ? (
                  <p className="pointer-events-none absolute inset-0 grid place-items-center text-ink-3">
                    {feed.store.count > 0 || view.van.length + view.mall.length > 0
                      ? xView.plot.emptyFiltered
                      : xView.plot.empty}
                  </p>
                ) : null}
              </div>
            </section>
            <div className="pt-2">
              <WindowCharts
                isReady={isReady}
                figures={figures}
                hidden={view.hidden}
                band={view.box}
                marks={marks}
                onZoom={zoomTo}
                onUnzoom={view.zoom ? follow : undefined}
              />
            </div>
          </div>
          <PickedPanel
            view={view}
            initialSpan={initialSpan}
            readSpan={readSpan}
            isLive={!isPaused}
            isReady={isReady}
            onBox={setBox}
            onZoom={zoomTo}
          />
        </div>
      )}
    </div>
  );
}

function LiveWords({ feed, count }: { feed: ReturnType<typeof useFeed>; count: number }) {
  const { xView } = useTexts();
  const at = feed.checkedAt ?? new Date();
  if (feed.state === "loading") return <span>{xView.connecting}</span>;
  if (feed.state === "lost")
    return (
      <>
        <span role="status" className="text-warn">
          <TimeInText at={at} say={xView.lost} />
        </span>
        <Button look="ghost" size="small" onClick={feed.retry}>
          {xView.reconnect}
        </Button>
      </>
    );
  return (
    <span>
      {feed.state === "paused" ? (
        <TimeInText at={at} say={(clock) => xView.paused(clock, count)} />
      ) : (
        xView.live(count)
      )}
    </span>
  );
}

const segment =
  "flex h-7 shrink-0 items-center justify-center rounded-[4px] px-2.5 text-ink-2 hover:text-ink max-wide:h-9 max-wide:flex-1";
const chosen = "bg-surface font-semibold text-ink shadow-[0_0_0_1px_var(--line-2)]";

function WindowPicker({ view, change }: { view: XView; change: Change }) {
  const { xView } = useTexts();
  return (
    <fieldset className="flex min-w-0 rounded-control border border-line-2 bg-sunken p-px max-wide:flex-1">
      <legend className="sr-only">{xView.window}</legend>
      {xViewMinutes.map((minutes) => (
        <button
          key={minutes}
          type="button"
          aria-pressed={view.minutes === minutes}
          onClick={() => change({ minutes, zoom: null })}
          className={classes(segment, view.minutes === minutes && chosen)}
        >
          {xView.minutes(minutes)}
        </button>
      ))}
    </fieldset>
  );
}

/** Counts by outcome, each a switch. */
function Legend({ counts, view, change }: { counts: readonly number[] | null; view: XView; change: Change }) {
  const { xView } = useTexts();
  return (
    <fieldset className="relative flex min-w-0 gap-1 overflow-x-auto p-px [scrollbar-width:none] max-wide:px-4">
      <legend className="sr-only">{xView.outcomesLabel}</legend>
      {xViewOutcomes.map((outcome, code) => {
        const isShown = !view.hidden.includes(outcome);
        return (
          <button
            key={outcome}
            type="button"
            aria-pressed={isShown}
            onClick={() =>
              change({
                hidden: isShown
                  ? [...view.hidden, outcome]
                  : view.hidden.filter((other) => other !== outcome),
              })
            }
            className={classes(
              "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-control border pr-2.5 pl-2 max-wide:h-9",
              isShown
                ? "border-line-2 bg-surface hover:bg-hover"
                : "border-line-2 border-dashed bg-sunken text-ink-3 line-through",
            )}
          >
            <OutcomeShape outcome={outcome} />
            {xView.outcomes[outcome]}
            <b className="min-w-4 text-right font-semibold">
              {counts ? formatNumber(counts[code] ?? 0) : "–"}
            </b>
          </button>
        );
      })}
    </fieldset>
  );
}

function Filters({
  view,
  change,
  choices,
}: {
  view: XView;
  change: Change;
  choices: { vans: { code: string; name: string }[]; malls: { id: string; name: string }[] } | undefined;
}) {
  const { xView } = useTexts();
  const vans = choices?.vans ?? [];
  const malls = choices?.malls ?? [];
  const said = (ids: readonly string[], nameOf: (id: string) => string) =>
    ids[0] ? xView.some(nameOf(ids[0]), ids.length - 1) : undefined;
  return (
    <section
      aria-label={xView.filters}
      className="relative ml-auto flex min-w-0 gap-2 overflow-x-auto p-px [scrollbar-width:none] max-wide:ml-0 max-wide:px-4"
    >
      <FilterChip
        name={xView.operation}
        value={view.operation.map((operation) => xView.operations[operation]).join(" · ")}
      >
        {(close) => (
          <MultiChoice
            legend={xView.operation}
            options={xViewOperations.map((value) => ({ value, label: xView.operations[value] }))}
            chosen={view.operation}
            onApply={(operation) => {
              close();
              // Nothing chosen means nothing is left out.
              change({ operation: operation.length > 0 ? operation : xViewOperations });
            }}
          />
        )}
      </FilterChip>
      <FilterChip name={xView.van} value={said(view.van, (code) => code)} onClear={() => change({ van: [] })}>
        {(close) => (
          <MultiChoice
            legend={xView.van}
            options={vans.map(({ code, name }) => ({
              value: code,
              label: name === code ? code : `${code} · ${name}`,
            }))}
            chosen={view.van}
            onApply={(van) => {
              close();
              change({ van });
            }}
          />
        )}
      </FilterChip>
      <FilterChip
        name={xView.mall}
        value={said(view.mall, (id) => malls.find((mall) => mall.id === id)?.name ?? id)}
        onClear={() => change({ mall: [] })}
      >
        {(close) => (
          <MultiChoice
            legend={xView.mall}
            options={malls.map(({ id, name }) => ({ value: id, label: name, text: name }))}
            find={{ label: xView.findMall, none: xView.noMall }}
            chosen={view.mall}
            onApply={(mall) => {
              close();
              change({ mall });
            }}
          />
        )}
      </FilterChip>
    </section>
  );
}

function Toggle({
  isOn,
  onToggle,
  children,
}: {
  isOn: boolean;
  onToggle: (isOn: boolean) => void;
  children: string;
}) {
  return (
    <Button
      look="ghost"
      size="small"
      aria-pressed={isOn}
      className={isOn ? "bg-selected font-semibold text-ink" : ""}
      onClick={() => onToggle(!isOn)}
    >
      {children}
    </Button>
  );
}

/** Follows a version, but with pauses: numbers that change at each poll cannot be read, and drawing charts takes frames (design §10). */
function useSlowVersion(version: number): number {
  const [slow, setSlow] = useState(version);
  const changedAtMs = useRef(0);
  useEffect(() => {
    const waitMs = changedAtMs.current + figuresEveryMs - Date.now();
    const timer = setTimeout(
      () => {
        changedAtMs.current = Date.now();
        setSlow(version);
      },
      Math.max(waitMs, 0),
    );
    return () => clearTimeout(timer);
  }, [version]);
  return slow;
}

/** `P` pauses, Esc takes one layer back. By `code`, because in Hangul mode `key` is a jamo (design §12). */
function useScreenKeys(keys: { pause: () => void; escape: () => void }): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isKeyTaken(event)) return;
      if (event.code === "KeyP" && !event.shiftKey) latest.current.pause();
      else if (event.code === "Escape") latest.current.escape();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
