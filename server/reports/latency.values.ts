/** The periods one can pick, by their length in milliseconds; they end at the last full minute. */
export const latencyPeriodsMs = {
  "30m": 30 * 60_000,
  "1h": 60 * 60_000,
  "6h": 6 * 60 * 60_000,
  "24h": 24 * 60 * 60_000,
  "7d": 7 * 24 * 60 * 60_000,
  "30d": 30 * 24 * 60 * 60_000,
} as const;
export type LatencyPeriod = keyof typeof latencyPeriodsMs;
export const latencyPeriods = Object.keys(latencyPeriodsMs) as LatencyPeriod[];

/** A period of one's own may be this long. */
export const customPeriodDaysMax = 92;

/** What figures are told apart by; a route is a mall's way to a VAN. */
export const latencyGroupings = ["van", "mall", "route"] as const;
export type LatencyGrouping = (typeof latencyGroupings)[number];
