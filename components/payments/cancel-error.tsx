"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { refusalOf } from "#components/layout/refusal-text.ts";

/** Why nothing was cancelled, or that the answer did not come; the sheet stays open with everything typed. */
export function CancelError({ error }: { error: unknown }) {
  const words = useTexts().payments.cancel;
  if (!error) return null;
  const code = refusalOf(error)?.code;
  if (code === undefined || code === "INTERNAL_ERROR") {
    return (
      <QueryError compact error={error} title={words.noAnswer}>
        {words.noAnswerHint}
      </QueryError>
    );
  }
  // The changed balance is said by its own note, with the numbers.
  return code === "CANCELABLE_AMOUNT_MISMATCH" ? null : (
    <QueryError compact error={error} title={words.refused} />
  );
}
