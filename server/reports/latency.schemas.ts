import { z } from "zod";

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

/** How the approval ended when it was answered; a later cancel changes nothing of it. `failed`: never reached the VAN, or it had an error. */
export const latencyOutcomes = ["approved", "declined", "unknown", "failed"] as const;
export type LatencyOutcome = (typeof latencyOutcomes)[number];

/** What figures are told apart by; a route is a mall's way to a VAN. */
export const latencyGroupings = ["van", "mall", "route"] as const;
export type LatencyGrouping = (typeof latencyGroupings)[number];

const code = z.string().min(1).max(64);

/** A period by its ends, the last one excluded. */
export const timeSpanSchema = z
  .object({ from: z.date(), to: z.date() })
  .refine(({ from, to }) => from < to, { path: ["to"], message: "must be after from" })
  .refine(({ from, to }) => to.getTime() - from.getTime() <= customPeriodDaysMax * 86_400_000, {
    path: ["from"],
    message: `may be at most ${customPeriodDaysMax} days before to`,
  });

export const latencyQuerySchema = z.object({
  range: z.union([z.object({ period: z.enum(latencyPeriods) }), timeSpanSchema]),
  /** Empty means all. */
  van: z.array(code).max(20).default([]),
  mall: z.array(code).max(50).default([]),
  by: z.enum(latencyGroupings).default("van"),
});
export type LatencyQuery = z.infer<typeof latencyQuerySchema>;
