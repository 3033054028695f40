import type { ReconDayRow } from "#server/reconciliation/reconciliation-queries.ts";

/** How far a day is from being closed, by the first thing that is in the way. */
export type DayStanding = "CLOSED" | "NO_FILE" | "DIFFERS" | "NO_DEPOSIT" | "READY";

type Counts = Pick<
  ReconDayRow,
  "state" | "vanFileAt" | "depositFileAt" | "recordCount" | "matchedCount" | "unexplainedCount"
>;

export function standingOf(
  day: Pick<Counts, "state" | "vanFileAt" | "depositFileAt" | "unexplainedCount">,
): DayStanding {
  if (day.state === "CLOSED") return "CLOSED";
  if (day.vanFileAt === null) return "NO_FILE";
  if (day.unexplainedCount > 0) return "DIFFERS";
  return day.depositFileAt === null ? "NO_DEPOSIT" : "READY";
}

/** The share of a day's records that agree, `99.98%`; 100 % only when all do. Null before the day was matched. */
export function matchedShare(day: Pick<Counts, "vanFileAt" | "recordCount" | "matchedCount">): string | null {
  if (day.vanFileAt === null) return null;
  return shareText(day.matchedCount, day.recordCount);
}

/** The share of a day's records that agree or were explained, as `matchedShare` says it. */
export function settledShare(
  day: Pick<Counts, "vanFileAt" | "recordCount" | "unexplainedCount">,
): string | null {
  if (day.vanFileAt === null) return null;
  return shareText(Math.max(0, day.recordCount - day.unexplainedCount), day.recordCount);
}

/** Rounded down to two decimals, so that nothing looks whole that is not. */
function shareText(part: number, whole: number): string {
  if (part >= whole) return "100%";
  return `${(Math.floor((part / whole) * 10_000) / 100).toFixed(2)}%`;
}
