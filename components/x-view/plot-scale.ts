import { niceTicks } from "#components/charts/time-points.ts";

export type ScaleKind = "linear" | "log";
/** The vertical axis: response times up to `topMs`; what took longer stands on the top edge. */
export type DurationScale = Readonly<{ kind: ScaleKind; topMs: number }>;
/** The horizontal axis, epoch milliseconds. */
export type TimeSpan = Readonly<{ fromMs: number; toMs: number }>;
/** A rectangle of times; `maxMs` null is open above. */
export type Box = TimeSpan & Readonly<{ minMs: number; maxMs: number | null }>;

/** Where points are drawn, in CSS pixels of the canvas. */
export type PlotArea = Readonly<{ left: number; top: number; width: number; height: number }>;

/** The lowest response time that a logarithmic axis tells apart. */
export const logFloorMs = 10;
/** Response times an axis may end at: each is the last of its own even ticks. */
export const topsMs = [400, 1_000, 2_000, 4_000, 8_000, 20_000, 40_000, 80_000] as const;
/** Beyond, only many would be worth the room they take from all others. */
const generousTopMs = 20_000;

/** Where the axis should end: above the slowest, but no higher than 20 s unless one in a hundred is slower. */
export function fittingTopMs(slowestMs: number, p99Ms: number): number {
  const wanted = Math.max(Math.min(slowestMs, generousTopMs), p99Ms);
  return topsMs.find((top) => top >= wanted) ?? topsMs[topsMs.length - 1] ?? generousTopMs;
}

/** How high a response time stands, 0 at the bottom and 1 at the top. */
export function heightOf(durationMs: number, { kind, topMs }: DurationScale): number {
  if (durationMs >= topMs) return 1;
  if (kind === "linear") return durationMs / topMs;
  return Math.log(Math.max(durationMs, logFloorMs) / logFloorMs) / Math.log(topMs / logFloorMs);
}

/** The response time at a height from 0 to 1. */
export function durationAt(height: number, { kind, topMs }: DurationScale): number {
  const at = Math.min(Math.max(height, 0), 1);
  if (kind === "linear") return at * topMs;
  return at === 0 ? 0 : logFloorMs * (topMs / logFloorMs) ** at;
}

/** The response times at which lines are drawn, milliseconds. */
export function durationTicks({ kind, topMs }: DurationScale): number[] {
  // A held end may be any number, and then is none of the ticks.
  if (kind === "linear")
    return niceTicks(topMs / 1_000)
      .map((seconds) => seconds * 1_000)
      .filter((ms) => ms <= topMs);
  const decades = [10, 100, 1_000, 10_000].filter((ms) => ms < topMs * 0.75);
  return [...decades, topMs];
}

const timeStepsMs = [1, 2, 5, 10, 15, 30, 60, 120, 180, 300, 600, 900].map((seconds) => seconds * 1_000);

/** Even times within a span, no closer than `apartPx`; Seoul's hours begin where UTC's do. */
export function timeTicks({ fromMs, toMs }: TimeSpan, widthPx: number, apartPx: number): number[] {
  const msPerPx = (toMs - fromMs) / Math.max(widthPx, 1);
  const stepMs = timeStepsMs.find((step) => step >= apartPx * msPerPx) ?? 900_000;
  const ticks: number[] = [];
  for (let at = Math.ceil(fromMs / stepMs) * stepMs; at <= toMs; at += stepMs) ticks.push(at);
  return ticks;
}

export const xOf = (atMs: number, { fromMs, toMs }: TimeSpan, area: PlotArea) =>
  area.left + ((atMs - fromMs) / (toMs - fromMs)) * area.width;
export const yOf = (durationMs: number, scale: DurationScale, area: PlotArea) =>
  area.top + (1 - heightOf(durationMs, scale)) * area.height;

/** The times within a rectangle of the plot, given by two corners. Touching the top edge means: and longer. */
export function boxBetween(
  a: Readonly<{ x: number; y: number }>,
  b: Readonly<{ x: number; y: number }>,
  span: TimeSpan,
  scale: DurationScale,
  area: PlotArea,
): Box {
  const timeAt = (x: number) =>
    span.fromMs + (Math.min(Math.max(x - area.left, 0), area.width) / area.width) * (span.toMs - span.fromMs);
  const heightAt = (y: number) => 1 - (y - area.top) / area.height;
  const high = heightAt(Math.min(a.y, b.y));
  return {
    fromMs: Math.round(timeAt(Math.min(a.x, b.x))),
    toMs: Math.round(timeAt(Math.max(a.x, b.x))),
    minMs: Math.round(durationAt(heightAt(Math.max(a.y, b.y)), scale)),
    maxMs: high >= 1 ? null : Math.round(durationAt(high, scale)),
  };
}
