"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ZoomOut } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { ChartFrame } from "#components/charts/chart-frame.tsx";
import { seriesColors, toneColors } from "#components/charts/chart-style.ts";
import type { TimePoint, TimeSeries } from "#components/charts/time-points.ts";
import { useTimeMarks } from "#components/charts/use-time-marks.ts";
import { formatAxis, formatMinute } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { PageHeader, SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useAddressView } from "#components/layout/use-address-view.ts";
import { MultiChoice } from "#components/payments/multi-choice.tsx";
import { formatMs, formatShare, LatencyFigureStrip } from "#components/reports/latency-figures.tsx";
import { type LatencyRow, LatencyTable } from "#components/reports/latency-table.tsx";
import {
  type LatencyView,
  latencyAddress,
  latencyInputOf,
  paymentsHref,
} from "#components/reports/latency-url.ts";
import { PeriodPicker } from "#components/reports/period-picker.tsx";
import { PeriodText } from "#components/reports/period-text.tsx";
import { formatSlot, formatTick } from "#components/reports/seoul-clock.ts";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { TimeInText } from "#components/ui/date-time.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { RadioCards } from "#components/ui/field.tsx";
import { FilterChip } from "#components/ui/filter-chip.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { AnswerOutcome } from "#server/payments/payment-search.values.ts";
import { type LatencyGrouping, latencyGroupings } from "#server/reports/latency.values.ts";
import type { LatencyGroup, LatencyReport, LatencySlot } from "#server/reports/latency-queries.ts";

// The library that draws weighs as much as the rest of the page, which does not wait for it.
const drawing = () => <Skeleton className="size-full" />;
const lineChart = () => import("#components/charts/time-line-chart.tsx");
const barChart = () => import("#components/charts/time-bar-chart.tsx");
const TimeLineChart = dynamic(() => lineChart().then((file) => file.TimeLineChart), {
  ssr: false,
  loading: drawing,
});
const TimeBarChart = dynamic(() => barChart().then((file) => file.TimeBarChart), {
  ssr: false,
  loading: drawing,
});
// It is read while the page is made to answer, and not only once the page has come to draw. Where it fails, drawing asks again.
if (typeof window !== "undefined") void Promise.allSettled([lineChart(), barChart()]);

const liveEveryMs = 10_000;
/** Counting runs every few seconds; when the newest minute is older than this, it has stopped. */
const stalledAfterMs = 3 * 60_000;
const syncId = "latency";
const outcomes: readonly AnswerOutcome[] = ["approved", "declined", "failed", "unknown"];
const outcomeColors: Readonly<Record<AnswerOutcome, string>> = {
  approved: toneColors.ok,
  declined: toneColors.bad,
  failed: toneColors.warn,
  unknown: toneColors.unk,
};

/** How long VANs take, how many payments they approve, and how many there are, over a period. */
export function LatencyScreen() {
  const { latency } = useTexts();
  const trpc = useTRPC();
  const { view, change } = useAddressView(latencyAddress);
  const isLive = "period" in (view.zoom ?? view.range);
  const query = useQuery({
    ...trpc.latency.read.queryOptions(latencyInputOf(view), { placeholderData: keepPreviousData }),
    refetchInterval: isLive ? liveEveryMs : false,
  });
  const report = query.data;
  return (
    <div className="flex flex-1 flex-col">
      <PageHeader
        title={latency.title}
        status={report ? <Freshness report={report} isLive={isLive} askedAtMs={query.dataUpdatedAt} /> : null}
        actions={
          <>
            {view.zoom ? (
              <Button size="small" onClick={() => change({ zoom: null })}>
                <ZoomOut aria-hidden className="size-4" strokeWidth={1.5} />
                {latency.unzoom}
              </Button>
            ) : null}
            <PeriodPicker range={view.range} onChange={(range) => change({ range, zoom: null })} />
          </>
        }
      />
      <Filters view={view} change={change} />
      {query.isError && !report ? (
        <div className="p-6 max-wide:p-4">
          <QueryError
            error={query.error}
            title={latency.error}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        </div>
      ) : report ? (
        <div className={classes("flex flex-col", query.isPlaceholderData && "opacity-60")}>
          {query.isError ? (
            <div className="px-6 pt-4 max-wide:px-4">
              <QueryError
                error={query.error}
                title={latency.error}
                onRetry={() => void query.refetch()}
                retrying={query.isFetching}
                compact
              />
            </div>
          ) : null}
          <Report
            report={report}
            view={view}
            onWiden={() => change({ range: { period: "7d" }, zoom: null })}
            onZoom={(zoom) => change({ zoom })}
            onGroup={(by) => change({ by })}
          />
        </div>
      ) : (
        <div className="flex flex-col gap-6 p-6 max-wide:p-4">
          <Skeleton className="h-12 w-2/3" />
          <Skeleton className="h-60 w-full" />
          <Skeleton className="h-40 w-full" />
        </div>
      )}
    </div>
  );
}

