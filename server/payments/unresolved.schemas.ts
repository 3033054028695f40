import { z } from "zod";
import { unresolvedKinds } from "#server/payments/domain/decide-unresolved.ts";

export { unresolvedKinds };

/** For how long an outcome has not been known. */
export const unresolvedAges = ["UNDER_1_MIN", "UNDER_10_MIN", "UNDER_1_H", "OVER_1_H"] as const;
export type UnresolvedAge = (typeof unresolvedAges)[number];

/** How many VANs one call asks; a screen sends more in several calls. */
export const inquiriesMax = 10;
/** How many inquiries one operator may make in a minute. */
export const inquiriesPerMinuteMax = 120;

export const unresolvedNoteMax = 500;

const code = z.string().min(1).max(64);

/** A payment, a cancel, or `orphan_` with the orphan's number. */
export const subjectIdSchema = z.string().regex(/^(pay_[0-9A-Z]{26}|cxl_[0-9A-Z]{26}|orphan_\d{1,18})$/);

/** What an operator asks for. An empty list means any. */
export const unresolvedFilterSchema = z.object({
  kind: z.array(z.enum(unresolvedKinds)).max(unresolvedKinds.length).default([]),
  van: z.array(code).max(20).default([]),
  mall: z.array(code).max(50).default([]),
  age: z.array(z.enum(unresolvedAges)).max(unresolvedAges.length).default([]),
});
export type UnresolvedFilter = z.infer<typeof unresolvedFilterSchema>;

export const unresolvedSearchSchema = z.object({
  filter: unresolvedFilterSchema,
  /** The last row of the page before. */
  cursor: z.object({ since: z.date(), subjectId: subjectIdSchema }).optional(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type UnresolvedSearch = z.infer<typeof unresolvedSearchSchema>;

export const outcomesSchema = z.object({ subjectIds: z.array(subjectIdSchema).min(1).max(100) });
export const inquireSchema = z.object({ subjectIds: z.array(subjectIdSchema).min(1).max(inquiriesMax) });
export const subjectSchema = z.object({ subjectId: subjectIdSchema });

const note = z.string().trim().min(1).max(unresolvedNoteMax);

export const assignSchema = z.object({
  subjectId: subjectIdSchema,
  /** Who had it when the screen was drawn; somebody else by now refuses the take-over. */
  from: code.nullable(),
});
export const releaseSchema = z.object({ subjectId: subjectIdSchema, note });
