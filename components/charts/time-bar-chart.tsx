"use client";

import { Bar, BarChart, CartesianGrid, Tooltip, XAxis, YAxis } from "recharts";
import { chartMarks, marksRoomPx } from "#components/charts/chart-marks.tsx";
import { axisProps, gridProps } from "#components/charts/chart-style.ts";
import { ChartTooltip } from "#components/charts/chart-tooltip.tsx";
import { greatestOf, niceTicks, type TimeChartProps } from "#components/charts/time-points.ts";
import { useSlotDrag } from "#components/charts/use-slot-drag.ts";

/** Stacked bars over time, the first series at the bottom. ←/→ move the crosshair. */
export function TimeBarChart({
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
  total,
  fadedKey,
}: TimeChartProps & {
  total: string /** The quiet series, drawn light: what needs nobody. */;
  fadedKey?: string;
}) {
  const { dragged, handlers } = useSlotDrag({ ...(onPick && { onPick }), onZoom, onUnzoom });
  const steps = niceTicks(
    greatestOf(
      points,
      series.map(({ key }) => key),
      true,
    ),
  );
  return (
    <BarChart
      responsive
      accessibilityLayer
      data={[...points]}
      syncId={syncId}
      title={label}
      barCategoryGap="12%"
      style={{ width: "100%", height: "100%", cursor: onPick ? "pointer" : "default", userSelect: "none" }}
      margin={{ top: marksRoomPx, right: 16, bottom: 0, left: 0 }}
      {...handlers}
    >
      <CartesianGrid {...gridProps} />
      <XAxis dataKey="at" {...axisProps} tickFormatter={formatTick} minTickGap={48} />
      <YAxis
        {...axisProps}
        domain={[0, steps.at(-1) ?? 1]}
        ticks={steps}
        tickFormatter={formatAxisValue}
        width={56}
      />
      <Tooltip
        isAnimationActive={false}
        cursor={{ fill: "var(--hover)" }}
        content={({ active, label: at, payload }) => {
          if (!active || at === undefined) return null;
          const rows = series
            .map(({ key, name, color }) => ({
              name,
              color,
              value: Number(payload.find((entry) => entry.dataKey === key)?.value ?? 0),
            }))
            .filter(({ value }) => value > 0)
            .sort((a, b) => b.value - a.value);
          const sum = rows.reduce((before, { value }) => before + value, 0);
          return (
            <ChartTooltip
              heading={formatSlot(Number(at))}
              at={new Date(Number(at))}
              rows={rows.map(({ name, color, value }) => ({ name, color, value: formatValue(value) }))}
              total={sum > 0 ? { name: total, value: formatValue(sum) } : { name: emptySlot, value: "" }}
            />
          );
        }}
      />
      {series.map(({ key, name, color }) => (
        <Bar
          key={key}
          dataKey={key}
          name={name}
          stackId="all"
          fill={color}
          fillOpacity={key === fadedKey ? 0.35 : 1}
          isAnimationActive={false}
        />
      ))}
      {chartMarks({ points, ...(marks && { marks }), band, dragged })}
    </BarChart>
  );
}
