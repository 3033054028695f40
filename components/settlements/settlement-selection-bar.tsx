"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import type { Decision } from "#components/settlements/settlement-bookings.ts";
import { nextDecisionOf } from "#components/settlements/settlement-steps.ts";
import { Button } from "#components/ui/button.tsx";
import { SelectionBar } from "#components/ui/result-line.tsx";
import { settlementsTogetherMax } from "#server/settlement/settlement.values.ts";
import type { SettlementRow } from "#server/settlement/settlement-queries.ts";

const DecideSettlementsSheet = dynamic(
  () =>
    import("#components/settlements/decide-settlements-sheet.tsx").then(
      (module) => module.DecideSettlementsSheet,
    ),
  { ssr: false },
);

/**
 * What is selected, what it pays, and the step that each part of it may be asked for together. What was asked for is
 * selected no more, while its sheet still says so.
 */
export function SettlementSelectionBar({
  rows,
  today,
  onClear,
}: {
  rows: readonly SettlementRow[];
  today: string;
  onClear: () => void;
}) {
  const { common, settlements } = useTexts();
  const words = settlements.selection;
  const language = useLanguage();
  // What the sheet is about stays, whatever is selected or read again behind it.
  const [asking, setAsking] = useState<Readonly<{
    decision: Decision;
    settlements: readonly SettlementRow[];
  }> | null>(null);
  const payoutMinor = rows.reduce((sum, row) => sum + row.payoutMinor, 0n);
  return (
    <>
      {rows.length === 0 ? null : (
        <SelectionBar
          onClear={onClear}
          actions={(["confirm", "payOut"] as const).map((decision) => {
            const ready = rows.filter((row) => nextDecisionOf(row, today) === decision);
            if (ready.length === 0) return null;
            const isTooMany = ready.length > settlementsTogetherMax;
            return (
              <Button
                key={decision}
                size="small"
                disabled={isTooMany}
                title={isTooMany ? words.tooMany(settlementsTogetherMax) : undefined}
                onClick={() => setAsking({ decision, settlements: ready })}
              >
                {words[decision](ready.length)}
              </Button>
            );
          })}
        >
          <b className="font-semibold">{common.selectedCount(rows.length)}</b>
          <span className="tabular-nums">{words.sum(formatMoney(payoutMinor, language))}</span>
        </SelectionBar>
      )}
      {asking ? (
        <DecideSettlementsSheet {...asking} onRequested={onClear} onClose={() => setAsking(null)} />
      ) : null}
    </>
  );
}
