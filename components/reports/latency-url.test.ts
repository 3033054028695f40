import { expect, test } from "vitest";
import { readListUrl } from "#components/payments/payment-filter-url.ts";
import { paymentsHref, readLatencyUrl, writeLatencyUrl } from "#components/reports/latency-url.ts";

test("an address without a period shows the last hour", () => {
  expect(readLatencyUrl(new URLSearchParams())).toEqual({ range: { period: "1h" }, van: [], mall: [] });
  expect(writeLatencyUrl({ range: { period: "1h" }, van: [], mall: [] })).toBe("");
});

test.each([
  [{ range: { period: "7d" }, van: ["SBX2"], mall: [] }],
  [
    {
      range: { from: new Date("2026-11-19T05:00:00Z"), to: new Date("2026-11-19T06:30:00Z") },
      van: [],
      mall: ["mall_1", "mall_2"],
    },
  ],
] as const)("a view survives its address: %o", (view) => {
  const url = writeLatencyUrl({ range: view.range, van: [...view.van], mall: [...view.mall] });
  expect(readLatencyUrl(new URLSearchParams(url))).toEqual(view);
});

test.each([
  "?from=2026-11-19T06:00:00Z&to=2026-11-19T05:00:00Z",
  "?from=x&to=y",
  "?from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z",
  "?period=2h",
])("an address that makes no sense shows the last hour: %s", (address) => {
  expect(readLatencyUrl(new URLSearchParams(address)).range).toEqual({ period: "1h" });
});

test("a number leads to the payments it counts", () => {
  const href = paymentsHref(
    { from: new Date("2026-11-19T05:00:00Z"), to: new Date("2026-11-19T05:01:00Z"), van: ["SBX2"], mall: [] },
    "unknown",
  );
  expect(readListUrl(new URLSearchParams(href.slice("/payments".length))).filter).toEqual({
    status: ["UNKNOWN", "NET_CANCELED"],
    van: ["SBX2"],
    date: "2026-11-19T05:00:00.000Z..2026-11-19T05:01:00.000Z",
  });
});