function Freshness({
  report,
  isLive,
  askedAtMs,
}: {
  report: LatencyReport;
  isLive: boolean;
  askedAtMs: number;
}) {
  const { latency } = useTexts();
  if (!isLive) return <PeriodText from={report.from} to={report.to} />;
  const until = report.countedUntil
    ? new Date(Math.min(report.countedUntil.getTime() + 60_000, report.to.getTime()))
    : report.to;
  // Without payments nothing is counted either, so only a busy platform can be behind.
  const stalled =
    report.countedUntil !== null &&
    report.total.count > 0 &&
    askedAtMs - report.countedUntil.getTime() > stalledAfterMs + 60_000;
  return (
    <span className={stalled ? "text-warn" : ""}>
      {stalled ? (
        <TimeInText at={until} format={formatMinute} say={latency.stalled} />
      ) : (
        <TimeInText at={report.to} format={formatMinute} say={latency.live} />
      )}
    </span>
  );
}

function Filters({ view, change }: { view: LatencyView; change: (next: Partial<LatencyView>) => void }) {
  const { latency } = useTexts();
  const trpc = useTRPC();
  const choices = useQuery({ ...trpc.latency.choices.queryOptions(), staleTime: 60_000 });
  const vans = choices.data?.vans ?? [];
  const malls = choices.data?.malls ?? [];
  const said = (ids: readonly string[], nameOf: (id: string) => string) =>
    ids[0] ? latency.some(nameOf(ids[0]), ids.length - 1) : undefined;
  return (
    <section
      aria-label={latency.filters}
      className="flex gap-2 overflow-x-auto border-line border-b px-6 pt-1 pb-3 [scrollbar-width:none] max-wide:px-4"
    >
      <FilterChip
        name={latency.van}
        value={said(view.van, (code) => code)}
        onClear={() => change({ van: [] })}
      >
        {(close) => (
          <MultiChoice
            legend={latency.van}
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
        name={latency.mall}
        value={said(view.mall, (id) => malls.find((mall) => mall.id === id)?.name ?? id)}
        onClear={() => change({ mall: [] })}
      >
        {(close) => (
          <MultiChoice
            legend={latency.mall}
            options={malls.map(({ id, name }) => ({ value: id, label: name, text: name }))}
            find={{ label: latency.findMall, none: latency.noMall }}
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

function Report({
  report,
  view,
  onWiden,
  onZoom,
  onGroup,
}: {
  report: LatencyReport;
  view: LatencyView;
  onWiden: () => void;
  onZoom: (zoom: LatencyView["zoom"]) => void;
  onGroup: (by: LatencyGrouping) => void;
}) {
  const { latency, common } = useTexts();
  const language = useLanguage();
  const router = useRouter();
  const rangeMs = report.to.getTime() - report.from.getTime();
  const where = { from: report.from, to: report.to, van: view.van, mall: view.mall };
  const slotEnd = (atMs: number) => Math.min(atMs + report.slotSeconds * 1_000, report.to.getTime());
  const slotHref = (atMs: number, outcome?: AnswerOutcome) =>
    paymentsHref(
      { ...where, from: new Date(Math.max(atMs, report.from.getTime())), to: new Date(slotEnd(atMs)) },
      outcome,
    );
  const slotName = (atMs: number) => formatSlot(atMs, slotEnd(atMs), rangeMs);
  const slotWords = latency.slot(report.slotSeconds);

  const marks = useTimeMarks(report.from, report.to);
  const percentilePoints = useMemo(
    () =>
      report.slots.map(({ at, p50Ms, p95Ms, p99Ms }) => ({
        at: at.getTime(),
        p50: p50Ms,
        p95: p95Ms,
        p99: p99Ms,
      })),
    [report],
  );
  const ratePoints = useMemo(() => ratePointsOf(report), [report]);
  const throughputPoints = useMemo(() => report.slots.map(throughputPointOf), [report]);

  const slotRows: LatencyRow[] = report.slots
    .filter(({ count }) => count > 0)
    .toReversed()
    .map((slot) => ({
      id: String(slot.at.getTime()),
      name: slotName(slot.at.getTime()),
      at: slot.at,
      figures: slot,
      href: (outcome) => slotHref(slot.at.getTime(), outcome),
    }));
  const groupRows: LatencyRow[] = report.groups.map((group) => ({
    id: group.id,
    name: groupName(group),
    figures: group.total,
    href: (outcome) =>
      paymentsHref(
        {
          ...where,
          ...(group.vanCode !== null && { van: [group.vanCode] }),
          ...(group.mallId !== null && { mall: [group.mallId] }),
        },
        outcome,
      ),
  }));

  const shared = {
    syncId,
    formatTick: (at: number) => formatTick(at, rangeMs),
    formatSlot: slotName,
    emptySlot: latency.noPayments,
    onPick: (at: number) => router.push(slotHref(at)),
    // A slot by itself cannot be made finer than a minute.
    onZoom: (from: number, last: number) => onZoom({ from: new Date(from), to: new Date(slotEnd(last)) }),
    onUnzoom: view.zoom ? () => onZoom(null) : undefined,
    marks,
  };
  const percentileSeries: TimeSeries[] = [
    { key: "p99", name: latency.percentiles.p99, color: seriesColors[4], dashed: true, widthPx: 1.5 },
    { key: "p95", name: latency.percentiles.p95, color: seriesColors[0] },
    { key: "p50", name: latency.percentiles.p50, color: "var(--ink-3)", widthPx: 1 },
  ];
  const rateSeries: TimeSeries[] = report.groups
    .filter(({ slots }) => slots !== null)
    .map((group, index) => ({
      key: group.id,
      name: groupName(group),
      color: seriesColors[index % seriesColors.length] ?? seriesColors[0],
    }));
  const slotTable = (caption: string) => (
    <LatencyTable caption={caption} first={latency.columns.time} rows={slotRows} />
  );
  const nothing = report.total.count === 0 ? latency.noPayments : undefined;

  if (report.total.count === 0 && !view.zoom && "period" in view.range && view.range.period !== "30d") {
    return (
      <EmptyState title={latency.empty} action={<Button onClick={onWiden}>{latency.widen}</Button>}>
        <PeriodText from={report.from} to={report.to} />
      </EmptyState>
    );
  }
  return (
    <>
      <LatencyFigureStrip figures={report.total} href={(outcome) => paymentsHref(where, outcome)} />
      <div className="grid grid-cols-2 gap-x-8 gap-y-6 border-line border-t px-6 pt-4 pb-6 max-wide:grid-cols-1 max-wide:px-4">
        <div className="col-span-full min-w-0">
          <ChartFrame
            title={latency.charts.percentiles}
            unit={latency.charts.percentilesUnit(slotWords)}
            heightPx={280}
            empty={nothing}
            table={slotTable(latency.charts.percentiles)}
            chart={
              <TimeLineChart
                {...shared}
                label={latency.charts.percentiles}
                points={percentilePoints}
                series={percentileSeries}
                formatValue={(ms) => formatMs(ms, latency)}
                formatAxisValue={(ms) =>
                  ms >= 1_000
                    ? latency.seconds(String(Math.round(ms / 100) / 10))
                    : ms === 0
                      ? "0"
                      : latency.milliseconds(String(Math.round(ms)))
                }
              />
            }
          />
        </div>
        <ChartFrame
          title={latency.charts.rate}
          unit={latency.charts.rateUnit(latency.groupings[view.by], slotWords)}
          heightPx={200}
          empty={nothing}
          table={slotTable(latency.charts.rate)}
          chart={
            <TimeLineChart
              {...shared}
              label={latency.charts.rate}
              points={ratePoints}
              series={rateSeries}
              ticks={rateTicks(ratePoints)}
              formatValue={(percent) => formatShare(percent / 100)}
              formatAxisValue={(percent) => `${Math.round(percent)}%`}
            />
          }
        />
        <ChartFrame
          title={latency.charts.throughput}
          unit={latency.charts.throughputUnit(slotWords)}
          heightPx={200}
          empty={nothing}
          table={slotTable(latency.charts.throughput)}
          chart={
            <TimeBarChart
              {...shared}
              label={latency.charts.throughput}
              points={throughputPoints}
              series={outcomes.map((outcome) => ({
                key: outcome,
                name: latency.outcomes[outcome],
                color: outcomeColors[outcome],
              }))}
              fadedKey="approved"
              total={common.total}
              formatValue={(perMinute) => latency.perMinute(perMinute.toFixed(perMinute < 10 ? 1 : 0))}
              formatAxisValue={(perMinute) => formatAxis(perMinute, language)}
            />
          }
        />
        <section className="col-span-full min-w-0">
          <SectionTitle
            remark={latency.method}
            action={
              <RadioCards
                legend={latency.grouping}
                legendHidden
                name="by"
                value={view.by}
                options={latencyGroupings.map((by) => ({ value: by, label: latency.groupings[by] }))}
                onChange={onGroup}
              />
            }
          >
            {latency.per[view.by]}
          </SectionTitle>
          <div className="-mx-6 border-line border-t max-wide:-mx-4">
            <LatencyTable
              caption={latency.per[view.by]}
              first={latency.groupings[view.by]}
              rows={[
                ...groupRows,
                {
                  id: "all",
                  name: latency.allVans,
                  figures: report.total,
                  href: (outcome) => paymentsHref(where, outcome),
                  strong: true,
                },
              ]}
            />
          </div>
          <p className="pt-2 text-ink-3 text-meta">
            {report.groupsTotal > report.groups.length
              ? `${latency.busiest(report.groups.length, report.groupsTotal)} `
              : null}
            {latency.charts.pick}
          </p>
        </section>
      </div>
    </>
  );
}

function throughputPointOf({ at, seconds, counts }: LatencySlot): TimePoint {
  const perMinute = (count: number) => (count * 60) / seconds;
  return {
    at: at.getTime(),
    approved: perMinute(counts.approved),
    declined: perMinute(counts.declined),
    failed: perMinute(counts.failed),
    unknown: perMinute(counts.unknown),
  };
}

function groupName({ vanCode, mallName }: LatencyGroup): string {
  return [mallName, vanCode].filter(Boolean).join(" → ");
}

/** Percent approved, one series per group. */
function ratePointsOf(report: LatencyReport): TimePoint[] {
  return report.slots.map(({ at }, index) => ({
    at: at.getTime(),
    ...Object.fromEntries(
      report.groups.flatMap(({ id, slots }) => {
        if (!slots) return [];
        const rate = slots[index]?.approvalRate ?? null;
        return [[id, rate === null ? null : rate * 100]];
      }),
    ),
  }));
}

/** The rate's axis begins at the lowest of a few round values, so that 93 and 97 % are not one line. */
function rateTicks(points: readonly TimePoint[]): number[] {
  const values = points.flatMap(({ at: _at, ...rates }) =>
    Object.values(rates).filter((rate): rate is number => typeof rate === "number"),
  );
  const lowest = Math.min(...values, 100);
  const low = [80, 60, 40, 20, 0].find((choice) => choice <= lowest) ?? 0;
  return [0, 1, 2, 3, 4].map((index) => low + (index * (100 - low)) / 4);
}
