import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { vatOf, vatOfCancel } from "#server/payments/domain/vat.ts";

type Case = { total: number; taxFree: number; supply: number; vat: number };
type CancelCase = {
  total: number;
  taxFree: number;
  cancels: { amount: number; taxFree: number; supply: number; vat: number }[];
};
const cases = JSON.parse(readFileSync(new URL("./vat-cases.json", import.meta.url), "utf8")) as {
  vat: Case[];
  partialCancelVat: CancelCase[];
};

describe("VAT is one eleventh of the taxable part, rounded half up", () => {
  test.each(cases.vat)("$total won with $taxFree tax-free", ({ total, taxFree, supply, vat }) => {
    expect(vatOf(BigInt(total), BigInt(taxFree))).toBe(BigInt(vat));
    expect(total - taxFree - vat).toBe(supply);
  });
  test("15,000 won hold 1,364, where flooring would say 1,363", () =>
    expect(vatOf(15_000n, 0n)).toBe(1_364n));
});

describe("the VAT of cancels adds up to the payment's to the won (CX-7)", () => {
  test.each(cases.partialCancelVat)(
    "$total won in $cancels.length cancels",
    ({ total, taxFree, cancels }) => {
      let left = { amountMinor: BigInt(total), taxFreeMinor: BigInt(taxFree) };
      let sum = 0n;
      for (const cancel of cancels) {
        const part = { amountMinor: BigInt(cancel.amount), taxFreeMinor: BigInt(cancel.taxFree) };
        expect(vatOfCancel(left, part)).toBe(BigInt(cancel.vat));
        sum += BigInt(cancel.vat);
        left = {
          amountMinor: left.amountMinor - part.amountMinor,
          taxFreeMinor: left.taxFreeMinor - part.taxFreeMinor,
        };
      }
      if (left.amountMinor === 0n) expect(sum).toBe(vatOf(BigInt(total), BigInt(taxFree)));
    },
  );

  test("for every way to cancel up to 400 won in three parts", () => {
    for (let total = 1n; total <= 400n; total += 7n) {
      for (let first = 1n; first < total; first += 13n) {
        for (let second = 1n; first + second < total; second += 29n) {
          let left = total;
          let sum = 0n;
          for (const amountMinor of [first, second, total - first - second]) {
            const vat = vatOfCancel(
              { amountMinor: left, taxFreeMinor: 0n },
              { amountMinor, taxFreeMinor: 0n },
            );
            expect(vat).toBeGreaterThanOrEqual(0n);
            expect(vat).toBeLessThanOrEqual(amountMinor);
            sum += vat;
            left -= amountMinor;
          }
          expect(sum).toBe(vatOf(total, 0n));
        }
      }
    }
  });
});
