import { describe, expect, test } from "vitest";
import { declineCodes } from "#server/core/refusals.ts";
import {
  cancelPaymentInput,
  paymentFilterSchema,
  requestCancelInput,
} from "#server/payments/payment-search.schemas.ts";
import { failureCodes, resolvePeriod } from "#server/payments/payment-search.values.ts";

// 2026-11-22 14:00 in Seoul.
const now = new Date("2026-11-22T05:00:00Z");

describe("a period", () => {
  test("of dates is whole days in Seoul, the last included", () => {
    expect(resolvePeriod("2026-11-19..2026-11-20", now)).toEqual({
      from: new Date("2026-11-18T15:00:00Z"),
      to: new Date("2026-11-20T15:00:00Z"),
    });
  });

  test("may be open at either end, or be of instants", () => {
    expect(resolvePeriod("..2026-11-20", now)).toEqual({ to: new Date("2026-11-20T15:00:00Z") });
    expect(resolvePeriod("2026-11-19..", now)).toEqual({ from: new Date("2026-11-18T15:00:00Z") });
    expect(resolvePeriod("2026-11-19T05:32:00Z..2026-11-19T14:33:00+09:00", now)).toEqual({
      from: new Date("2026-11-19T05:32:00Z"),
      to: new Date("2026-11-19T05:33:00Z"),
    });
  });

  test("with a name follows the Seoul calendar", () => {
    expect(resolvePeriod("today", now)).toEqual({ from: new Date("2026-11-21T15:00:00Z") });
    expect(resolvePeriod("yesterday", now)).toEqual({
      from: new Date("2026-11-20T15:00:00Z"),
      to: new Date("2026-11-21T15:00:00Z"),
    });
    expect(resolvePeriod("7d", now)).toEqual({ from: new Date("2026-11-15T15:00:00Z") });
    expect(resolvePeriod("1h", now)).toEqual({ from: new Date("2026-11-22T04:00:00Z") });
    expect(resolvePeriod("all", now)).toEqual({});
  });

  test.each([
    "",
    "2026-02-30..2026-03-01",
    "2026-11-20..2026-11-19",
    "soon",
    "a..b",
    "2026-11-19..2026-11-20..2026-11-21",
  ])("cannot be %j", (text) => {
    expect(resolvePeriod(text, now)).toBeUndefined();
    expect(paymentFilterSchema.safeParse({ date: text }).success).toBe(false);
  });
});

test("an amount of a filter is digits and becomes a bigint", () => {
  expect(paymentFilterSchema.parse({ amountMin: "100000" })).toEqual({ amountMin: 100_000n });
  for (const amountMin of ["-1", "1.5", "1e9", "99999999999", ""]) {
    expect(paymentFilterSchema.safeParse({ amountMin }).success).toBe(false);
  }
});

test("an error to choose is one that an approval ends with", () => {
  expect(new Set(failureCodes)).toEqual(new Set([...declineCodes, "VAN_UNAVAILABLE"]));
});

test.each([
  { responseMinMs: -1 },
  { responseMaxMs: 86_400_001 },
  { responseMinMs: 1.5 },
  { failure: ["card_expired"] },
  { outcome: ["gone"] },
])("a filter cannot be %j", (filter) => {
  expect(paymentFilterSchema.safeParse(filter).success).toBe(false);
});

describe("a cancel", () => {
  const wish = {
    paymentKey: `pay_${"0".repeat(26)}`,
    amountMinor: 1_000n,
    currentCancelableMinor: 1_000n,
    reason: "고객 요청",
    language: "ko",
  };

  test.each([
    ["at once", cancelPaymentInput],
    ["by request", requestCancelInput],
  ] as const)("%s needs a key, so that it can be sent again (IDM-2)", (_, input) => {
    for (const requestKey of [undefined, "", "1", "a".repeat(36)])
      expect(input.safeParse({ ...wish, requestKey }).success).toBe(false);
    expect(input.safeParse({ ...wish, requestKey: crypto.randomUUID() }).success).toBe(true);
  });
});
