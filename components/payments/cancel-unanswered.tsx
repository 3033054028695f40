import { useTexts } from "#components/i18n/language-provider.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { isTurnedAway } from "#components/payments/is-unanswered.ts";

/**
 * In place of the form when the answer to a cancel, or to the request of one, was lost: it may be done. Nothing can be
 * edited meanwhile, so that what is sent again is the same. `error` is null while it is being sent again.
 */
export function CancelUnanswered({
  kind,
  amount,
  error,
}: {
  kind: "cancel" | "request";
  amount: string;
  error: unknown;
}) {
  const { payments, changeRequests } = useTexts();
  const words = kind === "cancel" ? payments.cancel : changeRequests.cancel;
  return (
    <>
      <QueryError error={error} title={words.noAnswer}>
        <p>{words.noAnswerHint(amount)}</p>
        <p>{words.closeUnanswered}</p>
      </QueryError>
      {isTurnedAway(error) ? <QueryError compact error={error} title={payments.cancel.checkFailed} /> : null}
    </>
  );
}
