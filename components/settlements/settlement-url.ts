import type { AddressForm } from "#components/layout/address-form.ts";
import type { SettlementFilterInput } from "#server/settlement/settlement.schemas.ts";
import { type SettlementState, settlementStates } from "#server/settlement/settlement.values.ts";

/** What the list's address says. A period is `2026-11-01..2026-11-19`; either end may be open, nothing is any date. */
export type SettlementView = Readonly<{
  state: SettlementState[];
  mall: string[];
  business: string;
  payout: string;
}>;

export const emptyView: SettlementView = { state: [], mall: [], business: "", payout: "" };

const mallsMax = 50;

/** The filter of the list of settlements in its address. */
export const settlementAddress: AddressForm<SettlementView> = {
  names: ["state", "mall", "business", "payout"],
  read: (params) => {
    const states = listOf(params, "state");
    return {
      state: settlementStates.filter((known) => states.includes(known)),
      mall: listOf(params, "mall")
        .filter((id) => id.length <= 40)
        .slice(0, mallsMax),
      business: periodOf(params.get("business")),
      payout: periodOf(params.get("payout")),
    };
  },
  write: (view) => {
    const parts = [
      view.state.length > 0 ? `state=${view.state.join(",")}` : "",
      view.mall.length > 0 ? `mall=${view.mall.map(encodeURIComponent).join(",")}` : "",
      view.business ? `business=${view.business}` : "",
      view.payout ? `payout=${view.payout}` : "",
    ].filter(Boolean);
    return parts.length > 0 ? `?${parts.join("&")}` : "";
  },
};

/** The view as the server takes it. */
export function toSettlementFilter({ state, mall, business, payout }: SettlementView): SettlementFilterInput {
  const [businessFrom, businessTo] = endsOf(business);
  const [payoutFrom, payoutTo] = endsOf(payout);
  return { state, mall, businessFrom, businessTo, payoutFrom, payoutTo };
}

/** The list's filter, and by which of the two dates it goes: the payout's when that is asked for. */
export function filterOf(view: SettlementView) {
  return {
    ...toSettlementFilter(view),
    dateType: view.payout ? ("payoutDate" as const) : ("businessDate" as const),
  };
}

/** The ends of a period, null where it is open. */
export function endsOf(period: string): readonly [string | null, string | null] {
  const [from, to] = period.split("..");
  return [from || null, to || null];
}

function periodOf(text: string | null): string {
  return text !== null && isPeriod(text) ? text : "";
}

/** True for a period of days that there are, with one end at least and its ends in order. */
export function isPeriod(text: string): boolean {
  const ends = /^(\d{4}-\d{2}-\d{2})?\.\.(\d{4}-\d{2}-\d{2})?$/.exec(text);
  const [, from, to] = ends ?? [];
  if ((from === undefined && to === undefined) || !isDay(from) || !isDay(to)) return false;
  return from === undefined || to === undefined || to >= from;
}

/** False for a day that there is not, such as 30 February. */
function isDay(text: string | undefined): boolean {
  if (text === undefined) return true;
  const at = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}

function listOf(params: URLSearchParams, name: string): string[] {
  return [...new Set((params.get(name) ?? "").split(","))].filter(Boolean);
}
