import { z } from "zod";
import { bulkFileCharsMax, bulkReasonMax, bulkRowsMax, rowOutcomes } from "#server/bulk/bulk.values.ts";
import { paymentFilterSchema } from "#server/payments/payment-search.schemas.ts";

const paymentKey = z.string().regex(/^pay_[0-9A-Z]{26}$/);

/** The payments: chosen by key, or the text of a CSV file. */
export const bulkSourceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ids"), ids: z.array(paymentKey).min(1).max(bulkRowsMax) }),
  z.object({ kind: z.literal("csv"), text: z.string().min(1).max(bulkFileCharsMax) }),
]);
export type BulkSource = z.infer<typeof bulkSourceSchema>;

/** All payments that match a filter of the list. */
export const bulkMatchingSchema = z.object({ filter: paymentFilterSchema });

export const startBulkCancelSchema = z.object({
  source: bulkSourceSchema,
  reason: z.string().trim().min(1).max(bulkReasonMax),
  /** What the dry run showed and the person typed; anything else by now is refused with STALE_SELECTION. */
  seen: z.object({
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    count: z.number().int().min(1).max(bulkRowsMax),
  }),
  /** Made by the screen for each dry run, so that a second click starts nothing. */
  requestKey: z.uuid(),
});
export type StartBulkCancelInput = z.infer<typeof startBulkCancelSchema>;

const runId = z.string().regex(/^bulk_[0-9A-Z]{26}$/);
export const bulkRunSchema = z.object({ runId });
export const steerBulkCancelSchema = z.object({ runId, to: z.enum(["pause", "resume", "stop"]) });
export type Steering = z.infer<typeof steerBulkCancelSchema>["to"];

export const bulkRunsSchema = z.object({
  cursor: z.object({ requestedAt: z.date(), id: z.string().max(64) }).optional(),
  limit: z.number().int().min(1).max(100).default(30),
});

export const bulkRowsSchema = z.object({
  runId,
  outcome: z.enum(rowOutcomes).optional(),
  /** The row after which the page begins. */
  cursor: z.number().int().min(0).max(bulkRowsMax).default(0),
  limit: z.number().int().min(1).max(500).default(100),
});
