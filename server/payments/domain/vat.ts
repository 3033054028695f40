import { divideHalfUp } from "#server/core/money.ts";

/** VAT contained in an amount: one eleventh of its taxable part, rounded half up (domain §3.4). Minor units. */
export function vatOf(amountMinor: bigint, taxFreeMinor: bigint): bigint {
  return divideHalfUp(amountMinor - taxFreeMinor, 11n);
}

/**
 * VAT of a cancel by the remainder method (CX-7): the VAT left before less the VAT left after,
 * so that the cancels of one payment add up to its VAT to the won.
 */
export function vatOfCancel(
  before: { amountMinor: bigint; taxFreeMinor: bigint },
  cancel: { amountMinor: bigint; taxFreeMinor: bigint },
): bigint {
  return (
    vatOf(before.amountMinor, before.taxFreeMinor) -
    vatOf(before.amountMinor - cancel.amountMinor, before.taxFreeMinor - cancel.taxFreeMinor)
  );
}
