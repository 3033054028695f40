import type { ListFilter } from "#server/reports/home-queries.ts";

/**
 * The address of the list of payments behind a figure. It reads what `writeListUrl` writes, without its schemas:
 * they would make the first page of the day heavier.
 */
export function paymentsHref({ status, van, date, canceled, sort }: ListFilter): string {
  const values = { status: status?.join(","), van: van?.join(","), date, canceled, sort };
  const query = Object.entries(values)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}=${value}`);
  return `/payments?${query.join("&")}`;
}
