"use client";

import { CartesianGrid, Line, LineChart, Tooltip, XAxis, YAxis } from "recharts";
import { chartMarks, marksRoomPx } from "#components/charts/chart-marks.tsx";
import { axisProps, gridProps, lineProps } from "#components/charts/chart-style.ts";
import { ChartTooltip } from "#components/charts/chart-tooltip.tsx";
import { EndLabels } from "#components/charts/end-labels.tsx";
import {
  greatestOf,
  lastValueOf,
  niceTicks,
  standsAlone,
  type TimeChartProps,
} from "#components/charts/time-points.ts";
import { useSlotDrag } from "#components/charts/use-slot-drag.ts";

/** Lines over time, their names at their ends, broken where nothing was measured. ←/→ move the crosshair. */
export function TimeLineChart({
  label,
  points,
  series,
  syncId,
  formatValue,
  formatAxisValue,
  formatTick,
  formatSlot,
  emptySlot,
  onPick,
  onZoom,
  onUnzoom,
  marks,
  band,
  ticks,
}: TimeChartProps & {
  /** Of the value axis; even steps from 0 when left out. */ ticks?: readonly number[];
}) {
  const { dragged, handlers } = useSlotDrag({ ...(onPick && { onPick }), onZoom, onUnzoom });
  const steps =
    ticks ??
    niceTicks(
      greatestOf(
        points,
        series.map(({ key }) => key),
      ),
    );
  return (
    <LineChart
      responsive
      accessibilityLayer
      data={[...points]}
      syncId={syncId}
      title={label}
      style={{ width: "100%", height: "100%", cursor: onPick ? "pointer" : "default", userSelect: "none" }}
      margin={{ top: marksRoomPx, right: 64, bottom: 0, left: 0 }}
      {...handlers}
    >
      <CartesianGrid {...gridProps} />
      <XAxis dataKey="at" {...axisProps} tickFormatter={formatTick} minTickGap={48} />
      <YAxis
        {...axisProps}
        domain={[steps[0] ?? 0, steps.at(-1) ?? 1]}
        ticks={[...steps]}
        tickFormatter={formatAxisValue}
        width={56}
      />
      <Tooltip
        isAnimationActive={false}
        filterNull={false}
        cursor={{ stroke: "var(--line-strong)" }}
        content={({ active, label: at, payload }) =>
          active && at !== undefined ? (
            <ChartTooltip
              heading={formatSlot(Number(at))}
              at={new Date(Number(at))}
              rows={series
                .map(({ key, name, color }) => ({
                  name,
                  color,
                  value: payload.find((entry) => entry.dataKey === key)?.value,
                }))
                .filter((row): row is typeof row & { value: number } => typeof row.value === "number")
                .sort((a, b) => b.value - a.value)
                .map(({ name, color, value }) => ({ name, color, value: formatValue(value) }))}
              {...(payload.every(({ value }) => value === null || value === undefined) && {
                total: { name: emptySlot, value: "" },
              })}
            />
          ) : null
        }
      />
      {series.map(({ key, name, color, dashed, widthPx }) => (
        <Line
          key={key}
          {...lineProps}
          dataKey={key}
          name={name}
          stroke={color}
          strokeWidth={widthPx ?? 2}
          {...(dashed && { strokeDasharray: "4 3" })}
          dot={({ cx, cy, index }) =>
            standsAlone(points, index ?? -1, key) ? (
              <circle key={index} cx={cx} cy={cy} r={2} fill={color} />
            ) : (
              <g key={index} />
            )
          }
        />
      ))}
      {chartMarks({ points, ...(marks && { marks }), band, dragged })}
      <EndLabels
        labels={series.map(({ key, name, color }) => ({ name, color, value: lastValueOf(points, key) }))}
      />
    </LineChart>
  );
}
