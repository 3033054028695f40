"use client";

import { formatAmount, formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { type PaymentColumn, paymentColumns } from "#components/payments/payment-columns.ts";
import { Button } from "#components/ui/button.tsx";
import { TotalsCell, TotalsRow } from "#components/ui/table.tsx";
import type { Summary, Totals } from "#server/payments/search-payments.ts";

export type ShownSummary = Readonly<{
  summary: Summary | undefined;
  failed: boolean;
  /** Counts everything, when what is known is only "at least". */
  onExact: () => void;
  counting: boolean;
}>;

const nothing: Totals = { currency: "KRW", count: 0, amountMinor: 0n, canceledMinor: 0n };

const sumOf: Readonly<Partial<Record<PaymentColumn, (line: Totals) => bigint>>> = {
  amount: (line) => line.amountMinor,
  canceled: (line) => -line.canceledMinor,
  balance: (line) => line.amountMinor - line.canceledMinor,
};

/** Columns in a row that share a cell of the totals: each sum stands alone, the words in between run together. */
function cellsOf(columns: readonly PaymentColumn[]): { sum: PaymentColumn | null; span: number }[] {
  const cells: { sum: PaymentColumn | null; span: number }[] = [{ sum: null, span: 1 }];
  for (const column of columns) {
    const before = cells.at(-1);
    if (sumOf[column]) cells.push({ sum: column, span: 1 });
    else if (before && before.sum === null) before.span += 1;
    else cells.push({ sum: null, span: 1 });
  }
  return cells;
}

/** What the whole filter adds up to, one line per currency, under the columns that it sums. */
export function ListTotals({
  columns = paymentColumns,
  ...shown
}: ShownSummary & { columns?: readonly PaymentColumn[] }) {
  const cells = cellsOf(columns);
  const widest = cells.reduce((best, cell) => (cell.sum === null && cell.span > best.span ? cell : best));
  const { summary } = shown;
  if (summary?.count === 0) return null;
  const lines = summary && summary.totals.length > 0 ? summary.totals : [nothing];
  return lines.map((line) => (
    <TotalsRow key={line.currency}>
      {cells.map((cell, index) => (
        <TotalsCell key={cell.sum ?? `words-${index}`} colSpan={cell.span} numeric={cell.sum !== null}>
          {cell === widest ? (
            <TotalsWords {...shown} currency={line.currency} />
          ) : cell.sum && summary ? (
            formatAmount(sumOf[cell.sum]?.(line) ?? 0n)
          ) : null}
        </TotalsCell>
      ))}
    </TotalsRow>
  ));
}

/** The same for a narrow screen, where only the balance has room. */
export function CardTotals(shown: ShownSummary) {
  const language = useLanguage();
  const { summary } = shown;
  if (summary?.count === 0) return null;
  const line = summary?.totals[0] ?? nothing;
  return (
    <div className="sticky bottom-0 z-10 flex min-h-11 flex-wrap items-center justify-between gap-x-2 border-line-strong border-t bg-sunken px-4">
      <span>
        <TotalsWords {...shown} currency={line.currency} />
      </span>
      {summary ? (
        <b className="font-semibold">{formatMoney(line.amountMinor - line.canceledMinor, language)}</b>
      ) : null}
    </div>
  );
}

function TotalsWords({ summary, failed, onExact, counting, currency }: ShownSummary & { currency: string }) {
  const { common, payments, paymentList } = useTexts();
  const words = paymentList.totals;
  if (!summary)
    return <span className="font-normal text-ink-3">{failed ? words.failed : words.counting}</span>;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5">
      <span className="font-semibold">
        {summary.isComplete ? common.totalOf(summary.count) : words.atLeastOf(summary.count)}
      </span>
      <span className="font-normal text-ink-3">
        {payments.list.approvedOnly}
        {summary.isComplete ? null : `, ${words.more}`}
        {currency === "KRW" ? null : ` · ${currency}`}
      </span>
      {summary.isComplete ? null : (
        <Button look="ghost" size="small" busy={counting} onClick={onExact}>
          {words.exact}
        </Button>
      )}
    </span>
  );
}
