import type { AddressForm } from "#components/layout/address-form.ts";
import { endsOf, isPeriod } from "#components/settlements/settlement-url.ts";
import type {
  ReconDaySearch,
  ReconItemFilter,
  ReconItemSearch,
} from "#server/reconciliation/reconciliation.schemas.ts";
import {
  type DayState,
  dayStates,
  type ReconClass,
  reconClasses,
} from "#server/reconciliation/reconciliation.values.ts";

/** What the board's address says. A period is `2026-11-01..2026-11-19`; either end may be open, nothing is any date. */
export type BoardView = Readonly<{ van: string[]; state: DayState[]; date: string }>;
export const emptyBoard: BoardView = { van: [], state: [], date: "" };

/** Which items are shown: those somebody has to see to (nothing in the address), those explained, or all. */
export const itemShows = ["open", "explained", "all"] as const;
export type ItemShow = (typeof itemShows)[number];
export const itemOwners = ["me", "nobody"] as const;
export type ItemOwner = (typeof itemOwners)[number];
export const itemAges = [1, 3, 7] as const;

/** What the worklist's address says; a day's page shows its own part of it. */
export type ItemView = Readonly<{
  van: string[];
  class: ReconClass[];
  show: ItemShow;
  owner: ItemOwner | null;
  aged: (typeof itemAges)[number] | null;
  date: string;
  /** The item that stands open at the side. */
  item: string | null;
}>;
export const emptyItems: ItemView = {
  van: [],
  class: [],
  show: "open",
  owner: null,
  aged: null,
  date: "",
  item: null,
};

const vansMax = 20;

/** The conditions of the board in its address. */
export const boardAddress: AddressForm<BoardView> = {
  names: ["van", "state", "date"],
  read: (params) => {
    const states = listOf(params, "state");
    return {
      van: vansOf(params),
      state: dayStates.filter((known) => states.includes(known)),
      date: periodOf(params),
    };
  },
  write: ({ van, state, date }) =>
    queryOf([
      ["van", van.map(encodeURIComponent).join(",")],
      ["state", state.join(",")],
      ["date", date],
    ]),
};

/** The conditions of the worklist in its address. */
export const itemsAddress: AddressForm<ItemView> = {
  names: ["van", "class", "show", "owner", "aged", "date", "item"],
  read: (params) => {
    const names = listOf(params, "class");
    return {
      van: vansOf(params),
      class: reconClasses.filter((known) => names.includes(known)),
      show: itemShows.find((one) => one === params.get("show")) ?? "open",
      owner: itemOwners.find((one) => one === params.get("owner")) ?? null,
      aged: itemAges.find((days) => String(days) === params.get("aged")) ?? null,
      date: periodOf(params),
      item: /^[1-9]\d{0,17}$/.test(params.get("item") ?? "") ? params.get("item") : null,
    };
  },
  write: (view) =>
    queryOf([
      ["van", view.van.map(encodeURIComponent).join(",")],
      ["class", view.class.join(",")],
      ["show", view.show === "open" ? "" : view.show],
      ["owner", view.owner ?? ""],
      ["aged", view.aged === null ? "" : String(view.aged)],
      ["date", view.date],
      ["item", view.item ?? ""],
    ]),
};

/** True when conditions are set that hide items. */
export function isFiltered(view: ItemView): boolean {
  return itemsAddress.write({ ...view, item: null }) !== "";
}

/** The board's view as the server takes it. */
export function toDaySearch({
  van,
  state,
  date,
}: BoardView): Pick<ReconDaySearch, "van" | "state" | "from" | "to"> {
  const [from, to] = endsOf(date);
  return { van, state, from, to };
}

/** Every item of the days on the board, explained or not. */
export function toDayItems(view: BoardView): Omit<ReconItemFilter, "class"> {
  const { van, state, from, to } = toDaySearch(view);
  return { van, from, to, state: [], dayState: state };
}

/** The worklist's view as the server takes it, asked by the person `meId`. */
export function toItemSearch(view: ItemView, meId: string): Omit<ReconItemSearch, "cursor" | "limit"> {
  const [from, to] = endsOf(view.date);
  return {
    van: view.van,
    class: view.class,
    state: view.show === "open" ? ["OPEN", "WAITING"] : view.show === "explained" ? ["EXPLAINED"] : [],
    from,
    to,
    ...(view.owner !== null && { owner: view.owner === "me" ? meId : null }),
    agedDays: view.aged,
  };
}

/** Where a day is. */
export function dayHref(
  { businessDate, vanCode }: Readonly<{ businessDate: string; vanCode: string }>,
  view: Partial<ItemView> = {},
): string {
  const query = itemsAddress.write({ ...emptyItems, ...view });
  return `/reconciliation/${businessDate}/${encodeURIComponent(vanCode)}${query}`;
}

function queryOf(parts: readonly (readonly [string, string])[]): string {
  const said = parts.filter(([, value]) => value !== "").map(([name, value]) => `${name}=${value}`);
  return said.length > 0 ? `?${said.join("&")}` : "";
}

function vansOf(params: URLSearchParams): string[] {
  return listOf(params, "van")
    .filter((code) => code.length <= 12)
    .slice(0, vansMax);
}

function periodOf(params: URLSearchParams): string {
  const text = params.get("date") ?? "";
  return isPeriod(text) ? text : "";
}

function listOf(params: URLSearchParams, name: string): string[] {
  return [...new Set((params.get(name) ?? "").split(","))].filter(Boolean);
}
