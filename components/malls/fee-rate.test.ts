import { expect, test } from "vitest";
import { exampleOf, formatFeeRate, readFeeRate } from "#components/malls/fee-rate.ts";

test.each([
  ["2.2", 2_200],
  ["2.15%", 2_150],
  [" 0 ", 0],
  ["0.001", 1],
  ["100", 100_000],
  ["100.001", null],
  ["2.2345", null],
  ["-1", null],
  ["2,2", null],
  ["", null],
])("%s is %s in 1/100,000", (text, expected) => expect(readFeeRate(text)).toBe(expected));

test.each([
  [2_200, "2.2%"],
  [2_150, "2.15%"],
  [2_000, "2%"],
  [10_000, "10%"],
  [100_000, "100%"],
  [0, "0%"],
  [1, "0.001%"],
])("%s is said as %s", (feeRateE5, expected) => expect(formatFeeRate(feeRateE5)).toBe(expected));

test.each([
  [64_601n, 2_100, "FLOOR_1", 1_356n, 136n, 63_109n],
  [1_000n, 2_150, "FLOOR_1", 21n, 2n, 977n],
  [1_000n, 2_150, "HALF_UP_1", 22n, 2n, 976n],
  [64_601n, 2_100, "FLOOR_10", 1_350n, 135n, 63_116n],
  [10_000n, 10_000, "FLOOR_1", 1_000n, 100n, 8_900n],
] as const)(
  "of %s at %s, %s: fee %s, VAT %s, net %s",
  (amount, feeRateE5, feeRounding, feeMinor, vatMinor, netMinor) =>
    expect(exampleOf(amount, { feeRateE5, feeRounding })).toEqual({ feeMinor, vatMinor, netMinor }),
);
