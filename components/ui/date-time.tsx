"use client";

import { type ReactNode, useSyncExternalStore } from "react";
import { formatClock, formatExactTime, formatSeoulTime, formatTableTime } from "#components/i18n/format.ts";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { classes } from "#components/ui/classes.ts";
import { Tooltip } from "#components/ui/tooltip.tsx";

const minuteMs = 60_000;
const subscribeMinute = (notify: () => void) => {
  const timer = setInterval(notify, minuteMs);
  return () => clearInterval(timer);
};
const thisMinute = () => Math.floor(Date.now() / minuteMs) * minuteMs;

/** An instant as its children say it, on one line; hover shows it with its offset and in UTC. */
export function ExactOnHover({
  at,
  className,
  children,
}: {
  at: Date;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <Tooltip content={<span className="tabular-nums">{formatExactTime(at)}</span>}>
      <time
        dateTime={at.toISOString()}
        className={classes("whitespace-nowrap", className)}
        suppressHydrationWarning
      >
        {children}
      </time>
    </Tooltip>
  );
}

/**
 * An instant in Seoul; hover shows it with its offset and in UTC. `table` (default) leaves out what is
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
    <ExactOnHover at={at} className={className}>
      {format === "full" ? formatSeoulTime(at) : formatTableTime(at, new Date(nowMs))}
    </ExactOnHover>
  );
}

/**
 * A sentence with an instant in it: `say` is given the instant in words, by default its clock in Seoul, and puts it where the language
 * wants it. There it stays on one line, and hover shows the whole of it.
 */
export function TimeInText({
  at,
  say,
  format = formatClock,
}: {
  at: Date;
  say: (instant: string) => string;
  format?: (at: Date) => string;
}) {
  const instant = format(at);
  const text = say(instant);
  const from = text.indexOf(instant);
  // Words without the instant have nothing to hover.
  if (from < 0) return <>{text}</>;
  return (
    <>
      {text.slice(0, from)}
      <ExactOnHover at={at}>{instant}</ExactOnHover>
      {text.slice(from + instant.length)}
    </>
  );
}
