import { assert } from "#server/core/assert.ts";
import { divideHalfUp } from "#server/core/money.ts";

/** How a fee loses its fraction; a term of the contract, because acquirers differ. */
export type FeeRounding = "FLOOR_1" | "FLOOR_10" | "HALF_UP_1";

/** What the fee of a line is computed from: the contract as it was when the payment was approved. */
export type FeeTerms = Readonly<{
  /** In 1/100,000: 2,100 is 2.1 %. */
  feeRateE5: number;
  feeRounding: FeeRounding;
  isFeeRefundable: boolean;
}>;

/** What a line moves, in minor units; a cancel's are negative. `netMinor` is what the mall gets: amount - fee - VAT of the fee. */
export type LineAmounts = Readonly<{
  amountMinor: bigint;
  feeMinor: bigint;
  feeVatMinor: bigint;
  netMinor: bigint;
}>;

const rateUnit = 100_000n;

const roundings: Readonly<Record<FeeRounding, (product: bigint) => bigint>> = {
  FLOOR_1: (product) => product / rateUnit,
  FLOOR_10: (product) => (product / (rateUnit * 10n)) * 10n,
  HALF_UP_1: (product) => divideHalfUp(product, rateUnit),
};

/** The fee of an amount (ST-1). SQL `settlement_fee` is the same rule; a test holds them to one another. */
export function feeOf(
  amountMinor: bigint,
  { feeRateE5, feeRounding }: Pick<FeeTerms, "feeRateE5" | "feeRounding">,
): bigint {
  assert(amountMinor >= 0n && feeRateE5 >= 0, "a fee is taken of something, at a rate");
  return roundings[feeRounding](amountMinor * BigInt(feeRateE5));
}

/** VAT of a fee: a tenth of it, half a won up (ST-1). SQL `settlement_fee_vat` is the same rule. */
export function feeVatOf(feeMinor: bigint): bigint {
  return divideHalfUp(feeMinor, 10n);
}

/** The line of an approval. */
export function approvalAmounts(amountMinor: bigint, terms: FeeTerms): LineAmounts {
  const feeMinor = feeOf(amountMinor, terms);
  return toLine(amountMinor, feeMinor, feeVatOf(feeMinor));
}

/**
 * The line of a cancel, by the remainder method (ST-3): what was due of the balance before it, less what is due of the
 * balance after it. So the lines of a payment that is cancelled in any parts add up to nothing, whatever the rate and the
 * rounding. A fee that is not refundable stays: the mall gives back the amount alone.
 */
export function cancelAmounts(balanceBeforeMinor: bigint, amountMinor: bigint, terms: FeeTerms): LineAmounts {
  assert(amountMinor > 0n && amountMinor <= balanceBeforeMinor, "a cancel gives back what is there");
  if (!terms.isFeeRefundable) return toLine(-amountMinor, 0n, 0n);
  const feeBefore = feeOf(balanceBeforeMinor, terms);
  const feeAfter = feeOf(balanceBeforeMinor - amountMinor, terms);
  return toLine(-amountMinor, feeAfter - feeBefore, feeVatOf(feeAfter) - feeVatOf(feeBefore));
}

function toLine(amountMinor: bigint, feeMinor: bigint, feeVatMinor: bigint): LineAmounts {
  return { amountMinor, feeMinor, feeVatMinor, netMinor: amountMinor - feeMinor - feeVatMinor };
}

/** What a payment settles before a cancel, what the cancel changes of it and what is left. `now + change = after` in each amount. */
export type SettledAround = Readonly<{ now: LineAmounts; change: LineAmounts; after: LineAmounts }>;

/**
 * What the mall gets for a payment before and after a cancel of `amountMinor`: its lines so far added up, the line of the
 * cancel (`cancelAmounts`, ST-3), and the two together. A fee that is not refundable stays that of the whole payment. Pure;
 * a cancel of nothing changes nothing.
 */
export function settledAround(
  {
    paidMinor,
    balanceMinor,
    amountMinor,
  }: Readonly<{ paidMinor: bigint; balanceMinor: bigint; amountMinor: bigint }>,
  terms: FeeTerms,
): SettledAround {
  // However many cancels came before, by the remainder method their lines add up to that of one.
  const canceledMinor = paidMinor - balanceMinor;
  const now = sumLines([
    approvalAmounts(paidMinor, terms),
    ...(canceledMinor > 0n ? [cancelAmounts(paidMinor, canceledMinor, terms)] : []),
  ]);
  const change = amountMinor > 0n ? cancelAmounts(balanceMinor, amountMinor, terms) : sumLines([]);
  return { now, change, after: sumLines([now, change]) };
}

/** Lines added up, amount by amount. */
export function sumLines(lines: readonly LineAmounts[]): LineAmounts {
  return lines.reduce(
    (sum, line) => ({
      amountMinor: sum.amountMinor + line.amountMinor,
      feeMinor: sum.feeMinor + line.feeMinor,
      feeVatMinor: sum.feeVatMinor + line.feeVatMinor,
      netMinor: sum.netMinor + line.netMinor,
    }),
    toLine(0n, 0n, 0n),
  );
}
