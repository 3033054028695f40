import { z } from "zod";
import { isBusinessDate } from "#server/core/business-date.ts";
import {
  dayStates,
  fileKinds,
  itemStates,
  reconClasses,
  reconNoteMax,
  reconReasonMax,
} from "#server/reconciliation/reconciliation.values.ts";

const businessDate = z.string().max(10).refine(isBusinessDate);
const vanCode = z.string().min(1).max(12);
const reason = z.string().trim().min(1).max(reconReasonMax);
const itemId = z.bigint().min(1n).max(9_223_372_036_854_775_807n);
const operatorId = z.string().min(1).max(64);

export const reconDaySchema = z.object({ vanCode, businessDate });

export const reconDayListSchema = z.object({
  van: z.array(vanCode).max(20).default([]),
  state: z.array(z.enum(dayStates)).max(dayStates.length).default([]),
  from: businessDate.nullish(),
  to: businessDate.nullish(),
  /** The last day of the page before. */
  cursor: reconDaySchema.nullish(),
  limit: z.number().int().min(1).max(200).default(62),
});
export type ReconDaySearch = z.infer<typeof reconDayListSchema>;

export const reconItemFilterSchema = z.object({
  van: z.array(vanCode).max(20).default([]),
  class: z.array(z.enum(reconClasses)).max(reconClasses.length).default([]),
  state: z.array(z.enum(itemStates)).max(itemStates.length).default(["OPEN", "WAITING"]),
  from: businessDate.nullish(),
  to: businessDate.nullish(),
  /** Of days that stand so; without it, of any. */
  dayState: z.array(z.enum(dayStates)).max(dayStates.length).optional(),
  /** Whose: an operator's, or with null nobody's. Without it, anybody's. */
  owner: operatorId.nullable().optional(),
  /** Found at least so many days ago. */
  agedDays: z.number().int().min(0).max(3_650).nullish(),
});
export type ReconItemFilter = z.infer<typeof reconItemFilterSchema>;

export const reconItemListSchema = reconItemFilterSchema.extend({
  /** The last item of the page before. */
  cursor: z.object({ priority: z.number().int().min(1).max(9), foundAt: z.date(), id: itemId }).nullish(),
  limit: z.number().int().min(1).max(200).default(50),
});
/** What the sum of a search takes of it: everything but the page. */
export const reconItemSumSchema = reconItemListSchema.omit({ cursor: true, limit: true });
export type ReconItemSearch = z.infer<typeof reconItemListSchema>;

/** Its number in digits: what a screen asks by has to be JSON, which has no bigint. */
export const reconItemSchema = z.object({
  itemId: z
    .string()
    .regex(/^[1-9]\d{0,17}$/)
    .transform(BigInt),
});
export const assignReconItemSchema = z.object({
  itemId,
  /** Who had it when the screen was drawn. */
  from: operatorId.nullable(),
});
export const noteReconItemSchema = z.object({ itemId, note: z.string().trim().min(1).max(reconNoteMax) });
export const acceptReconItemSchema = z.object({ itemId, reason });
export const adjustReconItemSchema = z.object({
  itemId,
  /** Positive is for the mall. */
  amountMinor: z
    .bigint()
    .min(-9_999_999_999n)
    .max(9_999_999_999n)
    .refine((amount) => amount !== 0n),
  reason,
});
export const cancelReconItemSchema = z.object({
  itemId,
  amountMinor: z.bigint().min(1n).max(9_999_999_999n),
  /** The balance that was on the screen (CX-3). */
  currentCancelableMinor: z.bigint().min(0n).max(9_999_999_999n),
  reason,
});

/** What file an upload expects, in its address. What it does not say is taken from the file. */
export const uploadSchema = z.object({
  van: vanCode.optional(),
  date: businessDate.optional(),
  kind: z.enum(fileKinds).optional(),
});
