import {
  businessDateOf,
  endOfBusinessDate,
  isBusinessDate,
  startOfBusinessDate,
} from "#server/core/business-date.ts";
import type { RefusalCode } from "#server/core/refusals.ts";
import { origins, paymentStatuses } from "#server/payments/domain/payment-status.ts";

/** Periods with a name; the basis is the time of the request. `all` has no limit. */
export const namedPeriods = ["1h", "24h", "today", "yesterday", "7d", "30d", "all"] as const;
export type NamedPeriod = (typeof namedPeriods)[number];
export const paymentSorts = ["-requestedAt", "requestedAt", "-amount", "amount"] as const;
export type PaymentSort = (typeof paymentSorts)[number];
export { origins, paymentStatuses };
/**
 * How an approval ended when it was answered, read from what never changes later: a cancel changes nothing of it. `failed`:
 * never reached the VAN, or it had an error.
 */
export const answerOutcomes = ["approved", "declined", "unknown", "failed"] as const;
export type AnswerOutcome = (typeof answerOutcomes)[number];
/** The outcomes one can ask the list for; of the unknown ones also those that are net-cancelled by now, and the others. */
export const outcomeChoices = [...answerOutcomes, "netCanceled", "stillUnknown"] as const;
export type OutcomeChoice = (typeof outcomeChoices)[number];
/** What a refusal code looks like. */
export const failureCodeForm = /^[A-Z][A-Z_]{2,63}$/;
/** The refusal codes that an approval ends with. */
export const failureCodes = [
  "CARD_DECLINED",
  "CARD_LIMIT_EXCEEDED",
  "CARD_INSUFFICIENT_FUNDS",
  "CARD_EXPIRED",
  "CARD_STOLEN",
  "CARD_SUSPENDED",
  "CARD_INVALID",
  "VAN_UNAVAILABLE",
] as const satisfies readonly RefusalCode[];
/** A day; nobody waits longer for an answer. In milliseconds. */
export const responseMaxMs = 86_400_000;
/** Answers that took so long, in milliseconds, are in an index of their own: they are few, and what one looks for. */
export const slowFromMs = 1_000;
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

export function isPeriod(text: string): boolean {
  return resolvePeriod(text, new Date()) !== undefined;
}

export const cancelReasonMax = 200;

/** From this amount on, and above this number of payments, the operator types once more what is cancelled (design §9). */
export const typedAmountFromMinor = 1_000_000n;
const typedPaymentsAbove = 20;

export type TypedBecause = "amount" | "payments" | "limit";

/**
 * Why what is cancelled is typed once more: it is much money, many payments, or more than half of what the person may do
 * alone. Null for all else: people click through a ritual. Minor units; `limitMinor` null is without limit.
 */
export function typedBecause({
  amountMinor,
  limitMinor,
  count = 1,
}: Readonly<{ amountMinor: bigint; limitMinor: bigint | null; count?: number }>): TypedBecause | null {
  if (amountMinor >= typedAmountFromMinor) return "amount";
  if (count > typedPaymentsAbove) return "payments";
  return limitMinor !== null && amountMinor * 2n > limitMinor ? "limit" : null;
}
