import { z } from "zod";
import type { ChangeKind } from "#server/change-requests/change-kinds.values.ts";

/** Whole minor units as digits: JSON has no bigint. */
const amountText = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform((digits) => BigInt(digits));

/**
 * What a request of each kind carries, by version: a stored one is read in the shape it was written in, so a shape that
 * must change gets a next `v` beside the old. A kind that is here can be asked for; it also needs its execution, in the
 * worker's registry.
 */
export const changePayloads = {
  CANCEL: z.discriminatedUnion("v", [
    z.object({
      v: z.literal(1),
      paymentId: z.string(),
      amountMinor: amountText,
      taxFreeMinor: amountText,
      /** What could be cancelled when it was asked for: on any other balance nothing is cancelled (CX-3). */
      balanceMinor: amountText,
    }),
  ]),
  /** The payments and amounts are frozen in the rows of the run that waits for it; count and sum are what was seen. */
  BULK_CANCEL: z.discriminatedUnion("v", [
    z.object({
      v: z.literal(1),
      runId: z.string(),
      count: z.number().int().min(1),
      amountMinor: amountText,
      digest: z.string(),
    }),
  ]),
  /** The letters are frozen in the run that waits for it, with what its preview said of them. */
  BULK_REDRIVE: z.discriminatedUnion("v", [
    z.object({
      v: z.literal(1),
      runId: z.string(),
      count: z.number().int().min(1),
      itemsPerSecond: z.number().int(),
      failuresToPause: z.number().int().nullable(),
    }),
  ]),
} as const satisfies Partial<Record<ChangeKind, z.ZodType>>;

/** A kind whose use case exists. */
export type RequestableKind = keyof typeof changePayloads;
export type ChangePayload<K extends RequestableKind> = z.output<(typeof changePayloads)[K]>;
/** A payload as it is stored: amounts are digits. */
export type StoredPayload<K extends RequestableKind> = z.input<(typeof changePayloads)[K]>;

/** True for a kind that can be asked for. */
export function isRequestable(kind: string): kind is RequestableKind {
  return Object.hasOwn(changePayloads, kind);
}
