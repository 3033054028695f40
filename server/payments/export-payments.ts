import { exportedPaymentsSql, type Summary, sumAllPayments } from "#server/payments/payment-queries.ts";
import type { PaymentFilter } from "#server/payments/payment-search.schemas.ts";
import type { PaymentSort } from "#server/payments/payment-search.values.ts";
import { queryOf } from "#server/payments/search-payments.ts";
import type { Sql } from "#server/platform/db.ts";

export type { ExportedPayment } from "#server/payments/payment-queries.ts";

/**
 * All payments of a frozen filter (`freezePaymentFilter`) for a file: the statement of the rows, and the summary of the
 * list. Both have the WHERE of the list, so in one snapshot they speak of the same payments. `at` is now for the filter.
 */
export function exportPayments({
  filter,
  sort,
  at,
}: Readonly<{ filter: PaymentFilter; sort: PaymentSort; at: Date }>): Readonly<{
  rows: Readonly<{ text: string; values: readonly unknown[] }>;
  readSummary(sql: Sql): Promise<Summary>;
}> {
  const query = queryOf(filter, at);
  const { text, values } = exportedPaymentsSql(query, sort);
  return { rows: { text, values }, readSummary: (sql) => sumAllPayments(sql, query) };
}
