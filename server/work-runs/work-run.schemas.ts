import { z } from "zod";
import { fastest, runReasonLengthMax, slowest } from "#server/work-runs/work-run.values.ts";

export const runIdSchema = z.object({ id: z.string().startsWith("run_").max(64) });
export const startRunSchema = runIdSchema.extend({
  reason: z.string().trim().min(1).max(runReasonLengthMax),
  itemsPerSecond: z.number().int().min(slowest).max(fastest),
  /** `null`: it goes on whatever happens. */
  failuresToPause: z.number().int().min(1).max(100).nullable(),
});
export type StartRunWish = z.infer<typeof startRunSchema>;
export const steerRunSchema = runIdSchema.extend({
  how: z.enum(["pause", "resume", "stop", "discard"]),
});
