import type { IncidentLine } from "#server/incidents/incident-queries.ts";

/** Approvals in a VAN's file of a day of which we know nothing. */
export type Strangers = Readonly<{
  vanCode: string;
  businessDate: string;
  count: number;
  amountMinor: bigint;
}>;

/** What an incident says of such approvals; null for one of a payment of ours, which is late and no stranger. */
export function strangersOf({ kind, detail }: Pick<IncidentLine, "kind" | "detail">): Strangers | null {
  const { source, van, businessDate, count, amount } = detail;
  if (kind !== "VAN_ORPHAN" || source !== "van_file") return null;
  if (typeof van !== "string" || typeof businessDate !== "string") return null;
  if (typeof count !== "number" || typeof amount !== "number") return null;
  return { vanCode: van, businessDate, count, amountMinor: BigInt(Math.round(amount)) };
}
