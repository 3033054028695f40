"use client";

import { formatDifference, formatNumber } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";
import { Money } from "#components/ui/money.tsx";
import type { ReconDayDetail } from "#server/reconciliation/reconciliation-queries.ts";

/** Our books, the VAN's file and the deposits under one another, and what was paid in after fees. */
export function DayTotals({ day }: { day: ReconDayDetail }) {
  const words = useTexts().reconciliation.day;
  const columns = words.totalsColumns;
  const isMatched = day.matchedAt !== null;
  const grossMinor = day.depositMinor + day.feeMinor;
  const sides = [
    { name: words.sides.ours, isThere: isMatched, count: day.oursCount, amountMinor: day.oursMinor },
    {
      name: words.sides.van,
      isThere: isMatched && day.vanFileAt !== null,
      count: day.vanCount,
      amountMinor: day.vanMinor,
    },
    {
      name: words.sides.deposit,
      isThere: isMatched && day.depositFileAt !== null,
      count: day.depositCount,
      amountMinor: grossMinor,
    },
  ];
  const isPaid = sides[2]?.isThere ?? false;
  return (
    <table aria-label={words.totals} className="w-full border-line border-t tabular-nums">
      <thead className="text-ink-3 text-meta">
        <tr className="border-line border-b">
          {[columns.side, columns.count, columns.amount, columns.difference].map((name, index) => (
            <th
              key={name}
              scope="col"
              className={classes("h-8 font-medium", index === 0 ? "text-left" : "pl-3 text-right")}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sides.map(({ name, isThere, count, amountMinor }, index) => {
          const differenceMinor = amountMinor - day.oursMinor;
          return (
            <tr key={name} className="border-line border-b">
              <th scope="row" className="h-9 text-left font-normal">
                {name}
              </th>
              <td className="text-right">{isThere ? formatNumber(count) : <Money amountMinor={null} />}</td>
              <td className="text-right font-semibold">
                {isThere ? <Money bare amountMinor={amountMinor} /> : <Money amountMinor={null} />}
              </td>
              <td className={classes("text-right", isThere && differenceMinor !== 0n && "text-bad")}>
                {index === 0 || !isThere ? (
                  <Money amountMinor={null} />
                ) : differenceMinor > 0n ? (
                  formatDifference(differenceMinor)
                ) : (
                  <Money bare amountMinor={differenceMinor} />
                )}
              </td>
            </tr>
          );
        })}
        {(
          [
            [words.fees, -day.feeMinor],
            [words.paid, day.depositMinor],
          ] as const
        ).map(([name, amountMinor]) => (
          <tr key={name} className="border-line border-b text-ink-2">
            <th scope="row" colSpan={2} className="h-8 text-left font-normal">
              {name}
            </th>
            <td className="text-right">
              {isPaid ? <Money bare amountMinor={amountMinor} /> : <Money amountMinor={null} />}
            </td>
            <td />
          </tr>
        ))}
      </tbody>
    </table>
  );
}
