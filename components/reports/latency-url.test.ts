import { expect, test } from "vitest";
import { readListUrl } from "#components/payments/payment-filter-url.ts";
import { paymentsHref, readLatencyUrl, writeLatencyUrl } from "#components/reports/latency-url.ts";

test("an address without a period shows the last hour", () => {
  expect(readLatencyUrl(new URLSearchParams())).toEqual({
    range: { period: "1h" },
    zoom: null,
    van: [],
    mall: [],
    by: "van",
  });
  expect(writeLatencyUrl({ range: { period: "1h" }, zoom: null, van: [], mall: [], by: "van" })).toBe("");
});

test.each([
  [{ range: { period: "7d" }, zoom: null, van: ["SBX2"], mall: [], by: "route" }],
  [
    {
      range: { period: "24h" },
      zoom: { from: new Date("2026-11-19T05:00:00Z"), to: new Date("2026-11-19T06:30:00Z") },
      van: [],
      mall: [],
      by: "van",
    },
  ],
  [
    {
      zoom: null,
      range: { from: new Date("2026-11-19T05:00:00Z"), to: new Date("2026-11-19T06:30:00Z") },
      van: [],
      mall: ["mall_1", "mall_2"],
      by: "mall",
    },
  ],
] as const)("a view survives its address: %o", (view) => {
  const url = writeLatencyUrl({ ...view, van: [...view.van], mall: [...view.mall] });
  expect(readLatencyUrl(new URLSearchParams(url))).toEqual(view);
});

test.each([
  "?from=2026-11-19T06:00:00Z&to=2026-11-19T05:00:00Z",
  "?from=x&to=y",
  "?from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z",
  "?period=2h",
  "?zoom=2026-11-19T06:00:00Z..2026-11-19T05:00:00Z",
])("an address that makes no sense shows the last hour: %s", (address) => {
  expect(readLatencyUrl(new URLSearchParams(address))).toMatchObject({ range: { period: "1h" }, zoom: null });
});

test("declined and failed payments have lists of their own", () => {
  const at = {
    from: new Date("2026-11-19T05:00:00Z"),
    to: new Date("2026-11-19T05:01:00Z"),
    van: [],
    mall: [],
  };
  expect(paymentsHref(at, "declined")).not.toBe(paymentsHref(at, "failed"));
});

test("a number leads to the payments it counts", () => {
  const href = paymentsHref(
    { from: new Date("2026-11-19T05:00:00Z"), to: new Date("2026-11-19T05:01:00Z"), van: ["SBX2"], mall: [] },
    "unknown",
  );
  expect(readListUrl(new URLSearchParams(href.slice("/payments".length))).filter).toEqual({
    outcome: ["unknown"],
    van: ["SBX2"],
    answered: "2026-11-19T05:00:00.000Z..2026-11-19T05:01:00.000Z",
  });
});
