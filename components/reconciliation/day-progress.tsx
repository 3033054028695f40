"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { settledShare } from "#components/reconciliation/day-standing.ts";
import { classes } from "#components/ui/classes.ts";
import type { ReconDayDetail } from "#server/reconciliation/reconciliation-queries.ts";

/** How many of a day's records agree, were explained, wait or are open, as one bar and in words. */
export function DayProgress({ day, open, waiting }: { day: ReconDayDetail; open: number; waiting: number }) {
  const words = useTexts().reconciliation.day;
  const explained = Math.max(0, day.recordCount - day.matchedCount - open - waiting);
  const share = settledShare(day);
  const parts = [
    { id: "matched", count: day.matchedCount, text: words.parts.matched(day.matchedCount), colour: "bg-ok" },
    { id: "explained", count: explained, text: words.parts.explained(explained), colour: "bg-run" },
    { id: "waiting", count: waiting, text: words.parts.waiting(waiting), colour: "bg-warn" },
    { id: "open", count: open, text: words.parts.open(open), colour: "bg-bad" },
  ];
  return (
    <div className="min-w-0">
      <p className="font-semibold">{share === null ? words.notMatched : words.meter(share)}</p>
      <div aria-hidden className="my-2 flex h-2 gap-0.5 overflow-hidden rounded-full bg-line-2">
        {share === null
          ? null
          : parts
              .filter(({ count }) => count > 0)
              .map(({ id, count, colour }) => (
                // Few among many must still be seen.
                <span key={id} className={classes("min-w-1", colour)} style={{ flexGrow: count }} />
              ))}
      </div>
      <ul className="flex flex-wrap gap-x-4 text-ink-2 tabular-nums">
        {parts.map(({ id, count, text, colour }) =>
          id === "waiting" && count === 0 ? null : (
            <li key={id} className={classes("flex items-center gap-1.5", count === 0 && "text-ink-3")}>
              <span
                aria-hidden
                className={classes("size-2 rounded-full", count === 0 ? "bg-line-2" : colour)}
              />
              {text}
            </li>
          ),
        )}
      </ul>
    </div>
  );
}
