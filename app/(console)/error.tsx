"use client";

import { useTexts } from "#components/i18n/language-provider.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";

/** A page that failed, inside the frame. The digest leads to the server's log line. */
export default function ConsoleError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const { errors } = useTexts().common;
  return (
    <div className="p-6 max-wide:p-4">
      <h1 className="sr-only">{errors.title}</h1>
      <ErrorBlock title={errors.title} traceId={error.digest} onRetry={reset}>
        {errors.moneyUntouched}
      </ErrorBlock>
    </div>
  );
}
