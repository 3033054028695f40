"use client";

import { ReferenceArea, ReferenceLine } from "recharts";
import { marksBySlot, slotOf, type TimeMark, type TimePoint } from "#components/charts/time-points.ts";

/** Room above the plot for the words of marks; the same without them, so that charts side by side stand level. */
export const marksRoomPx = 18;

const shade = { fill: "var(--accent)", fillOpacity: 0.1, stroke: "none", ifOverflow: "hidden" } as const;

/** What lies behind and over the lines of a chart over time: the part being dragged, one selected elsewhere, and marks. */
export function chartMarks({
  points,
  marks = [],
  band,
  dragged,
}: {
  points: readonly TimePoint[];
  marks?: readonly TimeMark[];
  band?: Readonly<{ from: number; to: number }> | null | undefined;
  dragged: Readonly<{ from: number; to: number }> | null;
}) {
  const first = points[0]?.at ?? 0;
  const from = band && (slotOf(points, band.from) ?? (band.from < first ? first : undefined));
  const to = band && (slotOf(points, band.to) ?? (band.to > first ? points.at(-1)?.at : undefined));
  const bySlot = marksBySlot(points, marks);
  return (
    <>
      {from !== undefined && from !== null && to ? <ReferenceArea x1={from} x2={to} {...shade} /> : null}
      {dragged ? <ReferenceArea x1={dragged.from} x2={dragged.to} {...shade} fillOpacity={0.16} /> : null}
      {bySlot.map(({ at, label, tone }, index) => {
        const color = tone === "warn" ? "var(--warn)" : "var(--ink-3)";
        // Words that would run into those of the mark before are left to the tooltip of the line.
        const apart =
          indexOf(points, at) - indexOf(points, bySlot[index - 1]?.at ?? Number.NEGATIVE_INFINITY);
        const isLate = indexOf(points, at) > points.length / 2;
        return (
          <ReferenceLine
            key={at}
            x={at}
            stroke={color}
            strokeDasharray="3 3"
            {...(apart > points.length / 6 && {
              label: {
                // In the room above the plot, not over the series.
                content: ({ viewBox }: { viewBox?: unknown }) => {
                  const { x = 0, y = 0 } = viewBox as { x?: number; y?: number };
                  return (
                    <text
                      x={isLate ? x - 4 : x + 4}
                      y={y - 5}
                      textAnchor={isLate ? "end" : "start"}
                      fill={color}
                      fontSize={12}
                    >
                      {label}
                    </text>
                  );
                },
              } as const,
            })}
          />
        );
      })}
    </>
  );
}

function indexOf(points: readonly TimePoint[], at: number): number {
  const index = points.findIndex((point) => point.at === at);
  return index === -1 ? Number.NEGATIVE_INFINITY : index;
}
