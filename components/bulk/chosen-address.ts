import { readListUrl, writeListUrl } from "#components/payments/payment-filter-url.ts";
import { bulkAddressIdsMax } from "#server/bulk/bulk.values.ts";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";

/** How the list hands payments over to a new bulk cancel. */
export type Chosen =
  | Readonly<{ kind: "none" }>
  | Readonly<{ kind: "ids"; ids: readonly string[] }>
  /** Too many for an address: this tab keeps them under a key. */
  | Readonly<{ kind: "picked"; key: string }>
  /** All that match; `seen` is how many the list said there are. */
  | Readonly<{ kind: "matching"; filter: PaymentFilterInput; seen: number }>
  | Readonly<{ kind: "unreadable"; because: "ids" | "tooManyIds" | "filter" }>;

/** The address of a new bulk cancel of all payments that match. */
export function matchingHref(filter: PaymentFilterInput, seen: number): string {
  const list = writeListUrl({ filter, sort: "-requestedAt" }).slice(1);
  return `/bulk/new?matching=${seen}${list && `&${list}`}`;
}

/**
 * Reads what an address chooses. A list may leave out a condition that it cannot read; here that would choose more payments
 * than were meant, so such an address is unreadable.
 */
export function readChosen(params: URLSearchParams): Chosen {
  const picked = params.get("picked");
  if (picked) return { kind: "picked", key: picked };
  const matching = params.get("matching");
  if (matching !== null) return readMatching(params, matching);
  const ids = [...new Set((params.get("ids") ?? "").split(",").filter(Boolean))];
  if (ids.length === 0) return { kind: "none" };
  if (ids.length > bulkAddressIdsMax) return { kind: "unreadable", because: "tooManyIds" };
  return ids.every(isPaymentKey) ? { kind: "ids", ids } : { kind: "unreadable", because: "ids" };
}

export const isPaymentKey = (id: string) => /^pay_[0-9A-Z]{26}$/.test(id);

function readMatching(params: URLSearchParams, matching: string): Chosen {
  const { filter } = readListUrl(params);
  const understood = new URLSearchParams(writeListUrl({ filter, sort: "-requestedAt" }));
  const isWhole = [...params].every(([name, value]) => name === "matching" || understood.get(name) === value);
  // Every list has a period, and the one that stands in for none may be another one by now.
  if (!isWhole || !filter.date || !/^\d{1,4}$/.test(matching))
    return { kind: "unreadable", because: "filter" };
  return { kind: "matching", filter, seen: Number(matching) };
}
