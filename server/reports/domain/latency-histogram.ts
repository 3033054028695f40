/** Each bucket ends 10 % above the one before it, so a percentile read from buckets is off by at most that. */
export const bucketGrowth = 1.1;

/** How many durations fell into each bucket; the upper bound of a bucket is `1.1^bucket` milliseconds. */
export type LatencyHistogram = ReadonlyMap<number, number>;

/** The bucket of a duration; everything up to 1 ms is bucket 0. `recomputeLatency` says the same in SQL. */
export function bucketOf(durationMs: number): number {
  return Math.ceil(Math.log(Math.max(durationMs, 1)) / Math.log(bucketGrowth));
}

/** The upper bound of a bucket in milliseconds. */
export function upperMsOf(bucket: number): number {
  return bucketGrowth ** bucket;
}

/** Adds histograms up. Percentiles of several minutes, VANs or malls come from this, never from averaging percentiles. */
export function mergeHistograms(histograms: Iterable<LatencyHistogram>): LatencyHistogram {
  const sum = new Map<number, number>();
  for (const histogram of histograms) {
    for (const [bucket, count] of histogram) sum.set(bucket, (sum.get(bucket) ?? 0) + count);
  }
  return sum;
}

/** How many durations a histogram holds. */
export function countOf(histogram: LatencyHistogram): number {
  let count = 0;
  for (const inBucket of histogram.values()) count += inBucket;
  return count;
}

/**
 * The duration in milliseconds that `share` (0 to 1) of all durations do not exceed: the nearest rank, placed within
 * its bucket by its order there. Off by at most one bucket, 10 %. `null` for an empty histogram.
 */
export function percentileMs(histogram: LatencyHistogram, share: number): number | null {
  const total = countOf(histogram);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(total * share));
  let below = 0;
  for (const [bucket, count] of [...histogram].sort(([a], [b]) => a - b)) {
    if (below + count >= rank) return bucketGrowth ** (bucket - 1 + (rank - below) / count);
    below += count;
  }
  return null;
}
