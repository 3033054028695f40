import type { AddressForm } from "#components/layout/address-form.ts";
import type { DeadLetterFilter } from "#server/dead-letters/dead-letter.schemas.ts";
import {
  ageBands,
  assignments,
  deadLetterJobs,
  deadLetterReasons,
  deadLetterStatuses,
} from "#server/dead-letters/dead-letter.values.ts";

/** What the list shows when its address says nothing: what waits. */
export const defaultFilter: DeadLetterFilter = {
  status: ["PARKED"],
  job: [],
  reason: [],
  van: [],
  mall: [],
  age: [],
  assignment: [],
  aside: false,
  q: "",
};

/** Reads the filter from an address such as `?reason=VAN_TIMEOUT&van=SBX2`. What cannot be read is left out, so an old link still opens the list. */
export function readFilterUrl(params: URLSearchParams): DeadLetterFilter {
  const status = valuesOf(params, "status", deadLetterStatuses);
  return {
    status: status.length > 0 ? status : defaultFilter.status,
    job: valuesOf(params, "job", deadLetterJobs),
    reason: valuesOf(params, "reason", deadLetterReasons),
    van: valuesOf(params, "van"),
    mall: valuesOf(params, "mall"),
    age: valuesOf(params, "age", ageBands),
    assignment: valuesOf(params, "assignment", assignments),
    aside: params.get("aside") === "1",
    q: (params.get("q") ?? "").trim().slice(0, 100),
  };
}

/** Writes the address of a filter: nothing, or `?…`. Reading it gives the same filter. */
export function writeFilterUrl(filter: DeadLetterFilter): string {
  const params = new URLSearchParams();
  for (const name of ["status", "job", "reason", "van", "mall", "age", "assignment"] as const) {
    const text = filter[name].join(",");
    if (text && text !== defaultFilter[name].join(",")) params.set(name, text);
  }
  if (filter.aside) params.set("aside", "1");
  if (filter.q) params.set("q", filter.q);
  const text = params.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

/** The filter of the list in its address. */
export const deadLetterAddress: AddressForm<DeadLetterFilter> = {
  names: ["status", "job", "reason", "van", "mall", "age", "assignment", "aside", "q"],
  read: readFilterUrl,
  write: writeFilterUrl,
};

function valuesOf(params: URLSearchParams, name: string): string[];
function valuesOf<Value extends string>(
  params: URLSearchParams,
  name: string,
  known: readonly Value[],
): Value[];
function valuesOf(params: URLSearchParams, name: string, known?: readonly string[]): string[] {
  const given = [...new Set((params.get(name) ?? "").split(","))].filter(Boolean);
  return known ? known.filter((value) => given.includes(value)) : given.slice(0, 20);
}
