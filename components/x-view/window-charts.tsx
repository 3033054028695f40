"use client";

import dynamic from "next/dynamic";
import { memo, startTransition, useEffect, useState } from "react";
import { ChartFrame } from "#components/charts/chart-frame.tsx";
import { seriesColors, toneColors } from "#components/charts/chart-style.ts";
import type { TimeMark } from "#components/charts/time-points.ts";
import { formatAxis, formatClock } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { ExactOnHover } from "#components/ui/date-time.tsx";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import { outcomeLooks } from "#components/x-view/outcome-looks.ts";
import type { TimeSpan } from "#components/x-view/plot-scale.ts";
import type { WindowFigures } from "#components/x-view/slot-figures.ts";
import { type XViewOutcome, xViewOutcomes } from "#server/x-view/x-view.values.ts";

// The plot is what one comes for: it does not wait for the library that draws these.
const TimeLineChart = dynamic(
  () => import("#components/charts/time-line-chart.tsx").then((file) => file.TimeLineChart),
  { ssr: false },
);
const TimeBarChart = dynamic(
  () => import("#components/charts/time-bar-chart.tsx").then((file) => file.TimeBarChart),
  { ssr: false },
);

const heightPx = 132;
/** What failed lies at the bottom, so that it can be compared. */
const stacked = xViewOutcomes.toReversed();

/** Until when a page that never rests waits with its charts. */
const drawWithinMs = 1_000;

/** Says when the page has shown what one came for and has time for more. */
function useSpareTime(isReady: boolean): boolean {
  const [hasTime, setHasTime] = useState(false);
  useEffect(() => {
    if (!isReady) return;
    const draw = () => startTransition(() => setHasTime(true));
    // Safari has no idle callbacks.
    if (!("requestIdleCallback" in window)) {
      const timer = setTimeout(draw, 200);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(draw, { timeout: drawWithinMs });
    return () => cancelIdleCallback(idle);
  }, [isReady]);
  return hasTime;
}

/**
 * Percentiles and throughput of the window: the same points as the scatter, counted by slot. Dragging zooms all three.
 * They are drawn once the points stand (`isReady`) and the page rests: the plot and its list come first.
 */
export const WindowCharts = memo(function WindowCharts({
  isReady,
  figures,
  hidden,
  band,
  marks,
  onZoom,
  onUnzoom,
}: {
  isReady: boolean;
  figures: WindowFigures;
  hidden: readonly XViewOutcome[];
  band: TimeSpan | null;
  marks: readonly TimeMark[];
  onZoom: (span: TimeSpan) => void;
  onUnzoom: (() => void) | undefined;
}) {
  const { xView, common } = useTexts();
  const { charts } = xView;
  const language = useLanguage();
  const areDrawn = useSpareTime(isReady);
  const { slotMs } = figures;
  const slotWords = charts.slot(slotMs / 1_000);
  const clock = (at: number) => formatClock(new Date(at)).slice(0, slotMs < 60_000 ? 8 : 5);
  const inTable = (at: number) => <ExactOnHover at={new Date(at)}>{slotName(at)}</ExactOnHover>;
  const slotName = (at: number) => `${clock(at)}–${clock(at + slotMs)}`;
  const seconds = (ms: number) => xView.seconds((ms / 1_000).toFixed(2));
  const perMinute = (value: number) => charts.perMinute(value.toFixed(value < 10 ? 1 : 0));
  const nothing = isReady && !figures.percentiles ? charts.nothing : undefined;
  const shared = {
    syncId: "x-view",
    formatTick: (at: number) => formatClock(new Date(at)).slice(0, slotMs < 10_000 ? 8 : 5),
    formatSlot: slotName,
    emptySlot: charts.nothing,
    onZoom: (fromMs: number, lastMs: number) => onZoom({ fromMs, toMs: lastMs + slotMs }),
    onUnzoom,
    marks,
    band: band ? { from: band.fromMs, to: band.toMs } : null,
  };
  const shownOutcomes = stacked.filter((outcome) => !hidden.includes(outcome));
  return (
    <div className="grid grid-cols-2 gap-x-6 gap-y-4 max-wide:grid-cols-1">
      <ChartFrame
        title={charts.percentiles}
        unit={charts.percentilesUnit(slotWords)}
        heightPx={heightPx}
        empty={nothing}
        chart={
          areDrawn ? (
            <TimeLineChart
              {...shared}
              label={charts.percentiles}
              points={figures.latency}
              series={[
                { key: "p99", name: "p99", color: seriesColors[4], dashed: true, widthPx: 1.5 },
                { key: "p95", name: "p95", color: seriesColors[0] },
                { key: "p50", name: "p50", color: "var(--ink-3)", widthPx: 1 },
              ]}
              formatValue={seconds}
              formatAxisValue={(ms) => String(Number((ms / 1_000).toPrecision(2)))}
            />
          ) : null
        }
        table={
          <Table caption={charts.percentiles}>
            <TableHead>
              <HeaderCell>{charts.time}</HeaderCell>
              {["p50", "p95", "p99"].map((name) => (
                <HeaderCell key={name} numeric>
                  {name}
                </HeaderCell>
              ))}
            </TableHead>
            <tbody>
              {figures.latency.toReversed().map((row) => (
                <TableRow key={row.at}>
                  <Cell>{inTable(row.at)}</Cell>
                  {["p50", "p95", "p99"].map((name) => (
                    <Cell key={name} numeric>
                      {typeof row[name] === "number" ? (
                        seconds(row[name])
                      ) : (
                        <Gap label={common.notApplicable} />
                      )}
                    </Cell>
                  ))}
                </TableRow>
              ))}
            </tbody>
          </Table>
        }
      />
      <ChartFrame
        title={charts.throughput}
        unit={charts.throughputUnit(slotWords)}
        heightPx={heightPx}
        empty={nothing}
        chart={
          areDrawn ? (
            <TimeBarChart
              {...shared}
              label={charts.throughput}
              points={figures.throughput}
              series={shownOutcomes.map((outcome) => ({
                key: outcome,
                name: xView.outcomes[outcome],
                color: toneColors[outcomeLooks[outcome].tone],
              }))}
              fadedKey="done"
              total={common.total}
              formatValue={perMinute}
              formatAxisValue={(value) => formatAxis(value, language)}
            />
          ) : null
        }
        table={
          <Table caption={charts.throughput}>
            <TableHead>
              <HeaderCell>{charts.time}</HeaderCell>
              {shownOutcomes.toReversed().map((outcome) => (
                <HeaderCell key={outcome} numeric>
                  {xView.outcomes[outcome]}
                </HeaderCell>
              ))}
            </TableHead>
            <tbody>
              {figures.throughput.toReversed().map((row) => (
                <TableRow key={row.at}>
                  <Cell>{inTable(row.at)}</Cell>
                  {shownOutcomes.toReversed().map((outcome) => (
                    <Cell key={outcome} numeric>
                      {typeof row[outcome] === "number" ? (
                        perMinute(row[outcome])
                      ) : (
                        <Gap label={common.notApplicable} />
                      )}
                    </Cell>
                  ))}
                </TableRow>
              ))}
            </tbody>
          </Table>
        }
      />
    </div>
  );
});

function Gap({ label }: { label: string }) {
  return (
    <span role="img" aria-label={label} className="text-ink-3">
      –
    </span>
  );
}
