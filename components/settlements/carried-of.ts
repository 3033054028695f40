/**
 * What a settlement, or a sum of some, gets from the ones before less what it leaves to the next, in minor units: with it a
 * row adds up from what was sold to what is paid.
 */
export function carriedOf({
  carriedInMinor,
  carriedOutMinor,
}: Readonly<{ carriedInMinor: bigint; carriedOutMinor: bigint }>): bigint {
  return carriedInMinor - carriedOutMinor;
}
