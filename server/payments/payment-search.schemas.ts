import { z } from "zod";
import { amountMaxMinor } from "#server/core/money.ts";
import { origins, type PaymentStatus, paymentStatuses } from "#server/payments/domain/payment-status.ts";
import {
  cancelReasonMax,
  failureCodeForm,
  isPeriod,
  outcomeChoices,
  paymentMethods,
  paymentSorts,
  responseMaxMs,
} from "#server/payments/payment-search.values.ts";

/** Whole minor units as digits: an address and a query key can hold text, not a bigint. */
const amountText = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform((digits) => BigInt(digits));
const responseTime = z.number().int().min(0).max(responseMaxMs);
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
  /** A period, as `date`: only payments whose approval was answered in it. */
  answered: z.string().max(80).refine(isPeriod, "must be a period").optional(),
  /** How the approval ended when it was answered. */
  outcome: z.array(z.enum(outcomeChoices)).max(outcomeChoices.length).optional(),
  /** How long the mall waited for that outcome, in milliseconds, both ends included. */
  responseMinMs: responseTime.optional(),
  responseMaxMs: responseTime.optional(),
  /** Our refusal codes of approvals that came to nothing. */
  failure: z.array(z.string().regex(failureCodeForm)).max(20).optional(),
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
export const previewCancelInput = z.object({
  paymentKey,
  /** Left out: everything that is left. */
  amountMinor: amountText.optional(),
  taxFreeMinor: amountText.optional(),
});

const requestId = z.string().regex(/^chg_[0-9A-Z]{26}$/);
/** `version` is the one on the screen: another one is another question, so that no answer about it is kept. */
export const previewCancelChangeInput = z.object({ requestId, version: z.number().int().positive() });

/**
 * The balance the operator saw goes along with every cancel, so that a stale screen moves no money (CX-3), and a key, so that
 * one whose answer was lost can be sent again without cancelling twice (IDM-3).
 */
export const cancelPaymentInput = z.object({
  paymentKey,
  amountMinor: z.bigint().min(1n).max(amountMaxMinor),
  taxFreeMinor: z.bigint().min(0n).optional(),
  currentCancelableMinor: z.bigint().min(0n),
  reason: z.string().trim().min(1).max(cancelReasonMax),
  requestKey: z.uuid(),
  language: z.enum(["ko", "en"]),
});

/** Asks for another person's approval of a cancel, or changes what was asked for. */
export const requestCancelInput = cancelPaymentInput.omit({ language: true });
// An edit is of one version: sent again it finds the next one and changes nothing.
export const editCancelRequestInput = requestCancelInput.omit({ requestKey: true }).extend({
  requestId,
  version: z.number().int().min(1),
});
