import { z } from "zod";
import { auditFilterSchema } from "#server/audit/audit.schemas.ts";
import {
  exportColumns,
  exportFormats,
  exportPurposes,
  exportReasonMax,
} from "#server/exports/export.values.ts";
import { paymentFilterSchema } from "#server/payments/payment-search.schemas.ts";
import { paymentSorts } from "#server/payments/payment-search.values.ts";
import { reconItemFilterSchema } from "#server/reconciliation/reconciliation.schemas.ts";
import { settlementSummarySchema as settlementList } from "#server/settlement/settlement.schemas.ts";
import { lineKinds } from "#server/settlement/settlement.values.ts";

const settlementId = z.string().startsWith("stl_").max(80);

/** The list that is exported, with the filter that was on the screen. */
export const exportSourceSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("PAYMENTS"),
    filter: paymentFilterSchema,
    sort: z.enum(paymentSorts).default("-requestedAt"),
  }),
  z.object({ kind: z.literal("SETTLEMENTS"), filter: settlementList }),
  z.object({
    kind: z.literal("SETTLEMENT_LINES"),
    /** The lines of one settlement, as its page lists them, or of all that a filter finds. */
    filter: z.union([
      z.object({
        settlementId,
        lineKind: z.enum(lineKinds).nullish(),
        paymentId: z.string().max(40).nullish(),
      }),
      settlementList.strict(),
    ]),
  }),
  z.object({ kind: z.literal("SETTLEMENT_DAYS"), filter: settlementList }),
  z.object({ kind: z.literal("SETTLEMENT_METHODS"), filter: settlementList }),
  z.object({ kind: z.literal("RECONCILIATION"), filter: reconItemFilterSchema }),
  z.object({ kind: z.literal("AUDIT"), filter: auditFilterSchema }),
]);
export type ExportSource = z.output<typeof exportSourceSchema>;
export type ExportSourceInput = z.input<typeof exportSourceSchema>;

const wish = z.object({
  source: exportSourceSchema,
  format: z.enum(exportFormats),
  /** Of the columns of its kind, in their order whatever order is asked for; left out or empty: all. */
  columns: z.array(z.string().max(40)).max(60).default([]),
  purpose: z.enum(exportPurposes),
  /** Its length is checked by the use case, which has a code of its own for it. */
  reason: z.string().max(exportReasonMax),
  isMasked: z.boolean().default(true),
  /** The language of headings and words. */
  language: z.enum(["ko", "en"]),
  /** How many rows the screen said there are, if it did. */
  seenCount: z.number().int().min(0).nullish(),
  /** Made by the screen once for each sheet that is opened, so that a second click makes one export. */
  requestKey: z.uuid(),
});

export const requestExportSchema = wish.superRefine(({ source, columns }, check) => {
  const known = exportColumns[source.kind] as readonly string[];
  if (columns.some((key) => !known.includes(key)))
    check.addIssue({ code: "custom", path: ["columns"], message: "must be columns of this kind" });
});
export type RequestExportInput = z.output<typeof requestExportSchema>;

/** What the sheet shows before anything is asked for. */
export const previewExportSchema = z.object({ source: exportSourceSchema, language: z.enum(["ko", "en"]) });

const exportId = z.string().regex(/^exp_[0-9A-Z]{26}$/);
export const exportIdSchema = z.object({ exportId });
/** A link, as it comes back. */
export const downloadSchema = z.object({
  exportId,
  until: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
  signature: z.string().max(100),
});
export const exportListSchema = z.object({
  /** Of whom: one's own, or with the right to see them everybody's. */
  whose: z.enum(["mine", "all"]).default("mine"),
  cursor: z.object({ requestedAt: z.date(), id: z.string().max(64) }).nullish(),
  limit: z.number().int().min(1).max(100).default(30),
});
