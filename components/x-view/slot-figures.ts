import type { TimePoint } from "#components/charts/time-points.ts";
import type { Shown } from "#components/x-view/hit-test.ts";
import type { TimeSpan } from "#components/x-view/plot-scale.ts";
import type { PointStore } from "#components/x-view/point-store.ts";
import { xViewOutcomes } from "#server/x-view/x-view.values.ts";

export type Percentiles = Readonly<{ p50Ms: number; p95Ms: number; p99Ms: number; slowestMs: number }>;

/** What the window says in numbers; `null` percentiles where nothing ended. */
export type WindowFigures = Readonly<{
  /** All of the span, by outcome code, whatever is hidden: the legend's numbers. */
  counts: readonly number[];
  percentiles: Percentiles | null;
  /** One row per slot: percentiles in milliseconds. */
  latency: readonly TimePoint[];
  /** One row per slot: how many a minute, by outcome. */
  throughput: readonly TimePoint[];
  slotMs: number;
}>;

const slotsMs = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000] as const;

/** Slots of a round length, about thirty over the span. */
export function slotMsFor({ fromMs, toMs }: TimeSpan): number {
  return slotsMs.find((slot) => (toMs - fromMs) / slot <= 32) ?? 120_000;
}

/** Nearest-rank percentiles of sorted durations; null when there are none. */
function percentilesOf(sorted: Uint32Array): Percentiles | null {
  if (sorted.length === 0) return null;
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), slowestMs: at(1) };
}

/** Counts, percentiles and throughput of the shown points of a span. 50,000 points take some 10 ms. */
export function figuresOf(store: PointStore, span: TimeSpan, shown: Shown): WindowFigures {
  const { atMs, durationMs, outcome } = store.columns;
  const counts = xViewOutcomes.map(() => 0);
  const slotMs = slotMsFor(span);
  const latency: TimePoint[] = [];
  const throughput: TimePoint[] = [];
  const firstSlotMs = Math.floor(span.fromMs / slotMs) * slotMs;
  const wholeFirst = store.indexAt(span.fromMs);
  const all = new Uint32Array(store.indexAt(span.toMs) - wholeFirst);
  let taken = 0;
  let index = wholeFirst;
  for (let slot = firstSlotMs; slot < span.toMs; slot += slotMs) {
    const before = taken;
    const inSlot = xViewOutcomes.map(() => 0);
    for (; index < store.end && (atMs[index] ?? 0) < Math.min(slot + slotMs, span.toMs); index++) {
      const code = outcome[index] ?? 0;
      counts[code] = (counts[code] ?? 0) + 1;
      if (!shown[code]) continue;
      inSlot[code] = (inSlot[code] ?? 0) + 1;
      all[taken++] = durationMs[index] ?? 0;
    }
    const figures = percentilesOf(all.slice(before, taken).sort());
    latency.push({
      at: slot,
      p50: figures?.p50Ms ?? null,
      p95: figures?.p95Ms ?? null,
      p99: figures?.p99Ms ?? null,
    });
    // The first and the last slot may lie partly outside: a rate is over what lies inside.
    const seconds = (Math.min(slot + slotMs, span.toMs) - Math.max(slot, span.fromMs)) / 1_000;
    throughput.push({
      at: slot,
      // Under a few seconds a rate per minute says nothing.
      ...Object.fromEntries(
        xViewOutcomes.map((name, code) => [
          name,
          seconds < slotMs / 4_000 ? null : ((inSlot[code] ?? 0) * 60) / seconds,
        ]),
      ),
    });
  }
  return { counts, percentiles: percentilesOf(all.subarray(0, taken).sort()), latency, throughput, slotMs };
}
