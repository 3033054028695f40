"use client";

import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { AmountInput, Field } from "#components/ui/field.tsx";
import { type TypedBecause, typedAmountFromMinor } from "#server/payments/payment-search.values.ts";

/** The amount of a cancel typed once more before it is sent, and why (`typedBecause`). */
export function TypedAmount({
  because,
  amountMinor,
  limitMinor,
  text,
  error,
  onTextChange,
}: {
  because: TypedBecause;
  amountMinor: bigint;
  limitMinor: bigint | null;
  text: string;
  error: string | undefined;
  onTextChange: (text: string) => void;
}) {
  const words = useTexts().payments.cancel;
  const language = useLanguage();
  const hint =
    because === "limit" && limitMinor !== null
      ? words.typedHintLimit(formatMoney(limitMinor, language))
      : words.typedHint(formatMoney(typedAmountFromMinor, language));
  return (
    <Field label={words.typed(formatMoney(amountMinor, language))} hint={hint} error={error}>
      <AmountInput value={text} onValueChange={onTextChange} />
    </Field>
  );
}
