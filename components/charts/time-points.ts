/** A row of a chart over time: when its slot begins (milliseconds) and a value per series; `null` is a gap. */
export type TimePoint = Readonly<{ at: number; [series: string]: number | null }>;

export type TimeSeries = Readonly<{
  key: string;
  name: string;
  color: string;
  dashed?: boolean;
  widthPx?: number;
}>;

export type TimeChartProps = Readonly<{
  label: string;
  points: readonly TimePoint[];
  series: readonly TimeSeries[];
  /** Charts with the same one share their crosshair. */
  syncId: string;
  formatValue: (value: number) => string;
  formatAxisValue: (value: number) => string;
  formatTick: (at: number) => string;
  /** The slot as the tooltip's heading. */
  formatSlot: (at: number) => string;
  /** Said in the tooltip where nothing was measured. */
  emptySlot: string;
  onPick?: (at: number) => void;
}>;

/** The last value of a series that is not a gap. */
export function lastValueOf(points: readonly TimePoint[], key: string): number | null {
  return points.findLast((point) => point[key] !== null && point[key] !== undefined)?.[key] ?? null;
}

/** True where a line has no neighbour to be drawn to, so that the point alone must show. */
export function standsAlone(points: readonly TimePoint[], index: number, key: string): boolean {
  const has = (at: number) => (points[at]?.[key] ?? null) !== null;
  return has(index) && !has(index - 1) && !has(index + 1);
}
