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

/** A fee with its VAT, in minor units. */
export type Fee = Readonly<{ feeMinor: bigint; feeVatMinor: bigint }>;

/**
 * The fee of a payment before and after a cancel of `amountMinor`, and what the cancel gives back of it: as its lines
 * will have it (`cancelAmounts`). A fee that is not refundable stays that of the whole payment.
 */
export function feeAround(
  {
    paidMinor,
    balanceMinor,
    amountMinor,
  }: Readonly<{ paidMinor: bigint; balanceMinor: bigint; amountMinor: bigint }>,
  terms: FeeTerms,
): Readonly<{ now: Fee; back: Fee; after: Fee }> {
  const of = (heldMinor: bigint): Fee => {
    const feeMinor = feeOf(terms.isFeeRefundable ? heldMinor : paidMinor, terms);
    return { feeMinor, feeVatMinor: feeVatOf(feeMinor) };
  };
  const now = of(balanceMinor);
  const after = of(balanceMinor - amountMinor);
  const back = {
    feeMinor: now.feeMinor - after.feeMinor,
    feeVatMinor: now.feeVatMinor - after.feeVatMinor,
  };
  return { now, back, after };
}
