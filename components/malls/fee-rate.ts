import { type FeeRounding, feeRateE5Max } from "#server/malls/mall.values.ts";

/** `2.2%` of a rate in 1/100,000. */
export function formatFeeRate(feeRateE5: number): string {
  return `${Math.floor(feeRateE5 / 1_000)}.${String(feeRateE5 % 1_000).padStart(3, "0")}`
    .replace(/\.?0+$/, "")
    .concat("%");
}

/** Reads percents as typed (`2.2`, `2.15%`) into 1/100,000; null when it is no rate from 0 to 100 with three decimals at most. */
export function readFeeRate(text: string): number | null {
  const [, whole, part = ""] = /^(\d{1,3})(?:\.(\d{1,3}))?%?$/.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  const feeRateE5 = Number(whole) * 1_000 + Number(part.padEnd(3, "0"));
  return feeRateE5 <= feeRateE5Max ? feeRateE5 : null;
}

/** What a contract takes of an amount: the fee by its rounding, VAT of a tenth of it (half a won up), and what is left. */
export function exampleOf(
  amountMinor: bigint,
  { feeRateE5, feeRounding }: { feeRateE5: number; feeRounding: FeeRounding },
): { feeMinor: bigint; vatMinor: bigint; netMinor: bigint } {
  const feeMinor = feeOf(amountMinor * BigInt(feeRateE5), feeRounding);
  const vatMinor = (feeMinor + 5n) / 10n;
  return { feeMinor, vatMinor, netMinor: amountMinor - feeMinor - vatMinor };
}

/** Rounds a fee that is given in 1/100,000 won. */
function feeOf(exactE5: bigint, feeRounding: FeeRounding): bigint {
  switch (feeRounding) {
    case "FLOOR_1":
      return exactE5 / 100_000n;
    case "FLOOR_10":
      return (exactE5 / 1_000_000n) * 10n;
    case "HALF_UP_1":
      return (exactE5 + 50_000n) / 100_000n;
  }
}
