"use client";

import type { ReactNode } from "react";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { refusalOf, refusalText } from "#components/layout/refusal-text.ts";
import { ErrorBlock } from "#components/ui/error-block.tsx";

/** The error of a query or mutation where it happened. `title` says what it means for the money, the sentence comes from the refusal. */
export function QueryError({
  error,
  title,
  onRetry,
  retrying,
  compact,
  children,
}: {
  error: unknown;
  title: ReactNode;
  onRetry?: () => void;
  retrying?: boolean;
  compact?: boolean;
  children?: ReactNode;
}) {
  const language = useLanguage();
  const texts = useTexts();
  return (
    <ErrorBlock
      title={title}
      traceId={refusalOf(error)?.traceId || undefined}
      onRetry={onRetry}
      {...(retrying !== undefined && { retrying })}
      {...(compact !== undefined && { compact })}
    >
      {children ?? refusalText(error, language, texts)}
    </ErrorBlock>
  );
}
