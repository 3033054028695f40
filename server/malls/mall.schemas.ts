import { z } from "zod";
import {
  addressRangesMax,
  contractMethods,
  contractNoteLengthMax,
  feeRateE5Max,
  feeRoundings,
  holidayPolicies,
  keyNameLengthMax,
  lagBusinessDaysMax,
  mallNameLengthMax,
  mallReasonLengthMax,
  mallStatuses,
  overlapHoursMax,
  rangeListLengthMax,
  settlementCycles,
} from "#server/malls/mall.values.ts";

const mallId = z.string().min(1).max(40);
const reason = z.string().trim().min(1).max(mallReasonLengthMax);
const businessDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

export const mallSearchSchema = z.object({
  q: z.string().trim().max(100).default(""),
  status: z.enum(mallStatuses).nullish(),
  /** The last mall of the page before. */
  cursor: z.object({ name: z.string().max(200), id: z.string().max(40) }).nullish(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type MallSearch = z.infer<typeof mallSearchSchema>;

export const mallIdSchema = z.object({ mallId });

export const registerMallSchema = z.object({
  name: z.string().trim().min(1).max(mallNameLengthMax),
  businessNumber: z.string().regex(/^\d{3}-\d{2}-\d{5}$/),
  routes: z
    .array(z.object({ vanCode: z.string().min(1).max(20), weight: z.number().int().min(0).max(100) }))
    .min(1)
    .max(20)
    .refine((routes) => routes.some(({ weight }) => weight > 0))
    .refine((routes) => new Set(routes.map(({ vanCode }) => vanCode)).size === routes.length),
});

export const switchMallSchema = z.object({ mallId, reason });

export const issueKeySchema = z.object({
  mallId,
  name: z.string().trim().min(1).max(keyNameLengthMax),
});

export const rotateKeySchema = z.object({
  mallId,
  keyId: z.string().min(1).max(40),
  /** How long the old key goes on working, in whole hours; 0 ends it at once. */
  overlapHours: z.number().int().min(0).max(overlapHoursMax),
});

export const revokeKeySchema = z.object({ mallId, keyId: z.string().min(1).max(40), reason });

export const rangeListSchema = z.object({ mallId, text: z.string().max(rangeListLengthMax) });

export const replaceRangesSchema = rangeListSchema.extend({
  /** The list as it was when the change began: one that another person changed meanwhile is not overwritten. */
  seen: z.array(z.string().max(50)).max(addressRangesMax),
  /** Addresses of callers that the person knows will be shut out. */
  shutsOut: z.array(z.string().max(50)).max(1_000),
});

export const testAddressSchema = z.object({ mallId, address: z.string().trim().min(1).max(50) });

export const addContractSchema = z.object({
  mallId,
  method: z.enum(contractMethods),
  effectiveFrom: businessDate,
  feeRateE5: z.number().int().min(0).max(feeRateE5Max),
  feeRounding: z.enum(feeRoundings),
  isFeeRefundable: z.boolean(),
  cycle: z.enum(settlementCycles),
  lagBusinessDays: z.number().int().min(1).max(lagBusinessDaysMax),
  /** Of a weekly cycle: ISO weekdays, 1 is Monday. Tuesday and Thursday when nothing is said. */
  payoutWeekdays: z
    .array(z.number().int().min(1).max(7))
    .min(1)
    .max(7)
    .refine((days) => new Set(days).size === days.length)
    .optional(),
  /** Of a monthly cycle; 31 is the last day of any month, and what holds when nothing is said. */
  payoutDayOfMonth: z.number().int().min(1).max(31).optional(),
  holidayPolicy: z.enum(holidayPolicies).optional(),
  note: z.string().trim().max(contractNoteLengthMax).default(""),
});
export type ContractTerms = Omit<z.infer<typeof addContractSchema>, "mallId">;

export const withdrawContractSchema = z.object({ mallId, contractId: z.string().min(1).max(40), reason });

/** What another person is asked to approve: the change as it would be made, and why. */
const keyChangeWish = z.discriminatedUnion("action", [
  issueKeySchema.omit({ mallId: true }).extend({ action: z.literal("ISSUE") }),
  rotateKeySchema.omit({ mallId: true }).extend({ action: z.literal("ROTATE") }),
]);
export type KeyChangeWish = z.infer<typeof keyChangeWish>;
export const requestKeyChangeSchema = z.object({ mallId, wish: keyChangeWish, reason });

const contractChangeWish = z.discriminatedUnion("action", [
  z.object({ action: z.literal("ADD"), terms: addContractSchema.omit({ mallId: true }) }),
  z.object({ action: z.literal("WITHDRAW"), contractId: z.string().min(1).max(40) }),
]);
export type ContractChangeWish = z.infer<typeof contractChangeWish>;
export const requestContractChangeSchema = z.object({ mallId, wish: contractChangeWish, reason });

export const claimKeySchema = z.object({ requestId: z.string().regex(/^chg_[0-9A-Z]{26}$/) });
