import type { AddressForm } from "#components/layout/address-form.ts";
import { defaultSort, writeListUrl } from "#components/payments/payment-filter-url.ts";
import type { Box, ScaleKind, TimeSpan } from "#components/x-view/plot-scale.ts";
import type { OutcomeChoice } from "#server/payments/payment-search.values.ts";
import {
  type XViewMinutes,
  type XViewOperation,
  type XViewOutcome,
  xViewMinutes,
  xViewOperations,
  xViewOutcomes,
} from "#server/x-view/x-view.values.ts";

/** What the page shows, all of it in its address. */
export type XView = Readonly<{
  minutes: XViewMinutes;
  van: readonly string[];
  mall: readonly string[];
  operation: readonly XViewOperation[];
  hidden: readonly XViewOutcome[];
  scale: ScaleKind;
  /** The end of the vertical axis when it is held; null when it follows the points. */
  heldTopMs: number | null;
  percentileLines: boolean;
  box: Box | null;
  /** A part of the window, or of the past; null when the window follows the present. */
  zoom: TimeSpan | null;
}>;

export const defaultXView: XView = {
  minutes: 15,
  van: [],
  mall: [],
  operation: ["approval"],
  hidden: [],
  scale: "linear",
  heldTopMs: null,
  percentileLines: false,
  box: null,
  zoom: null,
};

const boxMsMax = 2 * 60 * 60_000;
const durationMsMax = 86_400_000;

/** Reads the page's address, such as `?window=30&van=SBX2&box=…..…&response=3000..`. What cannot be read is left out. */
export function readXViewUrl(params: URLSearchParams): XView {
  const minutes = Number(params.get("window"));
  const operation = knownOf(params, "operation", xViewOperations);
  const heldTopMs = readWhole(params.get("top"));
  const span = readSpan(params.get("box"));
  const [least = "", most = ""] = (params.get("response") ?? "").split("..");
  const minMs = readWhole(least) ?? 0;
  const maxMs = readWhole(most);
  return {
    minutes: xViewMinutes.find((known) => known === minutes) ?? defaultXView.minutes,
    van: listOf(params, "van"),
    mall: listOf(params, "mall"),
    operation: operation.length > 0 ? operation : defaultXView.operation,
    hidden: knownOf(params, "hide", xViewOutcomes),
    scale: params.get("scale") === "log" ? "log" : "linear",
    heldTopMs: heldTopMs !== null && heldTopMs >= 100 ? heldTopMs : null,
    percentileLines: params.get("lines") === "1",
    box: span && (maxMs === null || maxMs >= minMs) ? { ...span, minMs, maxMs } : null,
    zoom: readSpan(params.get("zoom")),
  };
}

/** Writes the page's address: nothing, or `?…`. Reading it gives the same view. */
export function writeXViewUrl(view: XView): string {
  const spanText = ({ fromMs, toMs }: TimeSpan) =>
    `${new Date(fromMs).toISOString()}..${new Date(toMs).toISOString()}`;
  const isDefaultOperation = view.operation.length === 1 && view.operation[0] === defaultXView.operation[0];
  const values: Readonly<Record<string, string>> = {
    window: view.minutes === defaultXView.minutes ? "" : String(view.minutes),
    van: view.van.join(),
    mall: view.mall.join(),
    operation: isDefaultOperation ? "" : view.operation.join(),
    hide: view.hidden.join(),
    scale: view.scale === "log" ? "log" : "",
    top: view.heldTopMs === null ? "" : String(view.heldTopMs),
    lines: view.percentileLines ? "1" : "",
    box: view.box ? spanText(view.box) : "",
    response:
      view.box && (view.box.minMs > 0 || view.box.maxMs !== null)
        ? `${view.box.minMs}..${view.box.maxMs ?? ""}`
        : "",
    zoom: view.zoom ? spanText(view.zoom) : "",
  };
  const text = Object.entries(values)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
  // A comma and a colon may stand in a query as they are; people read and share these addresses.
  return text ? `?${text.replaceAll("%2C", ",").replaceAll("%3A", ":")}` : "";
}

/** What the page shows in its address. */
export const xViewAddress: AddressForm<XView> = {
  names: ["window", "van", "mall", "operation", "hide", "scale", "top", "lines", "box", "response", "zoom"],
  read: readXViewUrl,
  write: writeXViewUrl,
};

function readSpan(text: string | null): TimeSpan | null {
  const [from, to] = (text ?? "").split("..").map((end) => new Date(end).getTime());
  if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to)) return null;
  return from < to && to - from <= boxMsMax ? { fromMs: from, toMs: to } : null;
}

function readWhole(text: string | null): number | null {
  return text && /^\d{1,8}$/.test(text) ? Math.min(Number(text), durationMsMax) : null;
}

function listOf(params: URLSearchParams, name: string): string[] {
  return [...new Set((params.get(name) ?? "").split(","))].filter(Boolean).slice(0, 20);
}

function knownOf<Value extends string>(
  params: URLSearchParams,
  name: string,
  known: readonly Value[],
): Value[] {
  const given = listOf(params, name);
  return known.filter((value) => given.includes(value));
}

/** What an outcome of a point is called in the list of payments. */
const listOutcomes: Readonly<Record<XViewOutcome, OutcomeChoice>> = {
  done: "approved",
  declined: "declined",
  failed: "failed",
  netCanceled: "netCanceled",
  unknown: "stillUnknown",
};

/**
 * The list of exactly the payments whose approval lies in a box. Null for a view without approvals: the list knows how long
 * an approval took, and nothing of the sort about a cancel.
 */
export function paymentsHref(
  { van, mall, operation, hidden }: Pick<XView, "van" | "mall" | "operation" | "hidden">,
  { fromMs, toMs, minMs, maxMs }: Box,
): string | null {
  if (!operation.includes("approval")) return null;
  const outcome = xViewOutcomes.filter((name) => !hidden.includes(name)).map((name) => listOutcomes[name]);
  // The list's period excludes its end, and instants are whole milliseconds.
  const to = Math.floor(toMs) + 1;
  return `/payments${writeListUrl({
    filter: {
      answered: `${new Date(Math.ceil(fromMs)).toISOString()}..${new Date(to).toISOString()}`,
      ...(van.length > 0 && { van: [...van] }),
      ...(mall.length > 0 && { mall: [...mall] }),
      ...(hidden.length > 0 && { outcome }),
      ...(minMs > 0 && { responseMinMs: minMs }),
      ...(maxMs !== null && { responseMaxMs: maxMs }),
    },
    sort: defaultSort,
  })}`;
}
