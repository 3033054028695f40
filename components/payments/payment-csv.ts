import type { Texts } from "#components/i18n/texts.ts";
import type { PaymentRow } from "#server/payments/search-payments.ts";

/** A value that a spreadsheet would run as a formula begins with an apostrophe, which makes it text. */
function cell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) && !/^-?\d+$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Payments as CSV for a spreadsheet: UTF-8 with its mark, times in ISO with the Seoul offset, amounts as bare digits. */
export function paymentCsv(rows: readonly PaymentRow[], { common, payments, paymentList }: Texts): string {
  const { columns } = payments.list;
  const head = [
    payments.page.key,
    columns.status,
    columns.time,
    columns.mall,
    paymentList.csv.orderId,
    paymentList.csv.product,
    columns.method,
    paymentList.csv.currency,
    columns.amount,
    columns.canceled,
    columns.origin,
    columns.van,
  ];
  const lines = rows.map((row) => [
    row.id,
    common.status.payment[row.status],
    `${new Date(row.requestedAt.getTime() + 9 * 3_600_000).toISOString().slice(0, 19)}+09:00`,
    row.mallName,
    row.orderId,
    row.orderName,
    [common.method[row.method], row.issuerName, row.cardLast4].filter(Boolean).join(" "),
    row.currency,
    String(row.amountMinor),
    String(row.canceledMinor),
    common.origin[row.origin],
    row.vanCode,
  ]);
  return `\uFEFF${[head, ...lines].map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}
