"use client";

import Link from "next/link";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { SettlementBadge } from "#components/settlements/settlement-badge.tsx";
import type { SettlementListProps } from "#components/settlements/settlement-table.tsx";
import { SettlementTotalsWords } from "#components/settlements/settlement-totals-words.tsx";
import { classes } from "#components/ui/classes.ts";
import { RowCheckbox } from "#components/ui/table.tsx";

/** The list at 390 px: three lines per settlement, its payout the loudest. */
export function SettlementCards({
  rows,
  selecting,
  fetching,
  summary,
  summaryFailed,
  more,
}: SettlementListProps) {
  const { settlements, common } = useTexts();
  const language = useLanguage();
  return (
    <>
      <ul
        aria-label={settlements.caption}
        className={classes("border-line border-t tabular-nums", fetching && "opacity-60")}
      >
        {rows.map((row) => (
          <li
            key={row.id}
            className={classes(
              "relative flex items-start border-line border-b pl-1.5",
              selecting?.selected.has(row.id) && "bg-selected",
            )}
          >
            {selecting?.selectable.has(row.id) ? (
              <span className="relative z-[1]">
                <RowCheckbox
                  label={settlements.selection.select(row.businessDate, row.mallName)}
                  checked={selecting.selected.has(row.id)}
                  onChange={() => selecting.onToggle(row.id)}
                />
              </span>
            ) : (
              <span className={classes("shrink-0", selecting ? "w-10" : "w-1.5")} />
            )}
            <div className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 py-2.5 pr-4 pl-1">
              <Link
                href={`/settlements/${row.id}`}
                aria-label={settlements.open(row.businessDate, row.mallName)}
                className="truncate font-semibold text-ink no-underline after:absolute after:inset-0"
              >
                {row.mallName}
              </Link>
              <b className="text-right font-semibold">{formatMoney(row.payoutMinor, language)}</b>
              <span>
                <span className="whitespace-nowrap">{row.businessDate}</span> · {common.method[row.method]}
              </span>
              <span className="text-right">
                <SettlementBadge settlement={row} />
              </span>
              <span className="text-ink-3 text-meta">
                {settlements.counts(row.approvalCount, row.cancelCount)}
              </span>
              <span className="whitespace-nowrap text-right text-ink-3 text-meta">
                {row.payoutDate === null ? null : settlements.payoutOn(row.payoutDate)}
              </span>
            </div>
          </li>
        ))}
      </ul>
      {more ? <div className="flex justify-center py-2">{more}</div> : null}
      <div className="sticky bottom-0 z-10 flex min-h-11 items-center justify-between gap-x-2 border-line-strong border-t bg-sunken px-4">
        <SettlementTotalsWords summary={summary} failed={summaryFailed} />
        {summary ? <b className="font-semibold">{formatMoney(summary.payoutMinor, language)}</b> : null}
      </div>
    </>
  );
}
