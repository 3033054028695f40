/** Series colours in their order (VANs, malls); CSS variables, so they follow the theme. */
export const seriesColors = [
  "var(--series-1)",
  "var(--series-2)",
  "var(--series-3)",
  "var(--series-4)",
  "var(--series-5)",
  "var(--series-6)",
] as const;

/** Outcomes always use tones, never series colours. */
export const toneColors = {
  ok: "var(--ok)",
  run: "var(--run)",
  warn: "var(--warn)",
  bad: "var(--bad)",
  rev: "var(--rev)",
  mute: "var(--mute)",
  unk: "var(--unk)",
} as const;

/** For XAxis and YAxis: 12 px labels, no axis lines. */
export const axisProps = {
  axisLine: false,
  tickLine: false,
  tick: { fill: "var(--ink-3)", fontSize: 12 },
  tickMargin: 8,
} as const;

/** For CartesianGrid: horizontal hairlines only. */
export const gridProps = { vertical: false, stroke: "var(--line)" } as const;

/** For Line: straight between points, broken where there is no data. */
export const lineProps = {
  type: "linear",
  dot: false,
  connectNulls: false,
  isAnimationActive: false,
  activeDot: { r: 3 },
} as const;
