import type { AddressForm } from "#components/layout/address-form.ts";
import { resolvePeriod } from "#server/payments/payment-search.values.ts";
import type { DeliveryFilterInput } from "#server/webhooks/webhook-console.schemas.ts";
import {
  type DeliveryState,
  deliveryStates,
  webhookEventTypes,
} from "#server/webhooks/webhook-console.values.ts";

type EventType = (typeof webhookEventTypes)[number];

/** What the log's address says. `date` is a period as in the list of payments; `open` is the delivery that is looked at. */
export type DeliveryView = Readonly<{
  mall: string[];
  endpoint: string[];
  type: EventType[];
  state: DeliveryState[];
  date: string;
  q: string;
  open: string;
}>;

export const emptyView: DeliveryView = {
  mall: [],
  endpoint: [],
  type: [],
  state: [],
  date: "",
  q: "",
  open: "",
};

/** Reads the page's address; what cannot be read is left out. */
export function readDeliveryUrl(params: URLSearchParams): DeliveryView {
  const date = params.get("date") ?? "";
  const types = listOf(params, "type");
  const states = listOf(params, "state");
  const open = params.get("open") ?? "";
  return {
    mall: listOf(params, "mall"),
    endpoint: listOf(params, "endpoint").filter((id) => id.startsWith("whe_")),
    type: webhookEventTypes.filter((known) => types.includes(known)),
    state: deliveryStates.filter((known) => states.includes(known)),
    date: resolvePeriod(date, new Date()) ? date : "",
    q: (params.get("q") ?? "").trim().slice(0, 100),
    open: open.startsWith("whd_") ? open.slice(0, 64) : "",
  };
}

/** Writes the page's address: nothing, or `?…`. Reading it gives the same view. */
export function writeDeliveryUrl(view: DeliveryView): string {
  const params = new URLSearchParams();
  for (const name of ["mall", "endpoint", "type", "state"] as const)
    if (view[name].length > 0) params.set(name, view[name].join(","));
  for (const name of ["date", "q", "open"] as const) if (view[name]) params.set(name, view[name]);
  const text = params.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

/** The filter of the log and the delivery that is open in its address. */
export const deliveryAddress: AddressForm<DeliveryView> = {
  names: ["mall", "endpoint", "type", "state", "date", "q", "open"],
  read: readDeliveryUrl,
  write: writeDeliveryUrl,
};

/** The view as the server takes it. */
export function toDeliveryFilter({ date, open: _, ...view }: DeliveryView, now: Date): DeliveryFilterInput {
  return { ...view, ...(date && resolvePeriod(date, now)) };
}

function listOf(params: URLSearchParams, name: string): string[] {
  return [...new Set((params.get(name) ?? "").split(","))].filter(Boolean).slice(0, 50);
}
