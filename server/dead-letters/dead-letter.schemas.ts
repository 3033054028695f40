import { z } from "zod";
import { reasonClasses } from "#server/platform/job.ts";

/** The jobs that can end as a dead letter, the ones that move money first. */
export const deadLetterJobs = [
  "net-cancel",
  "recover-cancel",
  "reverse-orphan",
  "follow-up-inquiry",
  "deliver-webhook",
] as const;
export type DeadLetterJob = (typeof deadLetterJobs)[number];

export const deadLetterStatuses = ["PARKED", "REDRIVEN", "RESOLVED"] as const;
export type DeadLetterStatus = (typeof deadLetterStatuses)[number];

/** Why jobs gave up, in the order screens list it. */
export const deadLetterReasons = reasonClasses;

/** How long a letter has been lying there. */
export const ageBands = ["UNDER_10_MIN", "UNDER_1_H", "UNDER_1_D", "OVER_1_D"] as const;
export type AgeBand = (typeof ageBands)[number];

/** Stands for letters that concern no VAN (webhooks), in the VAN filter. */
export const noVan = "NONE";

/** How many letters one preview or one re-drive takes. */
export const redriveLimit = 200;
/** How many re-driven jobs fall due in a second, so that a recovered VAN is not flooded (reliability §5.5). */
export const redrivesPerSecond = 5;

const code = z.string().min(1).max(64);

/** What an operator asks for. An empty list means any. */
export const deadLetterFilterSchema = z.object({
  status: z.array(z.enum(deadLetterStatuses)).max(3).default(["PARKED"]),
  job: z.array(z.enum(deadLetterJobs)).max(deadLetterJobs.length).default([]),
  reason: z.array(z.enum(reasonClasses)).max(reasonClasses.length).default([]),
  van: z.array(code).max(20).default([]),
  mall: z.array(code).max(50).default([]),
  age: z.array(z.enum(ageBands)).max(ageBands.length).default([]),
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

/** Either letters by name, or everything that matches a filter. */
export const redriveSelectionSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ids"), ids: z.array(letterId).min(1).max(redriveLimit) }),
  z.object({ kind: z.literal("filter"), filter: deadLetterFilterSchema }),
]);
export type RedriveSelection = z.infer<typeof redriveSelectionSchema>;
/** A selection as a screen may send it. */
export type RedriveSelectionInput = z.input<typeof redriveSelectionSchema>;

export const redriveReasonLengthMax = 200;

export const redriveSchema = z.object({
  selection: redriveSelectionSchema,
  /** What the preview showed. More, or others, than that is refused with STALE_SELECTION. */
  preview: z.object({ at: z.date(), count: z.number().int().min(1).max(redriveLimit) }),
  /** Letters that the preview left to a person. */
  exceptIds: z.array(letterId).max(redriveLimit).default([]),
  reason: z.string().trim().min(1).max(redriveReasonLengthMax),
});
export type RedriveWish = z.infer<typeof redriveSchema>;

export const letterIdsSchema = z.object({ ids: z.array(letterId).min(1).max(redriveLimit) });
export const letterIdSchema = z.object({ id: letterId });
