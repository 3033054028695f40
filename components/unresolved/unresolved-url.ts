import type { AddressForm } from "#components/layout/address-form.ts";
import type { UnresolvedFilter } from "#server/payments/unresolved.schemas.ts";
import { unresolvedAges, unresolvedDeadlines, unresolvedKinds } from "#server/payments/unresolved.values.ts";

/** What the list shows when its address says nothing: everything. */
export const defaultFilter: UnresolvedFilter = { kind: [], van: [], mall: [], age: [], deadline: [] };

const facets = ["kind", "van", "mall", "age", "deadline"] as const;

/** Reads the filter from an address such as `?kind=CANCEL&van=SBX2`. What cannot be read is left out, so an old link still opens the list. */
export function readFilterUrl(params: URLSearchParams): UnresolvedFilter {
  const given = (name: string) =>
    [...new Set((params.get(name) ?? "").split(","))].filter(Boolean).slice(0, 20);
  return {
    kind: unresolvedKinds.filter((kind) => given("kind").includes(kind)),
    van: given("van"),
    mall: given("mall"),
    age: unresolvedAges.filter((age) => given("age").includes(age)),
    deadline: unresolvedDeadlines.filter((deadline) => given("deadline").includes(deadline)),
  };
}

/** Writes the address of a filter: nothing, or `?…`. Reading it gives the same filter. */
export function writeFilterUrl(filter: UnresolvedFilter): string {
  const params = new URLSearchParams();
  for (const facet of facets) {
    if (filter[facet].length > 0) params.set(facet, filter[facet].join(","));
  }
  const text = params.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

/** The filter of the list in its address. */
export const unresolvedAddress: AddressForm<UnresolvedFilter> = {
  names: facets,
  read: readFilterUrl,
  write: writeFilterUrl,
};
