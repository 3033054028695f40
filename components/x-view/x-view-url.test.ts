import { expect, test } from "vitest";
import { readListUrl } from "#components/payments/payment-filter-url.ts";
import type { Box } from "#components/x-view/plot-scale.ts";
import {
  defaultXView,
  paymentsHref,
  readXViewUrl,
  writeXViewUrl,
  type XView,
} from "#components/x-view/x-view-url.ts";

const from = Date.parse("2026-11-19T05:21:00Z");

test("a bare address shows approvals of the last quarter of an hour", () => {
  expect(readXViewUrl(new URLSearchParams())).toEqual(defaultXView);
  expect(writeXViewUrl(defaultXView)).toBe("");
});

test.each<Partial<XView>>([
  { minutes: 60, van: ["SBX2"], mall: ["mall_1", "mall_2"], operation: ["approval", "cancel"] },
  {
    operation: ["cancel"],
    hidden: ["done", "unknown"],
    scale: "log",
    heldTopMs: 8_000,
    percentileLines: true,
  },
  { box: { fromMs: from, toMs: from + 240_000, minMs: 3_000, maxMs: null } },
  {
    box: { fromMs: from, toMs: from + 240_000, minMs: 0, maxMs: 500 },
    zoom: { fromMs: from, toMs: from + 60_000 },
  },
  { box: { fromMs: from, toMs: from + 240_000, minMs: 0, maxMs: null } },
])("a view survives its address: %o", (part) => {
  const view = { ...defaultXView, ...part };
  expect(readXViewUrl(new URLSearchParams(writeXViewUrl(view)))).toEqual(view);
});

test.each([
  "?window=7",
  "?box=x..y&response=3..1",
  "?box=2026-11-19T06:00:00Z..2026-11-19T05:00:00Z",
  "?box=2026-11-19T00:00:00Z..2026-11-19T05:00:00Z",
  "?operation=none&hide=all&scale=cubic&top=-5",
])("an address that makes no sense shows the default: %s", (address) => {
  expect(readXViewUrl(new URLSearchParams(address))).toEqual(defaultXView);
});

const box = { fromMs: from, toMs: from + 999, minMs: 0, maxMs: null };
const listed = (view: Partial<XView>, part: Partial<Box> = {}) => {
  const href = paymentsHref({ ...defaultXView, ...view }, { ...box, ...part });
  return href && readListUrl(new URLSearchParams(href.slice("/payments".length))).filter;
};

test("the list behind a selection is of its approvals, both ends included", () => {
  const answered = "2026-11-19T05:21:00.000Z..2026-11-19T05:21:01.000Z";
  expect(listed({ van: ["SBX2"] })).toEqual({ van: ["SBX2"], answered });
  expect(listed({ operation: ["approval", "cancel"] }, { minMs: 3_000, maxMs: 8_000 })).toEqual({
    answered,
    responseMinMs: 3_000,
    responseMaxMs: 8_000,
  });
  expect(listed({ hidden: ["done", "unknown"] })).toEqual({
    answered,
    outcome: ["declined", "failed", "netCanceled"],
  });
  expect(listed({ operation: ["cancel"] })).toBeNull();
});
