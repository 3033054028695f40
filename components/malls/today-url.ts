import { writeListUrl } from "#components/payments/payment-filter-url.ts";

/** The payments of a mall that came today. */
export function todayUrl(mallId: string): string {
  return `/payments${writeListUrl({ filter: { mall: [mallId], date: "today" }, sort: "-requestedAt" })}`;
}
