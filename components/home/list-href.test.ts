import { expect, test } from "vitest";
import { paymentsHref } from "#components/home/list-href.ts";
import { readListUrl } from "#components/payments/payment-filter-url.ts";
import type { ListFilter } from "#server/reports/home-queries.ts";

test.each<ListFilter>([
  { status: ["DONE", "CANCELED"], date: "today" },
  { canceled: "today" },
  { status: ["UNKNOWN"], van: ["SBX1"], date: "..2026-11-26T04:45:00.000Z", sort: "requestedAt" },
])("the address of a figure opens the list of just its filter: %o", (list) => {
  const { sort, ...filter } = list;
  const read = readListUrl(new URL(paymentsHref(list), "http://console").searchParams);
  expect(read).toEqual({ filter, sort: sort ?? "-requestedAt" });
});
