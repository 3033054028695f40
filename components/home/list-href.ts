import type { InboxFilter, ListFilter } from "#server/reports/home-queries.ts";
import type { PayoutsDue } from "#server/settlement/settlement-queries.ts";

/**
 * The address of the list of payments behind a figure. It reads what `writeListUrl` writes, without its schemas:
 * they would make the first page of the day heavier.
 */
export function paymentsHref({ status, date, canceled }: ListFilter): string {
  return `/payments?${queryOf({ status: status?.join(","), date, canceled })}`;
}

/** The address of the inbox of unknown outcomes behind a figure, in the same way. */
export function unknownHref({ kind, van, deadline }: InboxFilter): string {
  return `/unknown?${queryOf({ kind: kind?.join(","), van: van?.join(","), deadline: deadline?.join(",") })}`;
}

/** The address of the list of settlements behind a figure, in the same way. */
export function settlementsHref({ state, payoutTo }: PayoutsDue["list"]): string {
  return `/settlements?${queryOf({ state: state.join(","), payout: `..${payoutTo}` })}`;
}

function queryOf(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}
