import type { AddressForm } from "#components/layout/address-form.ts";
import type { PaymentFilterInput } from "#server/payments/payment-search.schemas.ts";
import {
  failureCodeForm,
  origins,
  outcomeChoices,
  type PaymentSort,
  paymentMethods,
  paymentSorts,
  paymentStatuses,
  resolvePeriod,
  responseMaxMs,
} from "#server/payments/payment-search.values.ts";

export type ListState = Readonly<{
  filter: PaymentFilterInput;
  sort: PaymentSort;
  /** The saved view that the list began with; the filter beside it is what counts. `all` is no view, on purpose. */
  view?: string | undefined;
}>;

export const defaultSort: PaymentSort = "-requestedAt";

const pageSize = 100;

/** What is asked for a page of the list: by the list itself, and by the server that answers along with the page. */
export function searchInputOf({ filter, sort }: ListState) {
  return { ...filter, sort, limit: pageSize };
}

const digits = /^\d{1,10}$/;

/**
 * Reads the list's filter from its address, such as `?status=UNKNOWN,CANCEL_PENDING&amount=gte:100000&date=7d&sort=-amount`.
 * What cannot be read is left out, so an old or mistyped link still opens the list.
 */
export function readListUrl(params: URLSearchParams): ListState {
  const q = params.get("q")?.trim().slice(0, 200);
  const date = params.get("date")?.replace(/^requested:/, "");
  const canceled = params.get("canceled");
  const answered = params.get("answered");
  const outcome = valuesOf(params, "outcome", outcomeChoices);
  const sort = params.get("sort");
  const status = valuesOf(params, "status", paymentStatuses);
  const mall = valuesOf(params, "mall");
  const van = valuesOf(params, "van");
  const method = valuesOf(params, "method", paymentMethods);
  const origin = valuesOf(params, "origin", origins);
  const failure = valuesOf(params, "failure")?.filter((code) => failureCodeForm.test(code));
  const view = params.get("view") ?? "";
  return {
    filter: {
      ...(q && { q }),
      ...(status && { status }),
      ...(mall && { mall }),
      ...(van && { van }),
      ...(method && { method }),
      ...(origin && { origin }),
      ...readAmounts(params.get("amount")),
      ...(date && resolvePeriod(date, new Date()) && { date }),
      ...(canceled && resolvePeriod(canceled, new Date()) && { canceled }),
      ...(answered && resolvePeriod(answered, new Date()) && { answered }),
      ...(outcome && { outcome }),
      ...readResponse(params.get("response")),
      ...(failure?.length && { failure: failure.slice(0, 20) }),
    },
    sort: paymentSorts.find((known) => known === sort) ?? defaultSort,
    ...(/^(all|view_[0-9A-Z]{26})$/.test(view) && { view }),
  };
}

/** Writes the address of a list: nothing, or `?…`. Reading it gives the same list. */
export function writeListUrl({ filter, sort, view }: ListState): string {
  const values: Readonly<Record<string, string | undefined>> = {
    view,
    q: filter.q,
    status: filter.status?.join(","),
    mall: filter.mall?.join(","),
    van: filter.van?.join(","),
    method: filter.method?.join(","),
    origin: filter.origin?.join(","),
    amount: rangeText(filter.amountMin, filter.amountMax),
    date: filter.date,
    canceled: filter.canceled,
    answered: filter.answered,
    outcome: filter.outcome?.join(","),
    response: rangeText(filter.responseMinMs, filter.responseMaxMs),
    failure: filter.failure?.join(","),
    sort: sort === defaultSort ? undefined : sort,
  };
  const text = Object.entries(values)
    .filter((entry): entry is [string, string] => Boolean(entry[1]))
    // A comma and a colon may stand in a query as they are; people read and share these addresses.
    .map(
      ([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",").replaceAll("%3A", ":")}`,
    )
    .join("&");
  return text ? `?${text}` : "";
}

/** The filter and the order of the list in its address. */
export const paymentListAddress: AddressForm<ListState> = {
  names: [
    "view",
    "q",
    "status",
    "mall",
    "van",
    "method",
    "origin",
    "amount",
    "date",
    "canceled",
    "answered",
    "outcome",
    "response",
    "failure",
    "sort",
  ],
  read: readListUrl,
  write: writeListUrl,
};

function valuesOf(params: URLSearchParams, name: string): string[] | undefined;
function valuesOf<Value extends string>(
  params: URLSearchParams,
  name: string,
  known: readonly Value[],
): Value[] | undefined;
function valuesOf(params: URLSearchParams, name: string, known?: readonly string[]): string[] | undefined {
  const given = [...new Set((params.get(name) ?? "").split(",").map((value) => value.trim()))].filter(
    Boolean,
  );
  const values = known ? given.filter((value) => known.includes(value)) : given.slice(0, 50);
  return values.length > 0 ? values : undefined;
}

/** The ends of a range such as `gte:100`, `lte:500` or `100..500`; what is missing is empty. */
function endsOf(text: string): [min: string, max: string] {
  if (text.startsWith("gte:")) return [text.slice(4), ""];
  if (text.startsWith("lte:")) return ["", text.slice(4)];
  const [min = "", max = ""] = text.split("..");
  return [min, max];
}

function readAmounts(text: string | null): Pick<PaymentFilterInput, "amountMin" | "amountMax"> {
  const [min, max] = endsOf(text ?? "");
  return { ...(digits.test(min) && { amountMin: min }), ...(digits.test(max) && { amountMax: max }) };
}

function readResponse(text: string | null): Pick<PaymentFilterInput, "responseMinMs" | "responseMaxMs"> {
  const [min, max] = endsOf(text ?? "");
  const isTime = (end: string) => digits.test(end) && Number(end) <= responseMaxMs;
  return {
    ...(isTime(min) && { responseMinMs: Number(min) }),
    ...(isTime(max) && { responseMaxMs: Number(max) }),
  };
}

function rangeText(min: string | number | undefined, max: string | number | undefined): string | undefined {
  if (min !== undefined && max !== undefined) return `${min}..${max}`;
  if (min !== undefined) return `gte:${min}`;
  return max === undefined ? undefined : `lte:${max}`;
}
