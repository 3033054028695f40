import { z } from "zod";
import {
  ageBands,
  assignments,
  careLimit,
  deadLetterJobs,
  deadLetterStatuses,
  noteLengthMax,
} from "#server/dead-letters/dead-letter.values.ts";
import { reasonClasses } from "#server/platform/job.ts";
import { runItemsMax } from "#server/work-runs/work-run.values.ts";

const code = z.string().min(1).max(64);

/** What an operator asks for. An empty list means any. */
export const deadLetterFilterSchema = z.object({
  status: z.array(z.enum(deadLetterStatuses)).max(3).default(["PARKED"]),
  job: z.array(z.enum(deadLetterJobs)).max(deadLetterJobs.length).default([]),
  reason: z.array(z.enum(reasonClasses)).max(reasonClasses.length).default([]),
  van: z.array(code).max(20).default([]),
  mall: z.array(code).max(50).default([]),
  age: z.array(z.enum(ageBands)).max(ageBands.length).default([]),
  assignment: z.array(z.enum(assignments)).max(assignments.length).default([]),
  /** `true`: only what was left aside until later; otherwise that is left out. */
  aside: z.boolean().default(false),
  /** Order id, payment key, letter id or words of the last error. */
  q: z.string().trim().max(100).default(""),
});
export type DeadLetterFilter = z.infer<typeof deadLetterFilterSchema>;

/** Where the next page begins. `asOf` keeps the order by urgency the same from page to page. */
export const deadLetterCursorSchema = z.object({
  asOf: z.date(),
  urgency: z.bigint(),
  parkedAt: z.date(),
  id: z.string().max(64),
});
export type DeadLetterCursor = z.infer<typeof deadLetterCursorSchema>;
export const deadLetterSearchSchema = z.object({
  filter: deadLetterFilterSchema,
  /** `urgent`: the nearest deadline first, then the newest; `parked`: the newest first. */
  sort: z.enum(["urgent", "parked"]).default("urgent"),
  cursor: deadLetterCursorSchema.optional(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type DeadLetterSearch = z.infer<typeof deadLetterSearchSchema>;
const letterId = z.string().startsWith("dl_").max(64);

/** Either letters by name, or everything that matches a filter and is parked. */
export const redriveSelectionSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ids"), ids: z.array(letterId).min(1).max(runItemsMax) }),
  z.object({ kind: z.literal("filter"), filter: deadLetterFilterSchema }),
]);
export type RedriveSelection = z.infer<typeof redriveSelectionSchema>;

/** A selection as a screen may send it. */
export type RedriveSelectionInput = z.input<typeof redriveSelectionSchema>;
export const letterIdSchema = z.object({ id: letterId });
const letterIds = z.array(letterId).min(1).max(careLimit);
export const assignSchema = z.object({
  ids: letterIds,
  /** `null` releases them. */
  assigneeId: z.string().min(1).max(64).nullable(),
});
export type AssignWish = z.infer<typeof assignSchema>;
export const setAsideSchema = z.object({
  ids: letterIds,
  /** `null` brings them back at once. */
  until: z.date().nullable(),
  note: z.string().trim().min(1).max(noteLengthMax),
});
export type SetAsideWish = z.infer<typeof setAsideSchema>;
export const noteSchema = z.object({ id: letterId, text: z.string().trim().min(1).max(noteLengthMax) });
