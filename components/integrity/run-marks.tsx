"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";
import type { HistoryMark } from "#server/integrity/integrity-queries.ts";

/** The last runs as small marks, newest last: low when it held, tall when it did not, hollow when a run had no result. */
export function RunMarks({ history }: { history: readonly HistoryMark[] }) {
  const { integrity } = useTexts();
  const broken = history.filter(({ violations }) => (violations ?? 0) > 0).length;
  const failed = history.filter(({ violations }) => violations === null).length;
  return (
    <span
      role="img"
      aria-label={integrity.rules.history(history.length, broken, failed)}
      className="inline-flex h-4 w-[180px] items-end gap-px align-middle max-wide:justify-end"
    >
      {history.map(({ runId, violations }) => (
        <span
          key={String(runId)}
          className={classes(
            "w-0.5 shrink-0",
            violations === null ? "h-2 border border-line-2" : violations > 0 ? "h-4 bg-bad" : "h-1.5 bg-ok",
          )}
        />
      ))}
    </span>
  );
}
