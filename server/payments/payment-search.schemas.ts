import { z } from "zod";
import {
  businessDateOf,
  endOfBusinessDate,
  isBusinessDate,
  startOfBusinessDate,
} from "#server/core/business-date.ts";
import { amountMaxMinor } from "#server/core/money.ts";
import { origins, type PaymentStatus, paymentStatuses } from "#server/payments/domain/payment-status.ts";

/** Periods with a name; the basis is the time of the request. `all` has no limit. */
export const namedPeriods = ["1h", "24h", "today", "yesterday", "7d", "30d", "all"] as const;
export type NamedPeriod = (typeof namedPeriods)[number];

export const paymentSorts = ["-requestedAt", "requestedAt", "-amount", "amount"] as const;
export type PaymentSort = (typeof paymentSorts)[number];

export { origins, paymentStatuses };

export const paymentMethods = ["CARD", "VOUCHER"] as const;

/** From inclusive, to exclusive; a missing end is open. */
export type Period = Readonly<{ from?: Date; to?: Date }>;

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

function readInstant(text: string): Date | undefined {
  const at = instant.test(text) ? new Date(text) : undefined;
  return at && !Number.isNaN(at.getTime()) ? at : undefined;
}

/**
 * Reads a period: a named one, or `from..to` where each end is a business date in Seoul (the last one included) or an
 * instant (the last one excluded). `undefined` when it says nothing that exists.
 */
export function resolvePeriod(text: string, now: Date): Period | undefined {
  const hoursAgo = (hours: number) => ({ from: new Date(now.getTime() - hours * 3_600_000) });
  const daysAgo = (days: number) => businessDateOf(new Date(now.getTime() - days * 86_400_000));
  switch (text) {
    case "1h":
      return hoursAgo(1);
    case "24h":
      return hoursAgo(24);
    case "today":
      return { from: startOfBusinessDate(daysAgo(0)) };
    case "yesterday":
      return { from: startOfBusinessDate(daysAgo(1)), to: endOfBusinessDate(daysAgo(1)) };
    case "7d":
      return { from: startOfBusinessDate(daysAgo(6)) };
    case "30d":
      return { from: startOfBusinessDate(daysAgo(29)) };
    case "all":
      return {};
  }
  const [first = "", last = "", ...rest] = text.split("..");
  if (rest.length > 0 || !text.includes("..")) return undefined;
  const from = isBusinessDate(first) ? startOfBusinessDate(first) : readInstant(first);
  const to = isBusinessDate(last) ? endOfBusinessDate(last) : readInstant(last);
  if ((first && !from) || (last && !to) || (from && to && from >= to)) return undefined;
  return { ...(from ? { from } : {}), ...(to ? { to } : {}) };
}

function isPeriod(text: string): boolean {
  return resolvePeriod(text, new Date()) !== undefined;
}

/** Whole minor units as digits: an address and a query key can hold text, not a bigint. */
const amountText = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform((digits) => BigInt(digits));
const id = z.string().min(1).max(64);

/** What an operator may ask the list of payments for. Everything left out does not narrow the list. */
export const paymentFilterSchema = z.object({
  /** Words that must all be found: in order id or product, or as payment key, approval number or card digits. */
  q: z.string().trim().max(200).optional(),
  status: z
    .array(z.enum(paymentStatuses as [PaymentStatus, ...PaymentStatus[]]))
    .max(20)
    .optional(),
  mall: z.array(id).max(200).optional(),
  van: z.array(id).max(50).optional(),
  method: z.array(z.enum(paymentMethods)).max(2).optional(),
  origin: z.array(z.enum(origins)).max(10).optional(),
  amountMin: amountText.optional(),
  amountMax: amountText.optional(),
  /** See `resolvePeriod`. Left out: the last seven days, or everything when there are words or nothing is that new. */
  date: z.string().max(80).refine(isPeriod, "must be a period").optional(),
  /** A period, as `date`: only payments of which a cancel succeeded in it. */
  canceled: z.string().max(80).refine(isPeriod, "must be a period").optional(),
});
export type PaymentFilter = z.output<typeof paymentFilterSchema>;
/** The filter as it travels: amounts are digits. */
export type PaymentFilterInput = z.input<typeof paymentFilterSchema>;

export const paymentSummaryInput = z.object({
  filter: paymentFilterSchema,
  /** Count and add up everything, however many there are. */
  exact: z.boolean().default(false),
});

export const paymentSearchInput = paymentFilterSchema.extend({
  sort: z.enum(paymentSorts).default("-requestedAt"),
  cursor: z.string().max(200).nullish(),
  limit: z.number().int().min(1).max(200).default(100),
});

const paymentKey = z.string().regex(/^pay_[0-9A-Z]{26}$/);

export const paymentWatchInput = z.object({
  filter: paymentFilterSchema,
  /** Payments requested after this are new. */
  since: z.object({ requestedAt: z.date(), id: paymentKey }).nullable(),
  /** The rows on the screen, as the screen knows them. */
  known: z.array(z.object({ id: paymentKey, version: z.number().int() })).max(1_000),
});

export const paymentKeyInput = z.object({ paymentKey: z.string().max(64) });

export const cancelReasonMax = 200;

export const previewCancelInput = z.object({
  paymentKey,
  /** Left out: everything that is left. */
  amountMinor: amountText.optional(),
  taxFreeMinor: amountText.optional(),
});

/** The balance the operator saw goes along with every cancel, so that a stale screen moves no money (CX-3). */
export const cancelPaymentInput = z.object({
  paymentKey,
  amountMinor: z.bigint().min(1n).max(amountMaxMinor),
  taxFreeMinor: z.bigint().min(0n).optional(),
  currentCancelableMinor: z.bigint().min(0n),
  reason: z.string().trim().min(1).max(cancelReasonMax),
  language: z.enum(["ko", "en"]),
});

/** Asks for another person's approval of a cancel, or changes what was asked for. */
export const requestCancelInput = cancelPaymentInput.omit({ language: true });
export const editCancelRequestInput = requestCancelInput.extend({
  requestId: z.string().regex(/^chg_[0-9A-Z]{26}$/),
  version: z.number().int().min(1),
});

/** From this amount on the operator types it once more before it is cancelled (design §9). */
export const typedAmountFromMinor = 1_000_000n;
