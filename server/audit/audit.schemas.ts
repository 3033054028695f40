import { z } from "zod";
import { auditOutcomes } from "#server/audit/audit.values.ts";

/** What to look for. Empty lists and texts mean any; `from` is inclusive, `to` exclusive. */
export const auditFilterSchema = z.object({
  actor: z.array(z.string().min(1).max(64)).max(50).default([]),
  action: z.array(z.string().min(1).max(64)).max(50).default([]),
  outcome: z.array(z.enum(auditOutcomes)).max(auditOutcomes.length).default([]),
  /** The id of what was acted on: a payment key, a dead letter, an operator … */
  target: z.string().trim().max(100).default(""),
  /** Text that stands anywhere in what the action says of itself (a reason, an order number, an amount …) or in its target. */
  contains: z.string().trim().max(100).default(""),
  from: z.date().optional(),
  to: z.date().optional(),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

/** A filter as a screen may send it. */
export type AuditFilterInput = z.input<typeof auditFilterSchema>;
export const auditSearchSchema = z.object({
  filter: auditFilterSchema,
  /** The sequence number before which the page begins. */
  cursor: z.bigint().positive().nullish(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type AuditSearch = z.infer<typeof auditSearchSchema>;

/** The number as text: React Query keys are JSON, which has no bigint. */
export const auditEntrySchema = z.object({
  seq: z
    .string()
    .regex(/^[1-9]\d{0,17}$/)
    .transform(BigInt),
});
