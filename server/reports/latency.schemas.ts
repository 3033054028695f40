import { z } from "zod";
import { customPeriodDaysMax, latencyGroupings, latencyPeriods } from "#server/reports/latency.values.ts";

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
