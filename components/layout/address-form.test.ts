import { expect, test } from "vitest";
import { auditAddress } from "#components/audit/audit-url.ts";
import { deadLetterAddress } from "#components/dead-letters/dead-letter-url.ts";
import { type AddressForm, queryOf } from "#components/layout/address-form.ts";
import { paymentListAddress } from "#components/payments/payment-filter-url.ts";
import { latencyAddress } from "#components/reports/latency-url.ts";
import { unresolvedAddress } from "#components/unresolved/unresolved-url.ts";
import { deliveryAddress } from "#components/webhooks/delivery-url.ts";
import { xViewAddress } from "#components/x-view/x-view-url.ts";

const choices = ["open", "done"] as const;
/** A page of two tabs; the first is what shows when the address says nothing. */
const tab: AddressForm<{ choice: (typeof choices)[number] }> = {
  names: ["tab"],
  read: (params) => ({ choice: choices.find((known) => known === params.get("tab")) ?? "open" }),
  write: ({ choice }) => (choice === "open" ? "" : `?tab=${choice}`),
};

test("the first choice is said by saying nothing", () => {
  expect(queryOf(tab, { choice: "open" }, "?tab=done")).toBe("");
  expect(queryOf(tab, { choice: "done" }, "")).toBe("?tab=done");
  expect(tab.read(new URLSearchParams("tab=gone"))).toEqual({ choice: "open" });
});

test("what belongs to something else stays as it was written", () => {
  expect(queryOf(tab, { choice: "done" }, "?run=rdr_1&tab=open&to=a,b%20c")).toBe(
    "?tab=done&run=rdr_1&to=a,b%20c",
  );
  expect(queryOf(tab, { choice: "open" }, "?run=rdr_1&tab=done")).toBe("?run=rdr_1");
});

const span = "2026-11-19T01:00:00.000Z..2026-11-19T01:30:00.000Z";
// In each search its form finds all of its parameters.
function tried<View>(name: string, form: AddressForm<View>, search: string) {
  const written = form.write(form.read(new URLSearchParams(search)));
  return {
    name,
    names: form.names,
    search,
    written,
    emptied: queryOf(form, form.read(new URLSearchParams()), written),
  };
}

const full = [
  tried("audit", auditAddress, "actor=a&action=b&outcome=refused&target=c&contains=d&date=7d"),
  tried(
    "dead letters",
    deadLetterAddress,
    "status=RESOLVED&job=deliver-webhook&reason=VAN_TIMEOUT&van=SBX2&mall=m&age=OVER_1_D&assignment=ME&aside=1&q=x",
  ),
  tried(
    "payments",
    paymentListAddress,
    "view=all&q=x&status=DONE&mall=m&van=v&method=CARD&origin=API&amount=gte:1&date=7d&canceled=7d&sort=amount",
  ),
  tried("latency", latencyAddress, `period=24h&zoom=${span}&van=v&mall=m&by=mall`),
  tried("latency of days", latencyAddress, "from=2026-11-19T01:00:00.000Z&to=2026-11-19T02:00:00.000Z"),
  tried("unresolved", unresolvedAddress, "kind=CANCEL&van=v&mall=m&age=OVER_1_H"),
  tried(
    "deliveries",
    deliveryAddress,
    "mall=m&endpoint=whe_1&type=payment.failed&state=dead&date=7d&q=x&open=whd_1",
  ),
  tried(
    "x-view",
    xViewAddress,
    `window=30&van=v&mall=m&operation=cancel&hide=done&scale=log&top=500&lines=1&box=${span}&response=10..&zoom=${span}`,
  ),
];

test.each(full)("the form of $name names every parameter that it writes", (form) => {
  const names = [...new URLSearchParams(form.written).keys()];
  expect(new Set(names)).toEqual(new Set(new URLSearchParams(form.search).keys()));
  expect(names.filter((name) => !form.names.includes(name))).toEqual([]);
  // Nothing of the view before is left behind the next.
  expect(form.emptied).toBe("");
});
