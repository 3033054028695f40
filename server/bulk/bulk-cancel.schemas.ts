import { z } from "zod";

/** How many payments one bulk cancel takes: chosen in the list, or named by a file. */
export const bulkIdsMax = 100;
export const bulkRowsMax = 5_000;
/** How large a file may be: room for `bulkRowsMax` lines of key, amount and tax-free amount. */
export const bulkFileCharsMax = 600_000;
export const bulkReasonMax = 200;
/** How many rows of a dry run go to the screen, those that will not be cancelled first. */
export const previewRowsMax = 500;

/** How many cancels a run begins in a second, and how many rows in a row a VAN may leave unanswered before it pauses. */
export const bulkRowsPerSecond = 10;
export const bulkTroubleMax = 5;

export const bulkRunStates = ["RUNNING", "PAUSED", "STOPPED", "FINISHED"] as const;
export type BulkRunState = (typeof bulkRunStates)[number];

/** What a dry run says of a row. */
export const plannedOutcomes = ["CANCEL", "ALREADY", "AMOUNT", "NOT_CANCELABLE"] as const;
export type PlannedOutcome = (typeof plannedOutcomes)[number];

/** What became of a row: `NOT_RUN` of a run that was stopped, `UNKNOWN` while its result is being found out. */
export const rowOutcomes = [
  "WAITING",
  "RUNNING",
  "DONE",
  "REFUSED",
  "UNKNOWN",
  "NOT_RUN",
  "LEFT_OUT",
] as const;
export type RowOutcome = (typeof rowOutcomes)[number];

/** What is wrong with a line of a file. */
export const lineErrors = [
  "MISSING_KEY",
  "BAD_KEY",
  "BAD_AMOUNT",
  "BAD_TAX_FREE",
  "TAX_FREE_WITHOUT_AMOUNT",
  "TOO_MANY_COLUMNS",
  "BAD_QUOTES",
  "DUPLICATE",
  "TOO_MANY_ROWS",
  "NO_ROWS",
] as const;
export type LineErrorCode = (typeof lineErrors)[number];

const paymentKey = z.string().regex(/^pay_[0-9A-Z]{26}$/);

/** The payments: chosen by key, or the text of a CSV file. */
export const bulkSourceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ids"), ids: z.array(paymentKey).min(1).max(bulkIdsMax) }),
  z.object({ kind: z.literal("csv"), text: z.string().min(1).max(bulkFileCharsMax) }),
]);
export type BulkSource = z.infer<typeof bulkSourceSchema>;

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
