import { z } from "zod";
import { type ChangeKind, changeKindNames } from "#server/change-requests/change-kinds.values.ts";
import { operatorRoles } from "#server/operators/permissions.ts";

/** Whole minor units as digits: JSON has no bigint. */
const amountText = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform((digits) => BigInt(digits));

/** The same, and negative for what is taken away. */
const signedAmountText = z
  .string()
  .regex(/^-?\d{1,19}$/)
  .transform((digits) => BigInt(digits));

/** Settlements as the maker saw them: on any others nothing is done. */
const seenSettlements = z.discriminatedUnion("v", [
  z.object({
    v: z.literal(1),
    settlements: z.array(z.object({ id: z.string(), hash: z.string() })).min(1),
    payoutMinor: amountText,
  }),
]);

const cancelWish = {
  paymentId: z.string(),
  amountMinor: amountText,
  taxFreeMinor: amountText,
  /** What could be cancelled when it was asked for: on any other balance nothing is cancelled (CX-3). */
  balanceMinor: amountText,
};

/** What the preview of a cancel said when it was asked for, for whoever approves it: nothing is done by it. */
const seenCancel = z.object({
  isAcquired: z.boolean(),
  settlement: z.object({ kind: z.enum(["none", "remainder", "deduction"]), date: z.string() }).nullable(),
  /** The last instant of a cancel, ISO 8601; null without one. */
  until: z.string().nullable(),
  /** What the cancel takes from the settlement, negative; null while no contract says. */
  settled: z
    .object({ feeMinor: signedAmountText, feeVatMinor: signedAmountText, netMinor: signedAmountText })
    .nullable(),
});

const contractMethod = z.enum(["CARD", "VOUCHER"]);
/** What is agreed from a date on. */
const contractFacts = z.object({
  effectiveFrom: z.string(),
  feeRateE5: z.number().int(),
  feeRounding: z.enum(["FLOOR_1", "FLOOR_10", "HALF_UP_1"]),
  isFeeRefundable: z.boolean(),
  cycle: z.enum(["DAILY", "WEEKLY", "MONTHLY"]),
  lagBusinessDays: z.number().int(),
  payoutWeekdays: z.array(z.number().int()).optional(),
  payoutDayOfMonth: z.number().int().optional(),
  holidayPolicy: z.enum(["HOLIDAY_BEFORE", "HOLIDAY_AFTER", "CALENDAR_DAY"]).optional(),
});

/**
 * What a request of each kind carries, by version: a stored one is read in the shape it was written in, so a shape that
 * must change gets a next `v` beside the old. A kind that is here can be asked for; it also needs its execution, in the
 * worker's registry.
 */
export const changePayloads = {
  CANCEL: z.discriminatedUnion("v", [
    z.object({ v: z.literal(1), ...cancelWish }),
    z.object({ v: z.literal(2), ...cancelWish, seen: seenCancel }),
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
  /** Never a secret: the maker issues the new key when it is approved, and sees it then (`claimApprovedKey`). */
  KEY_CHANGE: z.discriminatedUnion("v", [
    z.object({
      v: z.literal(1),
      mallId: z.string(),
      mallName: z.string(),
      change: z.discriminatedUnion("action", [
        z.object({ action: z.literal("ISSUE"), keyName: z.string() }),
        z.object({
          action: z.literal("ROTATE"),
          keyId: z.string(),
          keyName: z.string(),
          /** What may be shown of the present key. */
          shown: z.string(),
          overlapHours: z.number().int(),
        }),
      ]),
    }),
  ]),
  /** `before`: the version that is followed or taken back, as it stood when it was asked for. */
  CONTRACT_CHANGE: z.discriminatedUnion("v", [
    z.object({
      v: z.literal(1),
      mallId: z.string(),
      mallName: z.string(),
      change: z.discriminatedUnion("action", [
        z.object({
          action: z.literal("ADD"),
          method: contractMethod,
          note: z.string(),
          before: contractFacts.nullable(),
          after: contractFacts,
        }),
        z.object({
          action: z.literal("WITHDRAW"),
          method: contractMethod,
          contractId: z.string(),
          before: contractFacts,
        }),
      ]),
    }),
  ]),
  /** `beforeMax`: the limit as it was when it was asked for; on any other nothing is changed. Null: without limit. */
  LIMIT_CHANGE: z.discriminatedUnion("v", [
    z.object({
      v: z.literal(1),
      kind: z.enum(changeKindNames),
      role: z.enum(operatorRoles),
      beforeMax: amountText.nullable(),
      afterMax: amountText.nullable(),
    }),
  ]),
  SETTLEMENT_CONFIRM: seenSettlements,
  SETTLEMENT_PAYOUT: seenSettlements,
  WITHHOLD: z.discriminatedUnion("v", [
    z.object({
      v: z.literal(1),
      does: z.enum(["SET", "RELEASE"]),
      mallId: z.string(),
      /** Null for all of the mall. */
      settlementId: z.string().nullable(),
      /** Of a release. */
      holdId: z.string().nullable(),
    }),
  ]),
  ADJUSTMENT: z.discriminatedUnion("v", [
    z.object({
      v: z.literal(1),
      mallId: z.string(),
      method: contractMethod,
      amountMinor: signedAmountText,
      correctsId: z.string().nullable(),
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
