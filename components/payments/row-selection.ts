import type { PaymentStatus } from "#server/payments/domain/payment-status.ts";
import type { PaymentRow } from "#server/payments/search-payments.ts";

/** The ids between two rows of a list, both included, in the list's order. Empty when one is not in it. */
export function idsBetween(rows: readonly { id: string }[], first: string, last: string): string[] {
  const from = rows.findIndex((row) => row.id === first);
  const to = rows.findIndex((row) => row.id === last);
  if (from < 0 || to < 0) return [];
  return rows.slice(Math.min(from, to), Math.max(from, to) + 1).map((row) => row.id);
}

const approved: readonly PaymentStatus[] = ["DONE", "CANCEL_PENDING", "PARTIAL_CANCELED", "CANCELED"];

export type SelectionSum = Readonly<{
  count: number;
  /** Approved money and what is left of it, per currency, in minor units. */
  money: readonly Readonly<{ currency: string; amountMinor: bigint; balanceMinor: bigint }>[];
  statuses: readonly Readonly<{ status: PaymentStatus; count: number }>[];
}>;

/** What the selected rows are and add up to. Only approved payments count as money; the most frequent status is first. */
export function sumSelection(
  rows: readonly Pick<PaymentRow, "status" | "currency" | "amountMinor" | "canceledMinor">[],
): SelectionSum {
  const money = new Map<string, { currency: string; amountMinor: bigint; balanceMinor: bigint }>();
  const statuses = new Map<PaymentStatus, number>();
  for (const row of rows) {
    statuses.set(row.status, (statuses.get(row.status) ?? 0) + 1);
    if (!approved.includes(row.status)) continue;
    const sum = money.get(row.currency) ?? { currency: row.currency, amountMinor: 0n, balanceMinor: 0n };
    sum.amountMinor += row.amountMinor;
    sum.balanceMinor += row.amountMinor - row.canceledMinor;
    money.set(row.currency, sum);
  }
  return {
    count: rows.length,
    money: [...money.values()],
    statuses: [...statuses].map(([status, count]) => ({ status, count })).sort((a, b) => b.count - a.count),
  };
}
