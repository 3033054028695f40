import type { AddressForm } from "#components/layout/address-form.ts";
import type { AuditFilterInput } from "#server/audit/audit.schemas.ts";
import { auditOutcomes } from "#server/audit/audit.values.ts";
import { resolvePeriod } from "#server/payments/payment-search.values.ts";

/** What the page's address says. `date` is a period as in the list of payments: a named one, or `2026-11-01..2026-11-19`. */
export type AuditView = Readonly<{
  actor: string[];
  action: string[];
  outcome: (typeof auditOutcomes)[number][];
  target: string;
  contains: string;
  date: string;
}>;

export const emptyView: AuditView = {
  actor: [],
  action: [],
  outcome: [],
  target: "",
  contains: "",
  date: "",
};

/** Reads the page's address; what cannot be read is left out. */
export function readAuditUrl(params: URLSearchParams): AuditView {
  const date = params.get("date") ?? "";
  const outcome = listOf(params, "outcome");
  return {
    actor: listOf(params, "actor"),
    action: listOf(params, "action"),
    outcome: auditOutcomes.filter((known) => outcome.includes(known)),
    target: (params.get("target") ?? "").trim().slice(0, 100),
    contains: (params.get("contains") ?? "").trim().slice(0, 100),
    date: resolvePeriod(date, new Date()) ? date : "",
  };
}

/** Writes the page's address: nothing, or `?…`. */
export function writeAuditUrl(view: AuditView): string {
  const params = new URLSearchParams();
  for (const name of ["actor", "action", "outcome"] as const)
    if (view[name].length > 0) params.set(name, view[name].join(","));
  if (view.target) params.set("target", view.target);
  if (view.contains) params.set("contains", view.contains);
  if (view.date) params.set("date", view.date);
  const text = params.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

/** The filter of the log in its address. */
export const auditAddress: AddressForm<AuditView> = {
  names: ["actor", "action", "outcome", "target", "contains", "date"],
  read: readAuditUrl,
  write: writeAuditUrl,
};

/** The view as the server takes it. */
export function toAuditFilter(view: AuditView, now: Date): AuditFilterInput {
  const { date, ...rest } = view;
  return { ...rest, ...(date && resolvePeriod(date, now)) };
}

function listOf(params: URLSearchParams, name: string): string[] {
  return [...new Set((params.get(name) ?? "").split(","))].filter(Boolean).slice(0, 50);
}
