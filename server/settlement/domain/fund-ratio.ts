/** Which part of what malls are owed must lie outside, by the business date it begins on (정산자금 외부관리). */
const requiredPercents = [
  { from: "2026-01-01", percent: 60n },
  { from: "2027-12-17", percent: 80n },
  { from: "2028-12-17", percent: 100n },
] as const;

/** The percentage required on a business date; none before 2026. */
export function requiredPercentOn(businessDate: string): bigint {
  return requiredPercents.findLast(({ from }) => from <= businessDate)?.percent ?? 0n;
}

/** How an obligation is covered. Amounts are minor units; the ratio is in 1/10,000, null without obligation or report. */
export type FundCover = Readonly<{
  requiredPercent: number;
  requiredMinor: bigint;
  ratioE4: number | null;
  shortfallMinor: bigint | null;
}>;

/** Holds what lies outside against what must; a fraction of a won is required as a whole one. */
export function coverOf(businessDate: string, obligationMinor: bigint, heldMinor: bigint | null): FundCover {
  const percent = requiredPercentOn(businessDate);
  const requiredMinor = (obligationMinor * percent + 99n) / 100n;
  const short = heldMinor === null ? null : requiredMinor - heldMinor;
  return {
    requiredPercent: Number(percent),
    requiredMinor,
    ratioE4:
      heldMinor === null || obligationMinor === 0n ? null : Number((heldMinor * 10_000n) / obligationMinor),
    shortfallMinor: short === null ? null : short > 0n ? short : 0n,
  };
}
