import { z } from "zod";
import { itemStates } from "#server/work-runs/domain/run.ts";
import { runIdSchema } from "#server/work-runs/work-run.schemas.ts";

/** A page of a run's letters, in the order they are worked on. */
export const runLettersSchema = runIdSchema.extend({
  states: z.array(z.enum(itemStates)).max(itemStates.length).default([]),
  cursor: z.number().int().min(0).optional(),
  limit: z.number().int().min(1).max(500).default(100),
});
export type RunLettersSearch = z.infer<typeof runLettersSchema>;

/** A page of earlier runs, the newest first. */
export const runListSchema = z.object({
  cursor: z.object({ createdAt: z.date(), id: z.string().max(64) }).optional(),
  limit: z.number().int().min(1).max(50).default(20),
});
export type RunListSearch = z.infer<typeof runListSchema>;

export const runResultSchema = runIdSchema.extend({ language: z.enum(["ko", "en"]) });
