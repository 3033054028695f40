"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import type { SettlementSummary } from "#server/settlement/settlement-queries.ts";

/** What the totals of a list of settlements cover, in words. */
export function SettlementTotalsWords({
  summary,
  failed,
}: {
  summary: SettlementSummary | undefined;
  failed: boolean;
}) {
  const { totals } = useTexts().settlements;
  if (!summary)
    return <span className="font-normal text-ink-3">{failed ? totals.failed : totals.counting}</span>;
  return <span>{summary.isComplete ? totals.all(summary.count) : totals.first(summary.count)}</span>;
}
