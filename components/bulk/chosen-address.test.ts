import { describe, expect, test } from "vitest";
import { matchingHref, readChosen } from "#components/bulk/chosen-address.ts";
import { bulkAddressIdsMax } from "#server/bulk/bulk.values.ts";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";

const read = (address: string) => readChosen(new URL(address, "http://console").searchParams);
const key = (n: number) => `pay_${String(n).padStart(26, "0")}`;
const keys = (count: number) => Array.from({ length: count }, (_, n) => key(n));

describe("all that match", () => {
  test.each<PaymentFilterInput>([
    { date: "all" },
    { date: "today", status: ["DONE", "PARTIAL_CANCELED"], mall: ["mall_A"] },
    { date: "2026-11-19..2026-11-20", q: "쿠키 100%", amountMin: "1000", amountMax: "5000" },
    { date: "7d", canceled: "today", method: ["CARD"], origin: ["API"], van: ["SBX1"] },
  ])("are chosen by the list's own filter: %j", (filter) => {
    expect(read(matchingHref(filter, 412))).toEqual({ kind: "matching", filter, seen: 412 });
  });

  test.each([
    ["a status that is gone", "/bulk/new?matching=3&date=today&status=DONE,GONE"],
    ["an amount that is none", "/bulk/new?matching=3&date=today&amount=lots"],
    ["a condition that nobody knows", "/bulk/new?matching=3&date=today&card=1234"],
    ["no period", "/bulk/new?matching=3&status=DONE"],
    ["no count", "/bulk/new?matching=&date=today"],
  ])("are not chosen by %s: it would be more than was meant", (_, address) => {
    expect(read(address)).toEqual({ kind: "unreadable", because: "filter" });
  });
});

describe("keys in the address", () => {
  test("are each chosen once", () => {
    expect(read(`/bulk/new?ids=${key(1)},${key(2)},${key(1)}`)).toEqual({
      kind: "ids",
      ids: [key(1), key(2)],
    });
    expect(read("/bulk/new")).toEqual({ kind: "none" });
    expect(read("/bulk/new?picked=one")).toEqual({ kind: "picked", key: "one" });
  });

  test("are refused when one is none, or when they are too many", () => {
    expect(read(`/bulk/new?ids=${key(1)},HB2026`)).toEqual({ kind: "unreadable", because: "ids" });
    expect(read(`/bulk/new?ids=${keys(bulkAddressIdsMax)}`)).toMatchObject({ kind: "ids" });
    expect(read(`/bulk/new?ids=${keys(bulkAddressIdsMax + 1)}`)).toEqual({
      kind: "unreadable",
      because: "tooManyIds",
    });
  });
});
