import { businessDateOf, endOfBusinessDate } from "#server/core/business-date.ts";

/**
 * Where an approval stands with its acquirer (매입). VANs acquire by business date: what was approved on a date is in
 * the daily file of that date, so an approval counts as acquired once its own date is over.
 */
export type Acquisition = Readonly<{
  isAcquired: boolean;
  /** The business date of the approval, `YYYY-MM-DD`: the date whose settlement holds it. */
  approvalDate: string;
  /** When that date ends and acquisition begins. */
  acquiredFrom: Date;
}>;

/** Says if an approval is acquired at an instant. */
export function acquisitionOf(approvedAt: Date, at: Date): Acquisition {
  const approvalDate = businessDateOf(approvedAt);
  const acquiredFrom = endOfBusinessDate(approvalDate);
  return { isAcquired: at >= acquiredFrom, approvalDate, acquiredFrom };
}

/**
 * What a cancel does to the mall's settlement. `none`: approval and cancels are of one date and leave nothing to settle.
 * `remainder`: that date settles only what is left. `deduction`: the approval keeps its date, and the cancel is a minus
 * line of `date`, the business date on which it is done (ST-3, ST-4).
 */
export type SettlementEffect = Readonly<{ kind: "none" | "remainder" | "deduction"; date: string }>;

/** The effect of a cancel that is done at `at`. */
export function settlementEffectOf(
  acquisition: Acquisition,
  statusAfter: "PARTIAL_CANCELED" | "CANCELED",
  at: Date,
): SettlementEffect {
  if (acquisition.isAcquired) return { kind: "deduction", date: businessDateOf(at) };
  return { kind: statusAfter === "CANCELED" ? "none" : "remainder", date: acquisition.approvalDate };
}
