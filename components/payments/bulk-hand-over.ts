import { matchingHref } from "#components/bulk/chosen-address.ts";
import { keepPicked } from "#components/bulk/picked-payments.ts";
import { bulkAddressIdsMax, bulkRowsMax } from "#server/bulk/bulk.values.ts";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";
import type { Summary } from "#server/payments/search-payments.ts";

/** Everything that matches, of which the loaded rows are a part. */
export type AllMatching = Readonly<{
  /** With the period that the list covers. */
  filter: PaymentFilterInput;
  summary: Summary;
  isSelected: boolean;
  onSelect: () => void;
}>;

/**
 * How a selection becomes a bulk cancel: by an address, or by one that `keep` makes once it is wanted, because this tab has
 * to keep the keys. Null when it is more than one run takes.
 */
export function handOverOf(
  ids: readonly string[],
  all: AllMatching | null,
): Readonly<{ href: string }> | Readonly<{ keep: () => string }> | null {
  if (all?.isSelected) {
    const { count, isComplete } = all.summary;
    return isComplete && count <= bulkRowsMax ? { href: matchingHref(all.filter, count) } : null;
  }
  if (ids.length > bulkRowsMax) return null;
  if (ids.length > bulkAddressIdsMax) return { keep: () => keepPicked(ids) };
  return { href: `/bulk/new?ids=${ids.join(",")}` };
}
