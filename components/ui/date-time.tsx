"use client";

import { useSyncExternalStore } from "react";
import { formatExactTime, formatSeoulTime, formatTableTime } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";
import { Tooltip } from "#components/ui/tooltip.tsx";

const minuteMs = 60_000;
const subscribeMinute = (notify: () => void) => {
  const timer = setInterval(notify, minuteMs);
  return () => clearInterval(timer);
};
const thisMinute = () => Math.floor(Date.now() / minuteMs) * minuteMs;

/**
 * An instant in Seoul; hover and focus show it with its offset and in UTC. `table` (default) leaves out what is
 * plain from today; `full` always says date and time.
 */
export function DateTime({
  at,
  format = "table",
  className,
}: {
  at: Date | null;
  format?: "table" | "full";
  className?: string;
}) {
  const { common } = useTexts();
  const nowMs = useSyncExternalStore(subscribeMinute, thisMinute, thisMinute);
  if (!at) {
    return (
      <span role="img" aria-label={common.notApplicable} className={classes("text-ink-3", className)}>
        –
      </span>
    );
  }
  return (
    <Tooltip content={<span className="tabular-nums">{formatExactTime(at)}</span>}>
      <time
        dateTime={at.toISOString()}
        className={classes("whitespace-nowrap", className)}
        suppressHydrationWarning
      >
        {format === "full" ? formatSeoulTime(at) : formatTableTime(at, new Date(nowMs))}
      </time>
    </Tooltip>
  );
}
