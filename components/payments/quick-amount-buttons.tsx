"use client";

import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { type QuickAmount, quickAmountsOf } from "#components/payments/quick-amounts.ts";
import { Button } from "#components/ui/button.tsx";

/** Amounts that are often given back; each fills both fields, and what it does is computed before anything is sent. */
export function QuickAmounts({
  left,
  onChoose,
}: {
  left: { balanceMinor: bigint; taxFreeMinor: bigint };
  onChoose: (amount: QuickAmount) => void;
}) {
  const { quick } = useTexts().payments.cancel;
  const language = useLanguage();
  const amounts = quickAmountsOf(left);
  if (amounts.length === 0) return null;
  return (
    <fieldset className="flex min-w-0 flex-wrap gap-1.5">
      <legend className="sr-only">{quick.legend}</legend>
      {amounts.map((amount) => (
        <Button key={String(amount.amountMinor)} size="small" onClick={() => onChoose(amount)}>
          {quick[amount.id](formatMoney(amount.amountMinor, language))}
        </Button>
      ))}
    </fieldset>
  );
}
