import { expect, test } from "vitest";
import { quickAmountsOf } from "#components/payments/quick-amounts.ts";

const offered = (balanceMinor: bigint, taxFreeMinor = 0n) =>
  quickAmountsOf({ balanceMinor, taxFreeMinor }).map(({ id, amountMinor }) => [id, amountMinor]);

test("offers the half and the two largest round amounts below what is left", () => {
  expect(offered(98_000n)).toEqual([
    ["half", 49_000n],
    ["round", 10_000n],
    ["round", 50_000n],
  ]);
  expect(offered(9_999n)).toEqual([["half", 4_999n]]);
});

test("offers the taxable and the tax-free part where both are left", () => {
  expect(quickAmountsOf({ balanceMinor: 69_600n, taxFreeMinor: 39_900n })).toEqual([
    { id: "taxable", amountMinor: 29_700n, taxFreeMinor: 0n },
    { id: "taxFree", amountMinor: 39_900n, taxFreeMinor: 39_900n },
    { id: "half", amountMinor: 34_800n, taxFreeMinor: 19_950n },
    { id: "round", amountMinor: 10_000n, taxFreeMinor: 0n },
  ]);
});

test("offers nothing that would be refused or that is everything, and nothing twice", () => {
  for (const balance of [1n, 2n, 3n, 10_000n, 20_000n, 50_001n, 100_000n, 9_999_999_999n]) {
    for (const taxFree of [0n, 1n, balance / 3n, balance]) {
      const seen = new Set<bigint>();
      for (const { amountMinor, taxFreeMinor } of quickAmountsOf({
        balanceMinor: balance,
        taxFreeMinor: taxFree,
      })) {
        expect(amountMinor > 0n && amountMinor < balance).toBe(true);
        expect(taxFreeMinor >= 0n && taxFreeMinor <= taxFree).toBe(true);
        expect(amountMinor - taxFreeMinor).toBeLessThanOrEqual(balance - taxFree);
        expect(seen.has(amountMinor)).toBe(false);
        seen.add(amountMinor);
      }
    }
  }
});
