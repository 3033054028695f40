import { describe, expect, test } from "vitest";
import {
  bucketGrowth,
  bucketOf,
  countOf,
  mergeHistograms,
  percentileMs,
  upperMsOf,
} from "#server/reports/domain/latency-histogram.ts";

function histogramOf(durationsMs: readonly number[]): Map<number, number> {
  const histogram = new Map<number, number>();
  for (const ms of durationsMs) histogram.set(bucketOf(ms), (histogram.get(bucketOf(ms)) ?? 0) + 1);
  return histogram;
}

/** The nearest-rank percentile of the durations themselves. */
function exactMs(durationsMs: readonly number[], share: number): number {
  const sorted = [...durationsMs].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(sorted.length * share)) - 1] ?? Number.NaN;
}

/** Durations such as a VAN has: most quick, a long tail. The same in every run. */
function someDurations(count: number, seed: number): number[] {
  let state = seed;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return Array.from({ length: count }, () =>
    Math.round(
      180 * Math.exp((random() + random() + random() - 1.5) * 1.2) + (random() < 0.03 ? 3_000 * random() : 0),
    ),
  );
}

test("a duration lies within its bucket", () => {
  for (const ms of [1, 2, 10, 99, 100, 1_000, 20_000]) {
    expect(ms).toBeLessThanOrEqual(upperMsOf(bucketOf(ms)) * 1.000_001);
    if (ms > 1) expect(ms).toBeGreaterThan(upperMsOf(bucketOf(ms) - 1) * 0.999_999);
  }
  expect(bucketOf(0)).toBe(0);
});

describe("a percentile", () => {
  test.each([0.5, 0.95, 0.99, 1])("%s is within one bucket of the exact value", (share) => {
    for (const size of [1, 7, 100, 5_000]) {
      const durations = someDurations(size, size + 1);
      const estimate = percentileMs(histogramOf(durations), share) ?? Number.NaN;
      const exact = exactMs(durations, share);
      expect(estimate / exact).toBeGreaterThanOrEqual(1 / bucketGrowth - 1e-9);
      expect(estimate / exact).toBeLessThanOrEqual(bucketGrowth + 1e-9);
    }
  });

  test("of two VANs together comes from their merged histograms, not from the mean of their percentiles", () => {
    const quick = someDurations(9_000, 3);
    const slow = someDurations(1_000, 5).map((ms) => ms * 20);
    const merged = mergeHistograms([histogramOf(quick), histogramOf(slow)]);
    const exact = exactMs([...quick, ...slow], 0.95);
    const mean =
      ((percentileMs(histogramOf(quick), 0.95) ?? 0) + (percentileMs(histogramOf(slow), 0.95) ?? 0)) / 2;
    expect(countOf(merged)).toBe(10_000);
    expect((percentileMs(merged, 0.95) ?? 0) / exact).toBeCloseTo(1, 0);
    expect(Math.abs((percentileMs(merged, 0.95) ?? 0) - exact)).toBeLessThan(exact * 0.1);
    expect(Math.abs(mean - exact)).toBeGreaterThan(exact * 0.1);
  });

  test("of nothing is nothing, not zero", () => {
    expect(percentileMs(new Map(), 0.5)).toBeNull();
  });
});
