"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { refusalOf } from "#components/layout/refusal-text.ts";
import { isUnanswered } from "#components/payments/is-unanswered.ts";

/**
 * Why nothing was cancelled; the sheet stays open with everything typed. A lost answer to a cancel has its own place
 * (`CancelUnanswered`); to an edited request it is said here, as it can simply be sent again.
 */
export function CancelError({ error }: { error: unknown }) {
  const { payments, changeRequests } = useTexts();
  if (!error) return null;
  if (isUnanswered(error))
    return <QueryError compact error={error} title={changeRequests.cancel.editNoAnswer} />;
  // The changed balance is said by its own note, with the numbers.
  return refusalOf(error)?.code === "CANCELABLE_AMOUNT_MISMATCH" ? null : (
    <QueryError compact error={error} title={payments.cancel.refused} />
  );
}
