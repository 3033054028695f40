/** The largest amount of one payment, in minor units (contract §2). */
export const amountMaxMinor = 9_999_999_999n;

/** Reads a bigint amount as the integer the mall API says; amounts stay far below 2^53. */
export function toJsonAmount(amountMinor: bigint): number {
  return Number(amountMinor);
}

/** `dividend / divisor` rounded half up, for non-negative integers. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend * 2n + divisor) / (divisor * 2n);
}
