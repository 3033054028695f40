import { expect, test } from "vitest";
import { daysOf, fundAddress, monthAfter } from "#components/settlements/fund-month.ts";

test("a month has its first and last day, and the months beside it", () => {
  expect(daysOf("2028-02")).toEqual({ from: "2028-02-01", to: "2028-02-29" });
  expect(daysOf("2026-12")).toEqual({ from: "2026-12-01", to: "2026-12-31" });
  expect([monthAfter("2026-12", 1), monthAfter("2026-01", -1)]).toEqual(["2027-01", "2025-12"]);
});

test("an address without a month, or with one that there is not, shows the present one", () => {
  const read = (text: string) => fundAddress.read(new URLSearchParams(text)).month;
  expect(read("month=2026-11")).toBe("2026-11");
  expect(fundAddress.write({ month: "2026-11" })).toBe("?month=2026-11");
  expect(["", "month=2026-13", "month=1999-01", "month=2026-1"].map(read)).toEqual([null, null, null, null]);
});
