import { describe, expect, test } from "vitest";
import { cancelRowsOf } from "#components/payments/cancel-rows.ts";

const cancel = (status: string, amountMinor: bigint, vatMinor: bigint, taxFreeMinor = 0n) => ({
  status,
  amountMinor,
  vatMinor,
  taxFreeMinor,
  suppliedMinor: amountMinor - vatMinor - taxFreeMinor,
});
const read = (cancels: ReturnType<typeof cancel>[]) =>
  cancelRowsOf({
    amountMinor: 98_000n,
    vatMinor: 8_000n,
    taxFreeMinor: 10_000n,
    suppliedMinor: 80_000n,
    cancels: cancels as never,
  });

describe("the cancels of a payment", () => {
  test("take from what is left one after the other, in every column", () => {
    const { rows, left } = read([
      cancel("SUCCEEDED", 28_000n, 2_545n),
      cancel("SUCCEEDED", 20_000n, 909n, 10_000n),
    ]);
    expect(rows.map((row) => row.leftMinor)).toEqual([70_000n, 50_000n]);
    expect(left).toEqual({
      amountMinor: 50_000n,
      vatMinor: 4_546n,
      taxFreeMinor: 0n,
      suppliedMinor: 45_454n,
    });
    expect(left.suppliedMinor + left.vatMinor + left.taxFreeMinor).toBe(left.amountMinor);
  });

  test("that were refused or are not certain yet take nothing", () => {
    const { rows, left } = read([
      cancel("FAILED", 98_000n, 8_000n),
      cancel("SUCCEEDED", 8_000n, 727n),
      cancel("UNKNOWN", 1_000n, 91n),
    ]);
    expect(rows.map(({ counts, leftMinor }) => [counts, leftMinor])).toEqual([
      [false, 98_000n],
      [true, 90_000n],
      [false, 90_000n],
    ]);
    expect(left.amountMinor).toBe(90_000n);
  });
});
