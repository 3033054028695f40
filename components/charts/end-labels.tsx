"use client";

import { usePlotArea, useYAxisScale } from "recharts";

export type EndLabel = Readonly<{ name: string; color: string; value: number | null }>;

const lineHeightPx = 15;

/** Names at the right end of lines, in place of a legend. Those that would overlap are moved apart. */
export function EndLabels({ labels }: { labels: readonly EndLabel[] }) {
  const scale = useYAxisScale();
  const plot = usePlotArea();
  if (!scale || !plot) return null;
  const placed = labels
    .flatMap(({ name, color, value }) => {
      const y = value === null ? undefined : scale(value);
      return y === undefined ? [] : [{ name, color, y }];
    })
    .sort((a, b) => a.y - b.y);
  const lowest = plot.y + plot.height;
  for (let index = 1; index < placed.length; index++) {
    const above = placed[index - 1];
    const label = placed[index];
    if (above && label) label.y = Math.max(label.y, above.y + lineHeightPx);
  }
  for (let index = placed.length - 1, limit = lowest; index >= 0; index--) {
    const label = placed[index];
    if (!label) continue;
    label.y = Math.min(label.y, limit);
    limit = label.y - lineHeightPx;
  }
  return (
    <g aria-hidden>
      {placed.map(({ name, color, y }) => (
        <text
          key={name}
          x={plot.x + plot.width + 8}
          y={y}
          dy="0.35em"
          fill={color}
          fontSize={12}
          fontWeight={600}
        >
          {name}
        </text>
      ))}
    </g>
  );
}
