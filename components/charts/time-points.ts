/** A row of a chart over time: when its slot begins (milliseconds) and a value per series; `null` is a gap. */
export type TimePoint = Readonly<{ at: number; [series: string]: number | null }>;

export type TimeSeries = Readonly<{
  key: string;
  name: string;
  color: string;
  dashed?: boolean;
  widthPx?: number;
}>;

/** Something that happened at a time (milliseconds): a dashed line with its words. `warn` wants a look. */
export type TimeMark = Readonly<{ at: number; label: string; tone: "plain" | "warn" }>;

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
  /** Called when slots were dragged over: the first and the last of them. Charts of one page zoom together. */
  onZoom?: ((from: number, to: number) => void) | undefined;
  /** Called on a double click, where zooming can be taken back. */
  onUnzoom?: (() => void) | undefined;
  marks?: readonly TimeMark[];
  /** A part that is selected elsewhere on the page. */
  band?: Readonly<{ from: number; to: number }> | null;
}>;

/** At most four even steps from 0 up to at least the greatest value, in numbers people count in: 1, 2, 2.5 and 5 of a power of ten. */
export function niceTicks(greatest: number): number[] {
  const rough = Math.max(greatest, Number.EPSILON) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
  const steps = Math.ceil((greatest / step) * (1 - 1e-9));
  return Array.from({ length: steps + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** The greatest value of all series, or of their sum where they are stacked; 1 when there is none. */
export function greatestOf(points: readonly TimePoint[], keys: readonly string[], stacked = false): number {
  const values = points.map((point) => {
    const all = keys.map((key) => point[key] ?? 0);
    return stacked ? all.reduce((sum, value) => sum + value, 0) : Math.max(...all);
  });
  return Math.max(...values, 0) || 1;
}

/** The last value of a series that is not a gap. */
export function lastValueOf(points: readonly TimePoint[], key: string): number | null {
  return points.findLast((point) => point[key] !== null && point[key] !== undefined)?.[key] ?? null;
}

/** True where a line has no neighbour to be drawn to, so that the point alone must show. */
export function standsAlone(points: readonly TimePoint[], index: number, key: string): boolean {
  const has = (at: number) => (points[at]?.[key] ?? null) !== null;
  return has(index) && !has(index - 1) && !has(index + 1);
}

/** The slot that a time lies in: the last one that begins by then. Undefined before the first and after the last. */
export function slotOf(points: readonly TimePoint[], at: number): number | undefined {
  const step = (points[1]?.at ?? 0) - (points[0]?.at ?? 0);
  const last = points.at(-1);
  if (!last || (step > 0 && at >= last.at + step)) return undefined;
  return points.findLast((point) => point.at <= at)?.at;
}

/** Marks by the slot that they fall into, each slot's words joined; a mark outside is left out. */
export function marksBySlot(points: readonly TimePoint[], marks: readonly TimeMark[]): TimeMark[] {
  const bySlot = new Map<number, TimeMark>();
  for (const mark of marks) {
    const slot = slotOf(points, mark.at);
    if (slot === undefined) continue;
    const before = bySlot.get(slot);
    if (!before) bySlot.set(slot, { ...mark, at: slot });
    else if (!before.label.split(", ").includes(mark.label))
      bySlot.set(slot, {
        at: slot,
        label: `${before.label}, ${mark.label}`,
        tone: before.tone === "warn" ? "warn" : mark.tone,
      });
  }
  return [...bySlot.values()].sort((a, b) => a.at - b.at);
}
