import { z } from "zod";
import { faultMinutesMax, sandboxFaults, stopReasonLengthMax } from "#server/van/van.values.ts";

/** Stops or resumes new approvals at one VAN. */
export const switchApprovalsSchema = z.object({
  code: z.string().min(1).max(20),
  reason: z.string().trim().min(1).max(stopReasonLengthMax),
});

const code = z.string().min(1).max(20);
const weights = z
  .array(z.object({ vanCode: code, weight: z.number().int().min(0).max(100) }))
  .min(1)
  .max(20)
  .refine((list) => new Set(list.map(({ vanCode }) => vanCode)).size === list.length);

/** Spreads the approvals of a mall anew. `expected` are the weights that the operator saw; 0 for a VAN without a route. */
export const changeWeightsSchema = z.object({
  mallId: z.string().min(1).max(64),
  weights,
  expected: weights,
  reason: z.string().trim().min(1).max(stopReasonLengthMax),
});

export const setFaultSchema = z.object({
  code,
  mode: z.enum(sandboxFaults),
  /** The share of messages that it hits, in percent. */
  percent: z.number().int().min(1).max(100),
  minutes: z.number().int().min(1).max(faultMinutesMax),
});

export const clearFaultSchema = z.object({ code });
export const vanHistorySchema = z.object({
  /** The last entry that was shown of each kind. */
  cursor: z
    .object({ auditSeq: z.bigint().positive().nullable(), changeId: z.bigint().positive().nullable() })
    .optional(),
  limit: z.number().int().min(1).max(100).default(20),
});
export type VanHistorySearch = z.infer<typeof vanHistorySchema>;
