import { expect, test } from "vitest";
import { paymentsHref, unknownHref } from "#components/home/list-href.ts";
import { readListUrl } from "#components/payments/payment-filter-url.ts";
import { defaultFilter, readFilterUrl } from "#components/unresolved/unresolved-url.ts";
import type { InboxFilter, ListFilter } from "#server/reports/home-queries.ts";

test.each<ListFilter>([{ status: ["DONE", "CANCELED"], date: "today" }, { canceled: "today" }])(
  "the address of a figure opens the list of just its filter: %o",
  (list) => {
    const read = readListUrl(new URL(paymentsHref(list), "http://console").searchParams);
    expect(read).toEqual({ filter: list, sort: "-requestedAt" });
  },
);

test.each<InboxFilter>([
  { kind: ["APPROVAL", "CANCEL"] },
  { kind: ["APPROVAL"], van: ["SBX1"], deadline: ["PASSED"] },
])("the address of an open outcome opens the inbox of just its filter: %o", (inbox) => {
  const read = readFilterUrl(new URL(unknownHref(inbox), "http://console").searchParams);
  expect(read).toEqual({ ...defaultFilter, ...inbox });
});
