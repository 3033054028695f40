import type { Decision } from "#components/settlements/settlement-bookings.ts";
import type { SettlementRow } from "#server/settlement/settlement-queries.ts";

type Standing = Pick<SettlementRow, "status" | "isWithheld" | "payoutDate">;

/** Why a settlement cannot be paid out on a business date, or null. */
export function payoutBarOf(
  { status, isWithheld, payoutDate }: Standing,
  today: string,
): "notConfirmed" | "withheld" | "notDue" | null {
  if (status !== "CONFIRMED") return "notConfirmed";
  if (isWithheld) return "withheld";
  return payoutDate === null || payoutDate > today ? "notDue" : null;
}

/** The step forward that may be asked for now, as the server would take it; null when there is none. */
export function nextDecisionOf(settlement: Standing, today: string): Decision | null {
  if (settlement.status === "DRAFT") return "confirm";
  return payoutBarOf(settlement, today) === null ? "payOut" : null;
}
