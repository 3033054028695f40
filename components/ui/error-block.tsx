"use client";

import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { shortId } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";

/**
 * An error where its cause is. `title` says what happened to the money, `children` what to do; the traceId can be
 * copied. `compact` is for sheets and table bodies.
 */
export function ErrorBlock({
  title,
  traceId,
  onRetry,
  retryLabel,
  retrying = false,
  compact = false,
  className,
  children,
}: {
  title: ReactNode;
  traceId?: string | undefined;
  onRetry?: (() => void) | undefined;
  retryLabel?: string;
  retrying?: boolean;
  compact?: boolean;
  className?: string;
  children?: ReactNode;
}) {
  const { common } = useTexts();
  return (
    <div
      role="alert"
      className={classes(
        "flex gap-2.5 rounded-panel bg-bad-bg text-ink",
        compact ? "px-3 py-2" : "max-w-160 px-4 py-3",
        className,
      )}
    >
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" strokeWidth={1.75} />
      <div className="min-w-0">
        <p className="font-semibold">{title}</p>
        {children ? <div className="text-ink-2">{children}</div> : null}
        {onRetry || traceId ? (
          <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1">
            {onRetry ? (
              <Button size="small" busy={retrying} onClick={onRetry}>
                {retryLabel ?? common.retry}
              </Button>
            ) : null}
            {traceId ? (
              <span className="flex items-center gap-1 text-ink-2 text-meta">
                {common.traceId} <span className="font-mono">{shortId(traceId)}</span>
                <CopyButton value={traceId} what={common.traceId} />
              </span>
            ) : null}
          </div>
        ) : null}
      </div>
    </div>
  );
}
