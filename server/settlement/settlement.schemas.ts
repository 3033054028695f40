import { z } from "zod";
import { isBusinessDate } from "#server/core/business-date.ts";
import { statementLanguages } from "#server/settlement/domain/statement-words.ts";
import {
  holidayKinds,
  lineKinds,
  settlementReasonLengthMax,
  settlementStates,
  settlementsTogetherMax,
} from "#server/settlement/settlement.values.ts";

const businessDate = z.string().max(10).refine(isBusinessDate);
const settlementId = z.string().startsWith("stl_").max(80);
const mallId = z.string().min(1).max(40);
const reason = z.string().trim().min(1).max(settlementReasonLengthMax);
const version = z.number().int().min(1).max(1_000_000);

export const settlementFilterSchema = z.object({
  state: z.array(z.enum(settlementStates)).max(settlementStates.length).default([]),
  mall: z.array(mallId).max(50).default([]),
  businessFrom: businessDate.nullish(),
  businessTo: businessDate.nullish(),
  payoutFrom: businessDate.nullish(),
  payoutTo: businessDate.nullish(),
});
export type SettlementFilter = z.infer<typeof settlementFilterSchema>;
export type SettlementFilterInput = z.input<typeof settlementFilterSchema>;

export const settlementSummarySchema = settlementFilterSchema.extend({
  /** By which date they stand: the one that is settled, or the one on which it is paid. */
  dateType: z.enum(["businessDate", "payoutDate"]).default("businessDate"),
});

export const settlementListSchema = settlementSummarySchema.extend({
  /** The last settlement of the page before. */
  cursor: z.object({ date: businessDate, id: settlementId }).nullish(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type SettlementSearch = z.infer<typeof settlementListSchema>;

export const settlementIdSchema = z.object({ settlementId });
export const statementSchema = z.object({ settlementId, language: z.enum(statementLanguages).default("ko") });

export const openRequestsSchema = z.object({
  settlementIds: z.array(settlementId).min(1).max(settlementsTogetherMax),
});
export const askedSettlementsSchema = z.object({ requestId: z.string().regex(/^chg_[0-9A-Z]{26}$/) });

export const settlementLinesSchema = z.object({
  settlementId,
  kind: z.enum(lineKinds).nullish(),
  paymentId: z.string().max(40).nullish(),
  /** The number of the last line of the page before. */
  cursor: z.number().int().min(0).nullish(),
  limit: z.number().int().min(1).max(500).default(100),
});
export type LineSearch = z.infer<typeof settlementLinesSchema>;

export const explainLineSchema = z.object({ settlementId, lineNo: z.number().int().min(1) });

export const batchDateSchema = z.object({ businessDate });
export const recomputeBatchSchema = z.object({ businessDate, reason });
export const batchListSchema = z.object({
  cursor: businessDate.nullish(),
  limit: z.number().int().min(1).max(100).default(31),
});
export const pendingListSchema = z.object({
  businessDate,
  cursor: z.object({ mallId, subjectId: z.string().max(200) }).nullish(),
  limit: z.number().int().min(1).max(200).default(100),
});

export const decideSettlementsSchema = z.object({
  settlements: z
    .array(z.object({ id: settlementId, hash: z.string().regex(/^[0-9a-f]{64}$/) }))
    .min(1)
    .max(settlementsTogetherMax)
    .refine((list) => new Set(list.map(({ id }) => id)).size === list.length),
  reason,
});

export const withholdSchema = z.object({ mallId, settlementId: settlementId.nullish(), reason });
export const releaseSchema = z.object({ holdId: z.string().startsWith("hold_").max(64), reason });

export const adjustSchema = z.object({
  mallId,
  method: z.enum(["CARD", "VOUCHER"]),
  /** Positive is for the mall. */
  amountMinor: z
    .bigint()
    .min(-9_999_999_999n)
    .max(9_999_999_999n)
    .refine((amount) => amount !== 0n),
  correctsId: z.string().min(1).max(80).nullish(),
  reason,
});

const holiday = z.object({
  date: businessDate,
  name: z.string().trim().min(1).max(60),
  kind: z.enum(holidayKinds),
});

export const calendarVersionSchema = z.object({ version });
export const activateCalendarSchema = z.object({
  version,
  /** How many payouts the person saw moving. */
  payoutsSeen: z.number().int().min(0),
});
/** A draft takes all of the version in force, with these changes. */
export const draftCalendarSchema = z.object({
  add: z.array(holiday).max(60).default([]),
  remove: z.array(businessDate).max(60).default([]),
  note: z.string().trim().max(settlementReasonLengthMax).default(""),
});
export type CalendarChange = z.infer<typeof draftCalendarSchema>;

export const fundReportSchema = z.object({ from: businessDate, to: businessDate });
export const reportFundSchema = z.object({
  businessDate,
  heldMinor: z.bigint().min(0n).max(999_999_999_999_999n),
  note: z.string().trim().max(settlementReasonLengthMax).default(""),
});
