import { wordFor } from "#server/exports/domain/file-words.ts";
import { column, type ExportPlan, type RowView, toNumber } from "#server/exports/export-plan.ts";
import { maskEmail, maskName, maskPhone } from "#server/payments/domain/mask-customer.ts";
import { isApproved } from "#server/payments/domain/payment-status.ts";
import { type ExportedPayment, exportPayments } from "#server/payments/export-payments.ts";
import type { PaymentFilter } from "#server/payments/payment-search.schemas.ts";
import type { PaymentSort } from "#server/payments/payment-search.values.ts";

/**
 * The list of payments as a file. Its totals are those of the list: of the approved alone, each in its currency; so a
 * payment that was not approved has an amount and no approved amount.
 */
export function planPayments(
  { filter, sort, at }: Readonly<{ filter: PaymentFilter; sort: PaymentSort; at: Date }>,
  { language, isMasked }: RowView,
): ExportPlan<ExportedPayment> {
  const { rows, readSummary } = exportPayments({ filter, sort, at });
  const mask = (value: string | null, masked: (value: string) => string) =>
    value === null || !isMasked ? value : masked(value);
  const money = (row: ExportedPayment, amount: bigint) => (isApproved(row.status) ? Number(amount) : null);
  return {
    rows,
    async readSums(sql) {
      const { count, totals } = await readSummary(sql);
      return {
        count,
        sums: new Map(
          totals.map(({ currency, amountMinor, canceledMinor }) => [
            currency,
            new Map([
              ["approved", amountMinor],
              ["canceled", canceledMinor],
              ["balance", amountMinor - canceledMinor],
            ]),
          ]),
        ),
      };
    },
    groupOf: (row) => (isApproved(row.status) ? row.currency : null),
    columns: [
      column("paymentKey", "text", language, (row) => row.id, { width: 34 }),
      column("requestedAt", "time", language, (row) => row.requestedAt.getTime()),
      column("approvedAt", "time", language, (row) => row.approvedAt?.getTime() ?? null),
      column("mallName", "text", language, (row) => row.mallName),
      column("mallId", "text", language, (row) => row.mallId),
      column("orderId", "text", language, (row) => row.orderId, { width: 26 }),
      column("orderName", "text", language, (row) => row.orderName, { width: 28 }),
      column("status", "text", language, (row) => wordFor("status", row.status, language), { width: 12 }),
      column("method", "text", language, (row) => wordFor("method", row.method, language), { width: 10 }),
      column("currency", "text", language, (row) => row.currency, { width: 8 }),
      column("amount", "amount", language, (row) => Number(row.amountMinor)),
      column("approved", "amount", language, (row) => money(row, row.amountMinor), { total: true }),
      column("canceled", "amount", language, (row) => money(row, row.canceledMinor), { total: true }),
      column("balance", "amount", language, (row) => money(row, row.amountMinor - row.canceledMinor), {
        total: true,
      }),
      column("taxFree", "amount", language, (row) => toNumber(row.taxFreeMinor)),
      column("vat", "amount", language, (row) => toNumber(row.vatMinor)),
      column("issuer", "text", language, (row) => row.issuerName, { width: 12 }),
      column("card", "text", language, (row) => (row.cardLast4 === null ? null : `****-${row.cardLast4}`), {
        width: 12,
      }),
      column("installments", "count", language, (row) => row.installmentMonths),
      column("approvalNo", "text", language, (row) => row.approvalNo, { width: 12 }),
      column("van", "text", language, (row) => row.vanCode, { width: 8 }),
      column("origin", "text", language, (row) => wordFor("origin", row.origin, language), { width: 10 }),
      column("failureCode", "text", language, (row) => row.failureCode),
      column("customerName", "text", language, (row) => mask(row.customerName, maskName), { width: 12 }),
      column("customerPhone", "text", language, (row) => mask(row.customerPhone, maskPhone)),
      column("customerEmail", "text", language, (row) => mask(row.customerEmail, maskEmail), { width: 26 }),
    ],
  };
}
