import {
  type Box,
  type DurationScale,
  type PlotArea,
  type TimeSpan,
  xOf,
  yOf,
} from "#components/x-view/plot-scale.ts";
import type { PointStore } from "#components/x-view/point-store.ts";

/** Which outcomes are shown, by code. */
export type Shown = readonly boolean[];

/** How many shown points lie in a box, its edges included. */
export function countInBox(store: PointStore, box: Box, shown: Shown): number {
  const { durationMs, outcome } = store.columns;
  const maxMs = box.maxMs ?? Number.POSITIVE_INFINITY;
  let count = 0;
  // Times are whole milliseconds, so the next one begins where the box has ended.
  const end = store.indexAt(box.toMs + 1);
  for (let index = store.indexAt(box.fromMs); index < end; index++) {
    const ms = durationMs[index] ?? 0;
    if (ms >= box.minMs && ms <= maxMs && shown[outcome[index] ?? 0]) count++;
  }
  return count;
}

/** The place of the shown point nearest to a pixel, within `reachPx`; undefined when there is none. Later outcomes lie on top and win ties. */
export function nearestPoint(
  store: PointStore,
  at: Readonly<{ x: number; y: number }>,
  view: Readonly<{ span: TimeSpan; scale: DurationScale; area: PlotArea; shown: Shown }>,
  reachPx: number,
): number | undefined {
  const { span, scale, area, shown } = view;
  const msPerPx = (span.toMs - span.fromMs) / area.width;
  const middleMs = span.fromMs + (at.x - area.left) * msPerPx;
  const { atMs, durationMs, outcome } = store.columns;
  let best: number | undefined;
  let bestDistance = reachPx ** 2;
  const end = store.indexAt(middleMs + reachPx * msPerPx + 1);
  for (let index = store.indexAt(middleMs - reachPx * msPerPx); index < end; index++) {
    const code = outcome[index] ?? 0;
    if (!shown[code]) continue;
    const dx = xOf(atMs[index] ?? 0, span, area) - at.x;
    const dy = yOf(durationMs[index] ?? 0, scale, area) - at.y;
    const distance = dx * dx + dy * dy;
    if (
      distance < bestDistance ||
      (distance === bestDistance && best !== undefined && code > (outcome[best] ?? 0))
    ) {
      best = index;
      bestDistance = distance;
    }
  }
  return best;
}
