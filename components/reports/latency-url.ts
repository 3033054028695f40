import type { AddressForm } from "#components/layout/address-form.ts";
import { defaultSort, writeListUrl } from "#components/payments/payment-filter-url.ts";
import type { AnswerOutcome } from "#server/payments/payment-search.values.ts";
import {
  customPeriodDaysMax,
  type LatencyGrouping,
  type LatencyPeriod,
  latencyGroupings,
  latencyPeriods,
} from "#server/reports/latency.values.ts";

export type LatencyRange = Readonly<{ period: LatencyPeriod }> | Readonly<{ from: Date; to: Date }>;
/** `zoom` is the part of the range that all charts show; null shows the whole. */
export type LatencyView = Readonly<{
  range: LatencyRange;
  zoom: Readonly<{ from: Date; to: Date }> | null;
  van: string[];
  mall: string[];
  /** What the figures are told apart by. */
  by: LatencyGrouping;
}>;

export const defaultPeriod: LatencyPeriod = "1h";

/** Reads the page's address, such as `?period=24h&van=SBX2` or `?from=…&to=…`. What cannot be read is left out. */
export function readLatencyUrl(params: URLSearchParams): LatencyView {
  const period = latencyPeriods.find((known) => known === params.get("period"));
  const custom = readSpan(params.get("from"), params.get("to"));
  const [zoomFrom, zoomTo] = (params.get("zoom") ?? "").split("..");
  return {
    range: custom ?? { period: period ?? defaultPeriod },
    zoom: readSpan(zoomFrom, zoomTo) ?? null,
    van: listOf(params, "van"),
    mall: listOf(params, "mall"),
    by: latencyGroupings.find((known) => known === params.get("by")) ?? "van",
  };
}

/** Writes the page's address: nothing, or `?…`. */
export function writeLatencyUrl({ range, zoom, van, mall, by }: LatencyView): string {
  const params = new URLSearchParams();
  if ("from" in range) {
    params.set("from", range.from.toISOString());
    params.set("to", range.to.toISOString());
  } else if (range.period !== defaultPeriod) params.set("period", range.period);
  if (zoom) params.set("zoom", `${zoom.from.toISOString()}..${zoom.to.toISOString()}`);
  if (van.length > 0) params.set("van", van.join(","));
  if (mall.length > 0) params.set("mall", mall.join(","));
  if (by !== "van") params.set("by", by);
  const text = params.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return text ? `?${text}` : "";
}

/** Period and filter of the page in its address. */
export const latencyAddress: AddressForm<LatencyView> = {
  names: ["period", "from", "to", "zoom", "van", "mall", "by"],
  read: readLatencyUrl,
  write: writeLatencyUrl,
};

/** What the page asks of the server for a view. */
export function latencyInputOf({ range, zoom, van, mall, by }: LatencyView) {
  return { range: zoom ?? range, van, mall, by };
}

function readSpan(
  fromText: string | null | undefined,
  toText: string | null | undefined,
): { from: Date; to: Date } | undefined {
  const from = new Date(fromText ?? "");
  const to = new Date(toText ?? "");
  const lengthMs = to.getTime() - from.getTime();
  return lengthMs > 0 && lengthMs <= customPeriodDaysMax * 86_400_000 ? { from, to } : undefined;
}

function listOf(params: URLSearchParams, name: string): string[] {
  return [...new Set((params.get(name) ?? "").split(","))].filter(Boolean).slice(0, 20);
}

/** The list of payments behind a number of the page: it counts by when an approval was answered and how, and so does the list. */
export function paymentsHref(
  where: { from: Date; to: Date; van: readonly string[]; mall: readonly string[] },
  outcome?: AnswerOutcome,
): string {
  return `/payments${writeListUrl({
    filter: {
      answered: `${where.from.toISOString()}..${where.to.toISOString()}`,
      ...(where.van.length > 0 && { van: [...where.van] }),
      ...(where.mall.length > 0 && { mall: [...where.mall] }),
      ...(outcome && { outcome: [outcome] }),
    },
    sort: defaultSort,
  })}`;
}
