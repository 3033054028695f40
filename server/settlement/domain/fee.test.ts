import { describe, expect, test } from "vitest";
import {
  approvalAmounts,
  cancelAmounts,
  type FeeTerms,
  feeOf,
  settledAround,
  sumLines,
} from "#server/settlement/domain/fee.ts";
import acceptance from "#server/settlement/domain/fixtures/acceptance.json" with { type: "json" };
import { chance } from "#server/testing/chance.ts";

const terms = (feeRateE5: number, named: Partial<FeeTerms> = {}): FeeTerms => ({
  feeRateE5,
  feeRounding: "FLOOR_1",
  isFeeRefundable: true,
  ...named,
});
const asNumbers = (line: ReturnType<typeof approvalAmounts>) => ({
  fee: Number(line.feeMinor),
  feeVat: Number(line.feeVatMinor),
  net: Number(line.netMinor),
});

describe("a fee", () => {
  test.each(acceptance.feeFloor)(
    "rounded down: $amount at $ratePer100k",
    ({ amount, ratePer100k, ...due }) => {
      expect(asNumbers(approvalAmounts(BigInt(amount), terms(ratePer100k)))).toEqual(due);
    },
  );

  test.each(acceptance.feeHalfUp)(
    "half a won up: $amount at $ratePer100k",
    ({ amount, ratePer100k, ...due }) => {
      const halfUp = terms(ratePer100k, { feeRounding: "HALF_UP_1" });
      expect(asNumbers(approvalAmounts(BigInt(amount), halfUp))).toEqual(due);
    },
  );

  test("loses its last digit where the contract says so", () => {
    expect(feeOf(64_601n, terms(2_100, { feeRounding: "FLOOR_10" }))).toBe(1_350n);
  });

  test("is taken line by line: three small lines are not one large one (ST-2)", () => {
    const fees = [1_234n, 5_678n, 9_012n].map((amount) => feeOf(amount, terms(2_200)));
    expect(fees).toEqual([27n, 124n, 198n]);
    expect(feeOf(1_234n + 5_678n + 9_012n, terms(2_200))).toBe(350n);
  });
});

describe("a cancel", () => {
  test.each(acceptance.cancelFee)("gives the fee back by remainder: $amount at $ratePer100k", (given) => {
    let balance = BigInt(given.amount);
    for (const { amount, ...due } of given.cancels) {
      expect(asNumbers(cancelAmounts(balance, BigInt(amount), terms(given.ratePer100k)))).toEqual(due);
      balance -= BigInt(amount);
    }
  });

  test("of a fee that is not refundable gives back the amount alone", () => {
    expect(cancelAmounts(10_000n, 10_000n, terms(3_000, { isFeeRefundable: false }))).toEqual({
      amountMinor: -10_000n,
      feeMinor: 0n,
      feeVatMinor: 0n,
      netMinor: -10_000n,
    });
  });
});

const roundings = ["FLOOR_1", "FLOOR_10", "HALF_UP_1"] as const;
const cases = 3_000;

test("the lines of a payment that is cancelled in any parts add up to nothing, for every rate and rounding (ST-3)", () => {
  const { whole, one } = chance(20_240_229);
  for (let tried = 0; tried < cases; tried++) {
    const given = terms(whole(0, 100_000), { feeRounding: one(roundings) });
    const parts = Array.from({ length: whole(1, 8) }, () => BigInt(whole(1, one([9, 1_000, 999_999_999]))));
    let balance = parts.reduce((sum, part) => sum + part, 0n);
    const lines = [approvalAmounts(balance, given)];
    for (const part of parts) {
      lines.push(cancelAmounts(balance, part, given));
      balance -= part;
    }
    for (const name of ["amountMinor", "feeMinor", "feeVatMinor", "netMinor"] as const)
      expect([given, parts, lines.reduce((sum, line) => sum + line[name], 0n)]).toEqual([given, parts, 0n]);
  }
});

test("a larger amount never costs a smaller fee, and a fee never exceeds its amount", () => {
  const { whole, one } = chance(19_881_231);
  for (let tried = 0; tried < cases; tried++) {
    const given = terms(whole(0, 100_000), { feeRounding: one(roundings) });
    const small = BigInt(whole(0, 9_999_999_999));
    const large = small + BigInt(whole(0, 1_000));
    expect(feeOf(small, given)).toBeLessThanOrEqual(feeOf(large, given));
    expect(feeOf(large, given)).toBeLessThanOrEqual(large);
  }
});

describe("what is settled around a cancel", () => {
  test("is, of 48,000 of 98,000 at 2.1 %, what the mall gets for 98,000 and for 50,000", () => {
    const { now, change, after } = settledAround(
      { paidMinor: 98_000n, balanceMinor: 98_000n, amountMinor: 48_000n },
      terms(2_100),
    );
    expect(now).toEqual({ amountMinor: 98_000n, feeMinor: 2_058n, feeVatMinor: 206n, netMinor: 95_736n });
    expect(change).toEqual({
      amountMinor: -48_000n,
      feeMinor: -1_008n,
      feeVatMinor: -101n,
      netMinor: -46_891n,
    });
    expect(after).toEqual({ amountMinor: 50_000n, feeMinor: 1_050n, feeVatMinor: 105n, netMinor: 48_845n });
  });

  test("of a cancel of nothing changes nothing", () => {
    const { now, change, after } = settledAround(
      { paidMinor: 98_000n, balanceMinor: 50_000n, amountMinor: 0n },
      terms(2_100),
    );
    expect(change.netMinor).toBe(0n);
    expect(after).toEqual(now);
  });

  test.each(["FLOOR_1", "FLOOR_10", "HALF_UP_1"] as const)(
    "is its lines added up, in whatever parts it was cancelled before (%s)",
    (feeRounding) => {
      const random = chance(20_261_126);
      for (let n = 0; n < 500; n++) {
        const paidMinor = BigInt(random.whole(1, 5_000_000));
        const middleMinor = BigInt(random.whole(1, Number(paidMinor)));
        const balanceMinor = BigInt(random.whole(1, Number(middleMinor)));
        const amountMinor = BigInt(random.whole(1, Number(balanceMinor)));
        for (const isFeeRefundable of [true, false]) {
          const agreed = terms(random.whole(0, 5_000), { feeRounding, isFeeRefundable });
          const { now, change, after } = settledAround({ paidMinor, balanceMinor, amountMinor }, agreed);
          const earlier = [
            ...(middleMinor < paidMinor ? [cancelAmounts(paidMinor, paidMinor - middleMinor, agreed)] : []),
            ...(balanceMinor < middleMinor
              ? [cancelAmounts(middleMinor, middleMinor - balanceMinor, agreed)]
              : []),
          ];
          expect(now).toEqual(sumLines([approvalAmounts(paidMinor, agreed), ...earlier]));
          expect(change).toEqual(cancelAmounts(balanceMinor, amountMinor, agreed));
          expect(after.amountMinor).toBe(balanceMinor - amountMinor);
          expect(after.netMinor).toBe(after.amountMinor - after.feeMinor - after.feeVatMinor);
          if (!isFeeRefundable) expect(after.feeMinor).toBe(feeOf(paidMinor, agreed));
        }
      }
    },
  );
});
