"use client";

import { useState } from "react";
import { ChartFrame } from "#components/charts/chart-frame.tsx";
import { seriesColors, toneColors } from "#components/charts/chart-style.ts";
import { ChartTooltip } from "#components/charts/chart-tooltip.tsx";
import { niceTicks } from "#components/charts/time-points.ts";
import { formatAxis, formatDay, formatNumber } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";
import { Cell, HeaderCell, Table, TableHead, TableRow } from "#components/ui/table.tsx";
import type { HomeFigures, HourOfDay } from "#server/reports/home-queries.ts";

const heightPx = 220;
const percent = (share: number) => `${share * 100}%`;

/**
 * Approvals by the hour: a bar for today, a line across it for the same hour of the same weekday. Plain elements: a
 * chart library would weigh more than the rest of this page.
 */
export function HourChart({ figures }: { figures: HomeFigures | undefined }) {
  const { home } = useTexts();
  const language = useLanguage();
  const words = home.chart;
  const hours = figures?.hours ?? [];
  const isEmpty = hours.length > 0 && hours.every(({ today, before }) => !today && before === 0);
  return (
    <ChartFrame
      title={words.title}
      unit={figures ? words.unit(formatDay(figures.comparedTo, language)) : " "}
      heightPx={heightPx}
      chart={<Bars hours={hours} />}
      table={<HourTable hours={hours} />}
      empty={isEmpty ? words.empty : undefined}
    />
  );
}

function Bars({ hours }: { hours: readonly HourOfDay[] }) {
  const { chart: words } = useTexts().home;
  const language = useLanguage();
  const [at, setAt] = useState<number | null>(null);
  const ticks = niceTicks(Math.max(1, ...hours.flatMap(({ today, before }) => [today ?? 0, before])));
  const top = ticks.at(-1) ?? 1;
  const running = hours.findLastIndex(({ today }) => today !== null);
  const shown = at === null ? undefined : hours[at];
  const move = (to: number) => setAt(Math.min(hours.length - 1, Math.max(0, to)));
  const spoken = hours[at ?? Math.max(0, running)];
  return (
    <div className="flex h-full flex-col pl-10">
      {/* A slider over the hours: arrows move it, and it says the two numbers of its hour. */}
      <div
        role="slider"
        tabIndex={0}
        aria-label={words.label}
        aria-valuemin={0}
        aria-valuemax={23}
        aria-valuenow={spoken?.hour ?? 0}
        aria-valuetext={
          spoken &&
          words.say(
            spoken.hour,
            spoken.today === null ? null : formatNumber(spoken.today),
            formatNumber(spoken.before),
          )
        }
        onFocus={() => hours.length > 0 && setAt((known) => known ?? Math.max(0, running))}
        onBlur={() => setAt(null)}
        onPointerLeave={() => setAt(null)}
        onKeyDown={(event) => {
          const step = { ArrowLeft: -1, ArrowRight: 1, Home: -hours.length, End: hours.length }[event.key];
          if (step === undefined || hours.length === 0) return;
          event.preventDefault();
          move((at ?? running) + step);
        }}
        className="relative mt-2 flex-1"
      >
        {ticks.map((tick) => (
          <div
            key={tick}
            aria-hidden
            className="absolute inset-x-0 border-line border-t"
            style={{ bottom: percent(tick / top) }}
          >
            <span className="-left-10 -translate-y-1/2 absolute w-8 text-right text-ink-3 text-meta">
              {formatAxis(tick, language)}
            </span>
          </div>
        ))}
        <div aria-hidden className="absolute inset-0 flex">
          {hours.map(({ hour, today, before }) => (
            <div
              key={hour}
              onPointerEnter={() => setAt(hour)}
              className={classes("relative min-w-0 flex-1", at === hour && "bg-hover")}
            >
              <span
                className={classes(
                  "absolute inset-x-[18%] bottom-0 rounded-t-[2px]",
                  hour === running && "opacity-60",
                )}
                style={{ height: percent((today ?? 0) / top), background: seriesColors[0] }}
              />
              {before > 0 ? (
                <span
                  className="absolute inset-x-[6%] h-0.5 translate-y-1/2"
                  style={{ bottom: percent(before / top), background: toneColors.mute }}
                />
              ) : null}
            </div>
          ))}
        </div>
        {shown ? (
          <div
            aria-hidden
            className="pointer-events-none absolute top-0 z-10"
            style={
              shown.hour < 12
                ? { left: percent((shown.hour + 1) / hours.length) }
                : { right: percent(1 - shown.hour / hours.length) }
            }
          >
            <HourTooltip slot={shown} isRunning={shown.hour === running} />
          </div>
        ) : null}
      </div>
      <div aria-hidden className="flex h-6 items-end text-ink-3 text-meta">
        {hours.map(({ hour }) => (
          <span key={hour} className="min-w-0 flex-1 overflow-visible whitespace-nowrap text-center">
            {hour % 3 === 0 ? hour : ""}
          </span>
        ))}
      </div>
    </div>
  );
}

function HourTooltip({ slot, isRunning }: { slot: HourOfDay; isRunning: boolean }) {
  const { chart: words } = useTexts().home;
  const [blue] = seriesColors;
  return (
    <ChartTooltip
      heading={isRunning ? words.running(slot.hour) : words.hourOf(slot.hour)}
      rows={[
        ...(slot.today === null ? [] : [{ name: words.today, color: blue, value: formatNumber(slot.today) }]),
        ...(isRunning
          ? [{ name: words.beforeSoFar, color: toneColors.mute, value: formatNumber(slot.beforeSoFar) }]
          : []),
        {
          name: isRunning ? words.beforeWhole : words.before,
          color: toneColors.mute,
          value: formatNumber(slot.before),
        },
      ]}
    />
  );
}

function HourTable({ hours }: { hours: readonly HourOfDay[] }) {
  const { common, home } = useTexts();
  const { chart: words } = home;
  return (
    <Table caption={words.caption}>
      <TableHead>
        <HeaderCell>{words.hour}</HeaderCell>
        <HeaderCell numeric>{words.today}</HeaderCell>
        <HeaderCell numeric>{words.before}</HeaderCell>
      </TableHead>
      <tbody>
        {hours.map(({ hour, today, before }) => (
          <TableRow key={hour}>
            <Cell>{words.hourOf(hour)}</Cell>
            <Cell numeric>
              {today === null ? (
                <span role="img" aria-label={common.notApplicable} className="text-ink-3">
                  –
                </span>
              ) : (
                formatNumber(today)
              )}
            </Cell>
            <Cell numeric>{formatNumber(before)}</Cell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
