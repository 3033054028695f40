import { z } from "zod";
import { unresolvedKinds } from "#server/payments/domain/decide-unresolved.ts";
import {
  inquiriesMax,
  unresolvedAges,
  unresolvedDeadlines,
  unresolvedNoteMax,
} from "#server/payments/unresolved.values.ts";

const code = z.string().min(1).max(64);

/** A payment, a cancel, or `orphan_` with the orphan's number. */
export const subjectIdSchema = z.string().regex(/^(pay_[0-9A-Z]{26}|cxl_[0-9A-Z]{26}|orphan_\d{1,18})$/);

/** What an operator asks for. An empty list means any. */
export const unresolvedFilterSchema = z.object({
  kind: z.array(z.enum(unresolvedKinds)).max(unresolvedKinds.length).default([]),
  van: z.array(code).max(20).default([]),
  mall: z.array(code).max(50).default([]),
  age: z.array(z.enum(unresolvedAges)).max(unresolvedAges.length).default([]),
  deadline: z.array(z.enum(unresolvedDeadlines)).max(unresolvedDeadlines.length).default([]),
});
export type UnresolvedFilter = z.infer<typeof unresolvedFilterSchema>;
/** The last row of the page before, and when the first page was read. */
const unresolvedCursorSchema = z.object({
  asOf: z.date(),
  urgency: z.bigint(),
  since: z.date(),
  subjectId: subjectIdSchema,
});
export type UnresolvedCursor = z.infer<typeof unresolvedCursorSchema>;
export const unresolvedSearchSchema = z.object({
  filter: unresolvedFilterSchema,
  cursor: unresolvedCursorSchema.optional(),
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
